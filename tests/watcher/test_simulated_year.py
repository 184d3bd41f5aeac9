"""A simulated year at a real desk: whatever is done or killed, each step is recorded once and in time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from msgspec import structs

from supportdesk.clock import FixedClock
from supportdesk.desk import SYSTEM, Desk
from supportdesk.desk_api import Applied
from supportdesk.sla.clocks import epoch, instant
from supportdesk.store import ledger, unit_of_work
from supportdesk.store.ledger import StoredEvent
from supportdesk.store.watch_projection import to_history
from supportdesk.tickets.command import Command, TicketCommand
from supportdesk.tickets.documents import Person, Release, Rotation
from supportdesk.tickets.escalation.explanation import find_progress
from supportdesk.tickets.escalation.steps import StepOutcome
from supportdesk.tickets.escalation.tick import LATE_AFTER
from supportdesk.tickets.events import Closed, StepTaken
from supportdesk.tickets.evolve import build_ticket
from supportdesk.tickets.process.triage import Acknowledge, Log
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.records.commands import ChangeDay, SavePerson, SaveRelease, SaveRotation
from supportdesk.tickets.ticket import Stage
from supportdesk.watcher.loop import Watcher
from supportdesk.watcher.tasks import make_tasks
from tests.seeds import examples
from tests.store.desks import database_of, furnished, verified
from tests.tickets.escalation.test_escalation_machine import COMMANDS, HELD, SEVERITIES
from tests.tickets.escalation.watched import STAFF, TICK
from tests.tickets.scenario import MONDAY_NINE

USERNAMES = sorted(STAFF)
MINUTES_OF_A_YEAR = 60 * 24 * 365


class KilledError(BaseException):
    """The process was killed at this point."""


class YearMachine(RuleBasedStateMachine):
    """Gives random commands at random times of a year, while two watchers look, sleep or are killed."""

    @initialize(minutes=st.integers(0, MINUTES_OF_A_YEAR))
    def begin(self, minutes: int) -> None:
        """Begin at any time of a year, with both changes of the clocks and all bank holidays."""
        self.folder = tempfile.TemporaryDirectory()
        self.address = furnished(Path(self.folder.name))
        self.clock = FixedClock(MONDAY_NINE + timedelta(minutes=minutes))
        self.desk = self.open_desk()
        for person in STAFF.values():
            self.do(SavePerson(person), SYSTEM.key)
        soon = Release("2026.12", (self.clock.now() + timedelta(days=9)).date())
        self.do(SaveRelease(soon), SYSTEM.key)
        self.watchers = [self.make_watcher() for _ in range(2)]
        self.refs: list[str] = []
        self.seen = self.desk.queue().seq
        self.excused_until = epoch(self.clock.now())
        self.keys: set[tuple[str, str, int, str]] = set()

    def open_desk(self) -> Desk:
        desk = Desk.open(self.address, self.clock)
        desk.date_is_confirmed = True
        return desk

    def make_watcher(self) -> Watcher:
        return Watcher(self.open_desk, None, make_tasks, say=lambda line: None)

    def do(self, command: Command, by: str) -> Applied | None:
        outcome = self.desk.do(command, by=by)
        return outcome if isinstance(outcome, Applied) else None

    @rule(severity=st.sampled_from(SEVERITIES), by=st.sampled_from(USERNAMES))
    def log(self, severity: str, by: str) -> None:
        channel = {"critical": "hotline", "low": "portal"}.get(severity, "phone")
        applied = self.do(Log(severity, channel, "acme", "jo", "Export stops half-way"), by)
        if applied is not None and applied.ref is not None:
            self.refs.append(applied.ref)

    @precondition(lambda self: self.refs)
    @rule(number=st.integers(0, 50), command=st.sampled_from(COMMANDS), by=st.sampled_from(USERNAMES))
    def act(self, number: int, command: TicketCommand, by: str) -> None:
        self.do(replace(command, ref=self.refs[number % len(self.refs)]), by)

    @precondition(lambda self: self.refs)
    @rule(number=st.integers(0, 50))
    def acknowledge(self, number: int) -> None:
        ref = self.refs[number % len(self.refs)]
        people = [page.person for page in self.desk.ticket(ref).ticket.open_pages if page.person is not None]
        if people:
            self.do(Acknowledge(ref), people[-1])

    @precondition(lambda self: self.refs)
    @rule(number=st.integers(0, 50), by=st.sampled_from(USERNAMES))
    def undo(self, number: int, by: str) -> None:
        self.do(Undo(self.refs[number % len(self.refs)]), by)

    @rule(
        people=st.permutations(USERNAMES), minutes=st.integers(-600, 600), by=st.sampled_from(["sue", "hal"])
    )
    def change_rota(self, people: list[str], minutes: int, by: str) -> None:
        starts = self.clock.now() + timedelta(minutes=minutes)
        self.do(SaveRotation(Rotation(tuple(people[:2]), starts, "Europe/London")), by)

    @rule(username=st.sampled_from(USERNAMES), active=st.booleans())
    def leave_or_return(self, username: str, active: bool) -> None:
        person: Person = structs.replace(STAFF[username], active=active)
        self.do(SavePerson(person), SYSTEM.key)

    @rule(days=st.integers(0, 20), closed=st.booleans())
    def declare_day(self, days: int, closed: bool) -> None:
        """A day that is declared open can make something due that was not."""
        day: date = (self.clock.now() + timedelta(days=days)).date()
        if self.do(ChangeDay("office", day, () if closed else (("06:00", "22:00"),), "the weather"), "sue"):
            self.excused_until = epoch(self.clock.now())

    @rule(seconds=st.integers(1, 1800))
    def wait_a_little(self, seconds: int) -> None:
        self.advance(seconds)

    @rule(seconds=st.integers(1, 5 * 86_400))
    def wait(self, seconds: int) -> None:
        self.advance(seconds)

    @rule(seconds=st.integers(1, 86_400))
    def sleep(self, seconds: int) -> None:
        """No watcher is alive for a while; then they look again, until everything late is recorded."""
        self.pass_time(self.clock.now() + timedelta(seconds=seconds))
        self.excused_until = epoch(self.clock.now())
        while self.desk.due_refs(self.clock.now()):
            assert self.tick()
            self.pass_time(self.clock.now() + timedelta(seconds=TICK))
            self.excused_until = epoch(self.clock.now())

    @rule(place=st.integers(0, 1))
    def kill(self, place: int) -> None:
        """Kill a watcher between two ticks; another one is started in its place."""
        self.watchers[place].close()
        self.watchers[place] = self.make_watcher()

    @rule(place=st.integers(0, 1))
    def kill_while_writing(self, place: int) -> None:
        """Kill a watcher in its transaction, after it wrote and before it committed, when next something is due."""
        due = self.desk.next_watch_due()
        if due is None:
            return
        self.advance(max(0, epoch(due) - self.now - TICK))
        due = self.desk.next_watch_due()
        if due is None or epoch(due) > self.now + 86_400:
            return
        self.pass_time(max(due, self.clock.now()))
        with patch.object(unit_of_work, "save_steps", side_effect=KilledError), suppress(KilledError):
            self.watchers[place].tick()
        self.kill(place)
        self.catch_up()

    @property
    def now(self) -> int:
        return epoch(self.clock.now())

    def pass_time(self, until: datetime) -> None:
        self.clock.set(until)

    def advance(self, seconds: int) -> None:
        """Let time pass with both watchers, which look on a grid of ticks."""
        end = self.now + seconds
        while (due := self.desk.next_watch_due()) is not None:
            at = max(epoch(due), self.now)
            at += -at % TICK
            if at > end:
                break
            self.pass_time(instant(at))
            self.catch_up()
        self.pass_time(instant(max(end, self.now)))

    def catch_up(self) -> None:
        """Look, and look again at the next ticks while late steps follow one another."""
        self.tick()
        while self.desk.due_refs(self.clock.now()):
            self.pass_time(self.clock.now() + timedelta(seconds=TICK))
            assert self.tick(), "what is due is recorded at the next tick at the latest"

    def tick(self) -> list[StoredEvent]:
        """Let both watchers look at the same instant; check what they recorded, and return it."""
        for watcher in self.watchers:
            watcher.tick()
            assert watcher.heartbeat.state == "watching"
        found = [each for each in self.new_events() if isinstance(each.event, StepTaken)]
        late: set[str] = set()
        for each in found:
            self.check(each)
            assert isinstance(each.event, StepTaken)
            if each.event.late and each.event.outcome == StepOutcome.FIRED:
                assert each.ref not in late, "late steps come one at a tick"
                late.add(str(each.ref))
        return found

    def new_events(self) -> list[StoredEvent]:
        def read(connection: object) -> list[StoredEvent]:
            return list(ledger.read_events(connection, after=self.seen))  # type: ignore[arg-type]

        events = database_of(self.desk).read(read)
        self.seen = events[-1].seq if events else self.seen
        return events

    def check(self, entry: StoredEvent) -> None:
        """Check a recorded step against the ticket's history before it."""
        event, ref, at = entry.event, str(entry.ref), epoch(entry.at)
        assert isinstance(event, StepTaken)
        key = (ref, event.clock, event.cycle, event.step)
        assert key not in self.keys, f"{key} was recorded twice"
        self.keys.add(key)
        assert at >= epoch(event.due)
        assert at - epoch(event.due) < TICK or epoch(event.due) <= self.excused_until, "it came too late"
        assert event.late == (at - epoch(event.due) > LATE_AFTER)
        before = list(to_history(self.history_before(entry)))
        known = [(each, when, actor) for each, when, actor in before if each is not None]
        ticket = build_ticket(ref, known)
        assert ticket.stage is not Stage.CLOSED
        assert not isinstance(known[-1][0], Closed)
        valid = find_progress(self.desk.policies, ticket, known).valid_at(entry.at)
        assert valid is None or event.clock not in HELD, f"{key} was recorded while {valid} was valid"

    def history_before(self, entry: StoredEvent) -> Iterator[StoredEvent]:
        """The events of the ticket before the command of an event."""
        events = database_of(self.desk).read(
            lambda connection: list(ledger.read_events(connection, ref=entry.ref))
        )
        return (each for each in events if each.seq < entry.seq and each.command_id != entry.command_id)

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.catch_up()
            assert not self.desk.due_refs(self.clock.now())
            found = verified(self.desk)
            assert found.is_intact, found
            for watcher in self.watchers:
                watcher.close()
            self.desk.close()
            self.folder.cleanup()


class LongYearMachine(YearMachine):
    """The same with more and longer examples."""


YearMachine.TestCase.settings = settings(max_examples=examples(12), stateful_step_count=15, deadline=None)
LongYearMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
test_each_step_is_recorded_once_and_in_time_whatever_happens = YearMachine.TestCase
test_each_step_is_recorded_once_and_in_time_in_many_long_examples = pytest.mark.long(
    pytest.mark.timeout(2 * 3_600)(LongYearMachine.TestCase)
)
