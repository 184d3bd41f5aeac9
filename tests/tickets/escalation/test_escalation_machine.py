"""Whatever is done to a ticket, in whatever order and whenever: what a watcher records of its escalation."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from supportdesk.sla.clocks import epoch, instant
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.documents import Release
from supportdesk.tickets.escalation.steps import StepOutcome, StepRecord
from supportdesk.tickets.escalation.tick import LATE_AFTER, decide_tick
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack, HandOver
from supportdesk.tickets.process.closure import Close, Reopen
from supportdesk.tickets.process.conversation import Note, Reply
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.resolution import PromiseFix, ProposeWorkaround, Resolve, Resume, Wait
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.ticket import Stage
from tests.seeds import examples
from tests.tickets.escalation.watched import FULL, REF, TICK, Watched, watched

SEVERITIES = ("critical", "high", "medium", "low", "change")
HELD = {"acknowledgement", "response", "resolution"}
"""The clocks whose steps wait for the end of an acknowledgement."""

COMMANDS: list[TicketCommand] = [
    Acknowledge(REF),
    Acknowledge(REF, paged="priya"),
    Acknowledge(REF, reason="on my way"),
    Assign(REF, owner="ann", team="user-support"),
    Claim(REF),
    HandBack(REF, "I am off sick"),
    HandOver(REF, "sam", "over to you"),
    Note(REF, "nothing new"),
    Reply(REF, "We are on it."),
    Wait(REF, "customer", "their version"),
    Resume(REF),
    Escalate(REF, "help"),
    Escalate(REF, "help", way="hierarchical"),
    PromiseFix(REF, "2026.12"),
    ProposeWorkaround(REF, "Use the list"),
    Resolve(REF, "Restarted", how="restored"),
    Close(REF),
    Close(REF, "withdrawn", "no longer needed"),
    Reopen(REF, "again"),
    Undo(REF),
    *(
        ChangeSeverity(REF, severity, "because of the invoice run", because=because)
        for severity in SEVERITIES
        for because in ("impact changed", "wrong at triage")
    ),
]


class EscalationMachine(RuleBasedStateMachine):
    """Gives random commands at random times while a watcher looks every few seconds, or sleeps for a while."""

    desk: Watched

    @initialize(severity=st.sampled_from(SEVERITIES), minutes=st.integers(0, 60 * 24 * 365))
    def begin(self, severity: str, minutes: int) -> None:
        """Begin at any time of a year, with both changes of the clocks, all bank holidays, and a rota from November."""
        self.desk = watched(severity, datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=minutes))
        soon = Release("2026.12", (self.desk.scenario.at + timedelta(days=9)).date())
        self.desk.scenario.with_records(releases={soon.key: soon})
        self.slept_until: datetime | None = None

    @rule(command=st.sampled_from(COMMANDS), by=st.sampled_from(sorted(FULL.staff)))
    def act(self, command: TicketCommand, by: str) -> None:
        self.desk.attempt(command, by)

    @rule()
    def acknowledge(self) -> None:
        people = [page.person for page in self.desk.scenario.now.open_pages if page.person is not None]
        if people:
            self.desk.attempt(Acknowledge(REF), people[-1])

    @rule()
    def undo(self) -> None:
        last = self.desk.scenario.last
        if last is not None and last.actor in FULL.staff:
            self.desk.attempt(Undo(REF), last.actor)

    @rule(seconds=st.integers(1, 1800))
    def wait_a_little(self, seconds: int) -> None:
        self._advance(seconds)

    @rule(seconds=st.integers(1, 2 * 86_400))
    def wait(self, seconds: int) -> None:
        self._advance(seconds)

    @rule(seconds=st.integers(1, 86_400))
    def sleep(self, seconds: int) -> None:
        """The watcher is down, and looks again afterwards, until everything late is recorded."""
        self.desk.down = True
        self.desk.wait(seconds=seconds)
        self.desk.down = False
        self.slept_until = self.desk.scenario.at
        while self.desk.next_due is not None and self.desk.next_due <= self.desk.now:
            made = self._tick()
            assert made
            assert sum(each.late and each.outcome is StepOutcome.FIRED for each in made) <= 1
            self.desk.scenario.at += timedelta(seconds=TICK)
        self.slept_until = self.desk.scenario.at

    def _tick(self) -> list[StepRecord]:
        before = self.desk.progress
        stage = self.desk.scenario.now.stage
        made = self.desk.tick()
        self._check(made, before.valid_at(instant(self.desk.now)) is not None, stage)
        return made

    def _advance(self, seconds: int) -> None:
        """Let time pass with a watcher, checking what it records at every tick."""
        end = self.desk.scenario.at + timedelta(seconds=seconds)
        while (due := self.desk.next_due) is not None:
            at = max(due, self.desk.now)
            at += -at % TICK
            if at > epoch(end):
                break
            self.desk.scenario.at = instant(at)
            for record in self._tick():
                assert not record.late, record
                assert record.at - record.due < TICK or record.due <= epoch(self._began()), record
        self.desk.scenario.at = end

    def _began(self) -> datetime:
        return self.slept_until or self.desk.scenario.now.logged_at

    def _check(self, made: list[StepRecord], acknowledged: bool, stage: Stage) -> None:
        assert stage is not Stage.CLOSED or not made
        for record in made:
            assert not (acknowledged and record.key.clock in HELD), record
            assert record.at >= record.due
            assert record.late == (record.at - record.due > LATE_AFTER)
            assert bool(record.people) or record.outcome is StepOutcome.SKIPPED
            assert bool(record.reason) == (record.outcome is not StepOutcome.FIRED)

    @invariant()
    def every_step_is_recorded_once(self) -> None:
        keys = [record.key for record in self.desk.records]
        assert len(keys) == len({*keys})
        assert not {step.key for step in self.desk.steps} & {*keys}

    @invariant()
    def the_next_step_is_the_first_of_the_list_and_nothing_is_recorded_before(self) -> None:
        steps, due = self.desk.steps, self.desk.next_due
        assert due == (steps[0].due if steps else None)
        assert [step.due for step in steps] == sorted(step.due for step in steps)
        before = self.desk.now if due is None else due - 1
        assert decide_tick(self.desk.case, self.desk.records, self.desk.resolve, before) == []

    @invariant()
    def what_need_not_wake_anybody_waits_for_the_opening(self) -> None:
        calendars = {step.rung.calendar: step.due for step in self.desk.steps if step.rung.calendar}
        policy = self.desk.scenario.policy
        assert all(policy.calendar(key).open_at(due) for key, due in calendars.items())

    @precondition(lambda self: self.desk.progress.valid_at(self.desk.scenario.at) is not None)
    @invariant()
    def nothing_is_due_before_a_valid_acknowledgement_ends(self) -> None:
        valid = self.desk.progress.valid_at(self.desk.scenario.at)
        assert valid is not None
        assert all(step.due >= epoch(valid.end) for step in self.desk.steps if step.key.clock in HELD)

    @invariant()
    def nothing_is_due_after_close(self) -> None:
        if self.desk.scenario.now.stage is Stage.CLOSED:
            assert self.desk.next_due is None


EscalationMachine.TestCase.settings = settings(
    max_examples=examples(60), stateful_step_count=30, deadline=None
)
test_each_due_step_is_recorded_exactly_once_and_none_while_acknowledged = EscalationMachine.TestCase
