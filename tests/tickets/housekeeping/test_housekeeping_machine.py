"""Whatever happens to a ticket, and whenever a watcher is away: each act is done once, in time, and never wrongly."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from supportdesk.sla.clocks import epoch
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.events import Called, Closed, Replied, Resolved, Undone
from supportdesk.tickets.housekeeping.acts import CLOSURE, HOLD_ENDS, find_next_act_due
from supportdesk.tickets.process.assignment import Claim, HandBack
from supportdesk.tickets.process.closure import Close, Reopen
from supportdesk.tickets.process.conversation import RecordCall, Reply
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.process.resolution import Resolve, Resume, Wait
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.undo import Undo
from tests.seeds import examples
from tests.tickets.housekeeping.kept import REF, TICK, Kept, kept
from tests.tickets.scenario import MONDAY_NINE

COMMANDS: tuple[TicketCommand, ...] = (
    Claim(REF),
    HandBack(REF, "I am away"),
    Reply(REF, "Which version is it?"),
    RecordCall(REF, "Any news?"),
    RecordCall(REF, "Any news?", "Not yet."),
    AddCustomerMessage(REF, "Any news?"),
    Wait(REF),
    Wait(REF, "third party"),
    Resume(REF),
    Resolve(REF, "Restarted the export."),
    Close(REF),
    Reopen(REF, "It is back."),
    ChangeSeverity(REF, "medium", "one user", "impact changed"),
    ChangeSeverity(REF, "high", "all users", "impact changed"),
    Undo(REF),
)
SOME_TICKS = 4 * TICK
"""In seconds: late steps of the escalation go before a late notice, one at each tick."""


class HousekeepingMachine(RuleBasedStateMachine):
    """One ticket from a Monday in November, over Christmas and the change to summer time."""

    ticket: Kept

    @initialize(severity=st.sampled_from(["high", "medium", "critical"]))
    def begin(self, severity: str) -> None:
        self.ticket = kept(severity)
        self.watched_since = self.ticket.at

    @rule(command=st.sampled_from(COMMANDS), by=st.sampled_from(["ann", "priya", "sue"]))
    def act(self, command: TicketCommand, by: str) -> None:
        self.ticket.scenario.attempt(command, by)

    @rule(days=st.integers(0, 30), on=st.sampled_from(["customer", "third party"]))
    def hold_until(self, days: int, on: str) -> None:
        day: date = self.ticket.at.date() + timedelta(days=days)
        self.ticket.scenario.attempt(Wait(REF, on, until=day))

    @rule(hours=st.one_of(st.floats(0, 3), st.floats(0, 300)))
    def pass_time(self, hours: float) -> None:
        self.ticket.later(seconds=int(hours * 3600))

    @rule()
    def stop_watcher(self) -> None:
        self.ticket.down = True

    @rule()
    def start_watcher(self) -> None:
        if self.ticket.down:
            self.watched_since = self.ticket.at
        self.ticket.down = False
        self.ticket.later(seconds=SOME_TICKS)

    @invariant()
    def each_act_is_recorded_once(self) -> None:
        keys = Counter((act.clock, act.cycle, act.step) for _, act in self.ticket.acts)
        assert all(count == 1 for count in keys.values()), keys

    @invariant()
    def nothing_is_overdue_while_a_watcher_is_alive(self) -> None:
        if not self.ticket.down:
            watch = self.ticket.watch
            due = find_next_act_due(watch.case, watch.steps)
            assert due is None or due > epoch(self.ticket.at) - SOME_TICKS

    @invariant()
    def what_is_late_says_so(self) -> None:
        for at, act in self.ticket.acts:
            assert act.due <= at
            assert act.late is (at - act.due > timedelta(minutes=1))

    @invariant()
    def it_only_closes_by_itself_when_the_customer_owes_the_reply(self) -> None:
        asked: datetime | None = None
        before = is_unanswered = False
        for event, at, by in self.ticket.scenario.history:
            if isinstance(event, Called):
                before, is_unanswered = is_unanswered, True
            elif isinstance(event, Undone) and "called" in event.deed:
                is_unanswered = before
            elif isinstance(event, Replied | Resolved):
                asked, is_unanswered = at, False
            elif isinstance(event, Closed) and by == "watcher":
                assert asked is not None
                assert at - asked > timedelta(days=5)
                assert not is_unanswered

    @invariant()
    def a_hold_that_has_ended_is_not_ended_again(self) -> None:
        waits = self.ticket.scenario.now.waits
        ended = {epoch(wait.began) for wait in waits if wait.ended is not None}
        for _, act in self.ticket.acts:
            if act.step == HOLD_ENDS:
                assert act.cycle in ended
        closed = [act for _, act in self.ticket.acts if act.clock == CLOSURE]
        assert len(closed) <= 1 + self.ticket.scenario.now.reopens


HousekeepingMachine.TestCase.settings = settings(
    max_examples=examples(60), stateful_step_count=30, deadline=None
)
test_the_housekeeping_of_a_ticket = HousekeepingMachine.TestCase


def test_a_year_of_holds_in_which_each_is_asked_about_once() -> None:
    ticket = kept()
    for _ in range(26):
        ticket.do(Reply(REF, "Are you there?"), Wait(REF))
        ticket.later(days=14).do(Resume(REF))
    assert ticket.at > MONDAY_NINE + timedelta(days=360)
    assert len(ticket.acts) == 26
    assert len({act.cycle for _, act in ticket.acts}) == 26
