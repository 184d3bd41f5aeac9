"""When something falls due on a ticket is, after every command there is, what its history gives when computed anew."""

from __future__ import annotations

import dataclasses
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from msgspec.structs import replace
from sqlalchemy import Connection, select

from supportdesk.clock import FixedClock
from supportdesk.desk import SYSTEM, Desk
from supportdesk.desk_api import Applied
from supportdesk.store import tables
from supportdesk.store.ticket_projection import read_state
from supportdesk.store.watch_projection import load_watch_due
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.command import Command, TicketCommand
from supportdesk.tickets.decide import PROCESS_MODULES
from supportdesk.tickets.documents import Address, Release
from supportdesk.tickets.events.sending import SEND_OUTCOMES
from supportdesk.tickets.process.importing import ImportRequest
from supportdesk.tickets.process.sending import RecordAttempt
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import ChangeDay, InstallPolicy, SavePerson, SaveRelease
from tests.store.desks import database_of, furnished
from tests.tickets.scenario import MONDAY_NINE, RECORDS, claritum
from tests.tickets.test_process_machine import SEVERITIES, TEXT, WORDS

STAFF = sorted(RECORDS.staff)
MOMENTS = st.integers(-3, 2).map(lambda hours: MONDAY_NINE + timedelta(hours=hours))
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("text", "told", "note", "reason", "record", "cut"), TEXT),
    **WORDS,
    "version": st.sampled_from(["1", "2", "9"]),
    "at": MOMENTS,
    "person": st.sampled_from(STAFF),
    "stage": st.sampled_from(["triage", "resolution", "resolved", "closed"]),
    "waiting": st.sampled_from(["", "customer", "third party"]),
    "ended": st.just(""),
}
"""Values for the fields of the commands whose choices do not give them."""


def list_commands() -> list[type[TicketCommand]]:
    """Return every command on a ticket that the program has, found where their rules are defined."""

    def walk(kind: type) -> Iterator[type]:
        each: type
        for each in kind.__subclasses__():
            yield each
            yield from walk(each)

    names = {(kind.__module__, kind.__name__) for kind in walk(TicketCommand)}
    # A dataclass with slots leaves the class behind from which it was made, so that both are found.
    return [
        getattr(sys.modules[module], name)
        for module, name in sorted(names)
        if module.startswith("supportdesk.")
    ]


COMMANDS = list_commands()


def fields_of(command: type[TicketCommand]) -> dict[str, st.SearchStrategy[Any]]:
    """Return a strategy for each field but the reference. Raises KeyError for one that has none yet."""
    choices = {each.name: each.choices for each in command.arguments() if each.choices}
    names = [each.name for each in dataclasses.fields(command) if each.name != "ref"]
    return {name: st.sampled_from(choices[name]) if name in choices else FIELDS[name] for name in names}


ANY_COMMAND = st.sampled_from(COMMANDS).flatmap(
    lambda command: st.fixed_dictionaries(fields_of(command)).map(lambda fields: (command, fields))
)


class WatchDueMachine(RuleBasedStateMachine):
    """Gives every command to a desk with two versions of the policy, of which the first has no ladder for all."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FixedClock(MONDAY_NINE)
        self.desk = Desk.open(furnished(Path(self.folder.name)), self.clock)
        self.desk.date_is_confirmed = True
        policy = claritum()
        severities = tuple(
            each if each.key in ("critical", "high") else replace(each, ladder=())
            for each in policy.severities
        )
        later = MONDAY_NINE + timedelta(days=400)
        self.give(InstallPolicy(replace(policy, version="2", effective=later, severities=severities)), "sue")
        dora = replace(RECORDS.staff["dora"], addresses=(Address("sms", "+44 7700 900123"),))
        self.give(SavePerson(dora), SYSTEM.key)
        self.refs: list[str] = []

    def give(self, command: Command, by: str) -> bool:
        """Give a command, and compare every ticket; return whether it was carried out."""
        outcome = self.desk.do(command, by=by)
        if isinstance(outcome, Applied) and isinstance(command, Log | ImportRequest) and not outcome.repeated:
            assert outcome.ref is not None
            self.refs.append(outcome.ref)
        database_of(self.desk).read(lambda connection: self.compare(connection, command))
        return isinstance(outcome, Applied)

    def compare(self, connection: Connection, command: Command) -> None:
        columns = tables.tickets.c
        query = select(columns.ref, columns.state, columns.watch_due)
        for ref, state, due in connection.execute(query):
            expected = load_watch_due(connection, read_state(state), self.desk.policies)
            assert due == expected, f"{ref} after {command}"

    def ref(self, number: int) -> str:
        return self.refs[number % len(self.refs)]

    @rule(severity=st.sampled_from(SEVERITIES), minutes=st.integers(-300, 0))
    def log(self, severity: str, minutes: int) -> None:
        channel = {"critical": "hotline", "low": "portal"}.get(severity, "phone")
        received = self.clock.now() + timedelta(minutes=minutes)
        self.give(Log(severity, channel, "acme", "jo", "Export", received_at=received), "ann")

    @rule(severity=st.sampled_from(SEVERITIES), number=st.integers(0, 3), at=MOMENTS)
    def import_request(self, severity: str, number: int, at: Any) -> None:
        request = ImportRequest(
            f"other:{number}", at, at, severity, "phone", "acme", "jo", "user-support", "Export"
        )
        self.give(request, "sue")

    @precondition(lambda self: self.refs)
    @rule(number=st.integers(0, 9), command=ANY_COMMAND, by=st.sampled_from([*STAFF, "sue", "sue"]))
    def act(self, number: int, command: tuple[type[TicketCommand], dict[str, Any]], by: str) -> None:
        kind, fields = command
        others = {name: self.ref(number + 1) for name in fields.keys() & {"of", "other"}}
        actor = WATCHER.key if WATCHER.key in kind.open_to_services else by
        self.give(kind(ref=self.ref(number), **{**fields, **others}), actor)

    @rule(outcome=st.sampled_from(sorted(SEND_OUTCOMES)))
    def send(self, outcome: str) -> None:
        for shipment in self.desk.claim_shipments("here", {"sms": (2, 2)}):
            self.give(RecordAttempt(shipment.first.id, outcome), WATCHER.key)

    @rule(days=st.integers(-1, 10), closed=st.booleans())
    def declare_day(self, days: int, closed: bool) -> None:
        day: date = (self.clock.now() + timedelta(days=days)).date()
        self.give(ChangeDay("office", day, () if closed else (("06:00", "22:00"),), "the weather"), "sue")

    @rule(days=st.integers(0, 20), shipped=st.booleans())
    def move_release(self, days: int, shipped: bool) -> None:
        day = (self.clock.now() + timedelta(days=days)).date()
        self.give(SaveRelease(Release("2026.12", day, self.clock.now() if shipped else None)), "sue")

    @rule(username=st.sampled_from(STAFF), active=st.booleans())
    def leave_or_return(self, username: str, active: bool) -> None:
        self.give(SavePerson(replace(RECORDS.staff[username], active=active)), SYSTEM.key)

    @rule()
    def undo_record(self) -> None:
        change = self.desk.last_record_change("sue")
        if change is not None:
            self.give(UndoRecord(change.seq), "sue")

    @rule(minutes=st.one_of(st.integers(-90, 240), st.integers(0, 60 * 24 * 10)))
    def let_time_pass(self, minutes: int) -> None:
        self.clock.set(self.clock.now() + timedelta(minutes=minutes))

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.close()
            self.folder.cleanup()


assert settings.default is not None
WatchDueMachine.TestCase.settings = settings(
    max_examples=settings.default.max_examples // 8, stateful_step_count=20, deadline=None
)
"""A long profile tries more."""
test_what_falls_due_is_what_the_history_gives_whatever_is_done = WatchDueMachine.TestCase


def test_every_command_on_a_ticket_is_given_with_values_for_all_its_fields() -> None:
    assert {module.__name__ for module in PROCESS_MODULES} == {each.__module__ for each in COMMANDS}
    for command in COMMANDS:
        assert fields_of(command) or dataclasses.fields(command)[0].name == "ref"
