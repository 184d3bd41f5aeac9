"""Whatever is done to a ticket, in whatever order, by whomever and whenever: what must always hold."""

from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from supportdesk.sla.clocks import ClockKind, State, Verdict, epoch, next_change_after, state_at
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.decide import COMMANDS
from supportdesk.tickets.evolve import build_ticket
from supportdesk.tickets.ownership import list_ownerships
from supportdesk.tickets.page_history import list_pages
from supportdesk.tickets.process.linking import LinkTicket, MarkDuplicate
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.ticket import Stage, Ticket
from tests.seeds import examples
from tests.tickets.scenario import RECORDS, Scenario, claritum, logged

SEVERITIES = [severity.key for severity in claritum().severities]
TICKET_COMMANDS = [command for command in COMMANDS.values() if issubclass(command, TicketCommand)]
WORDS: dict[str, st.SearchStrategy[Any]] = {
    "severity": st.sampled_from(SEVERITIES),
    "owner": st.sampled_from(["", *RECORDS.staff, "stranger"]),
    "team": st.sampled_from(["", *(team.key for team in claritum().teams), "nowhere"]),
    "paged": st.sampled_from(["", *RECORDS.staff, "stranger"]),
    "release": st.sampled_from([*RECORDS.releases, "3000.1"]),
    "contact": st.sampled_from(["", *RECORDS.contacts, "stranger"]),
    "article": st.sampled_from([*RECORDS.articles, "KB-9"]),
    "other": st.sampled_from(["CD-0000-0", "CD-0001-2", "CD-9999-9"]),
    "of": st.sampled_from(["CD-0000-0", "CD-0001-2", "CD-9999-9"]),
    "until": st.sampled_from(
        [None, *(date(2026, 11, 23) + timedelta(days=days) for days in (0, 1, 5, 12, 500))]
    ),
    "to": st.sampled_from(["", "development", "director", "king", "sam", "priya"]),
}
TEXT = st.sampled_from(["", " ", "Because of the invoice run.", "It is [/odd]."])


def values(command: type[TicketCommand]) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments for a command, good and bad."""
    fields = {}
    for each in command.arguments():
        words = st.sampled_from(each.choices) if each.choices else WORDS.get(each.name, TEXT)
        fields[each.name] = words
    return st.fixed_dictionaries(fields)


def filled(command: type[TicketCommand]) -> st.SearchStrategy[TicketCommand]:
    return values(command).map(lambda fields: command(ref="CD-0000-0", **fields))


COMMAND = st.sampled_from(TICKET_COMMANDS).flatmap(filled)


class TicketMachine(RuleBasedStateMachine):
    """Runs random commands against one ticket."""

    scenario: Scenario

    @initialize(severity=st.sampled_from(SEVERITIES))
    def begin(self, severity: str) -> None:
        other = logged("high")
        self.scenario = logged(severity).with_records(tickets={"CD-0001-2": other.now})
        self.verdicts: dict[ClockKind, Verdict] = {}
        self.breached: set[ClockKind] = set()
        self.last_breaches: set[ClockKind] = set()
        """The breaches that the last command recorded; undoing it removes them."""

    @rule(command=COMMAND, by=st.sampled_from(list(RECORDS.staff)))
    def act(self, command: TicketCommand, by: str) -> None:
        before = self.scenario.now
        known = {*self.breached}
        refusal = self.scenario.attempt(command, by)
        if refusal is not None:
            assert refusal.reason
            assert self.scenario.now is before
        else:
            assert self.scenario.now.version == before.version + len(self.scenario.events)
            self._page_stays_until_acknowledged(before, command, by)
        if before.stage is Stage.CLOSED and refusal is None:
            assert type(command).verb in {"reopen", "note", "customer-message", "link", "undo"}
        if refusal is None and isinstance(command, Undo):
            self.breached -= self.last_breaches
        self.last_breaches = self._late() - known if refusal is None else self.last_breaches

    def _page_stays_until_acknowledged(self, before: Ticket, command: TicketCommand, by: str) -> None:
        """Rule 17: only the paged person ends a page, or someone who names that person."""
        people = {page.person for page in before.open_pages if page.person is not None}
        gone = people - {page.person for page in self.scenario.now.open_pages} - {by}
        named = command.paged if isinstance(command, Acknowledge) else None
        assert gone <= {named} or isinstance(command, Undo)

    def _late(self) -> set[ClockKind]:
        now = epoch(self.scenario.at)
        return {kind for kind in ClockKind if state_at(self.scenario.clock(kind), now) is State.BREACHED}

    @rule(within=st.integers(0, 900))
    def take_back(self, within: int) -> None:
        """Undo as the user of the last command, soon after it: random commands seldom do."""
        self.scenario.at += timedelta(seconds=within)
        if self.scenario.last is not None:
            self.act(Undo("CD-0000-0"), self.scenario.last.actor)

    @rule(seconds=st.integers(1, 3 * 86_400))
    def wait(self, seconds: int) -> None:
        self.scenario.at += timedelta(seconds=seconds)

    @rule(seconds=st.integers(1, 1800))
    def wait_a_little(self, seconds: int) -> None:
        self.scenario.at += timedelta(seconds=seconds)

    @invariant()
    def the_history_replays_to_the_same_ticket(self) -> None:
        assert build_ticket("CD-0000-0", self.scenario.history) == self.scenario.now

    @invariant()
    def the_history_tells_who_has_it_and_who_was_told(self) -> None:
        ticket = self.scenario.now
        last = list_ownerships((at, event) for event, at, _ in self.scenario.history)[-1]
        assert (last.team, last.owner) == (ticket.team, ticket.owner)
        pages = list_pages(self.scenario.history, str)
        is_open = [(each.person, each.at) for each in pages if each.is_open]
        assert is_open == [(page.person, page.since) for page in ticket.open_pages]
        assert len({person for person, _ in is_open}) == len(is_open)
        if ticket.page is not None:
            assert (pages[-1].at, pages[-1].by) == (ticket.page.since, ticket.page.acknowledged_by)

    @invariant()
    def every_clock_can_be_read_and_a_breach_is_never_taken_back(self) -> None:
        now = epoch(self.scenario.at)
        for kind in ClockKind:
            clock = self.scenario.clock(kind)
            state = state_at(clock, now)
            following = next_change_after(clock, now)
            assert following is None or state_at(clock, following - 1) in {state, State.PAUSED}
            if kind in self.breached:
                assert state in {State.BREACHED, State.MISSED, State.MET}, (kind, state)
            if state is State.BREACHED:
                self.breached.add(kind)
            if state is State.MET:
                assert kind not in self.breached or self.scenario.now.reopens, (kind, state)

    @invariant()
    def a_given_response_stays_given(self) -> None:
        verdict = self.scenario.now.response_verdict
        known = self.verdicts.get(ClockKind.RESPONSE)
        if known is not None and known.state.is_verdict:
            assert verdict == known
        if verdict is not None:
            self.verdicts[ClockKind.RESPONSE] = verdict

    @invariant()
    def the_first_verdict_on_the_resolution_is_kept(self) -> None:
        first = self.scenario.now.first_resolution
        if ClockKind.RESOLUTION in self.verdicts:
            assert first == self.verdicts[ClockKind.RESOLUTION]
        elif first is not None:
            self.verdicts[ClockKind.RESOLUTION] = first

    @invariant()
    def a_stage_and_what_stands_on_the_ticket_agree(self) -> None:
        ticket = self.scenario.now
        assert (ticket.stage is Stage.CLOSED) == (ticket.closed_as is not None)
        if ticket.stage is Stage.RESOLVED:
            assert ticket.resolved_how is not None
        if not ticket.is_open:
            assert ticket.waiting is None
            assert ticket.response_verdict is not None
        if ticket.accepted:
            assert ticket.owner is not None
        assert sum(wait.ended is None for wait in ticket.waits) <= 1


TicketMachine.TestCase.settings = settings(max_examples=examples(60), stateful_step_count=40, deadline=None)
test_whatever_happens_to_a_ticket_its_history_tells_the_same_story = TicketMachine.TestCase


def test_every_command_of_the_process_is_tried_by_the_machine() -> None:
    assert {LinkTicket, MarkDuplicate} < set(TICKET_COMMANDS)
    assert {command.verb for command in TICKET_COMMANDS} == {*COMMANDS} - {"log"}


def test_every_command_is_tried_with_arguments_that_it_takes() -> None:
    free_text = {"text", "told", "note", "reason", "version", "at", "mail"}
    for command in TICKET_COMMANDS:
        assert {each.name for each in command.arguments() if not each.choices} <= free_text | {*WORDS}


def test_every_command_has_help_for_itself_and_each_of_its_arguments() -> None:
    for command in COMMANDS.values():
        assert command.title
        assert command.help_text().endswith(".")
        assert all(each.help for each in command.arguments())
