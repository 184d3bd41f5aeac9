"""Who stops a page, and who may take a ticket that pages from its team (rule 17), for every command that there is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import pytest

from supportdesk.sla.clocks import ClockKind, State
from supportdesk.tickets.command import Command, TicketCommand
from supportdesk.tickets.decide import COMMANDS
from supportdesk.tickets.documents import Role
from supportdesk.tickets.events import Claimed, PageAcknowledged
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack, HandOver
from supportdesk.tickets.process.closure import WITHDRAWN, Close, Reopen
from supportdesk.tickets.process.conversation import Note, RecordCall, Reply, SendArticle
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.process.escalation import HIERARCHICAL, Escalate
from supportdesk.tickets.process.importing import ImportState
from supportdesk.tickets.process.linking import LinkTicket, MarkDuplicate
from supportdesk.tickets.process.policy import MoveToPolicy
from supportdesk.tickets.process.resolution import (
    LinkArticle,
    PromiseFix,
    ProposeWorkaround,
    RecordContact,
    Resolve,
    Resume,
    Wait,
)
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.time import CorrectTime
from supportdesk.tickets.process.triage import Acknowledge, Log
from supportdesk.tickets.process.undo import Undo
from tests.tickets.scenario import RECORDS, Scenario, claritum, logged, person

REF = "CD-0000-0"
PAGED, COLLEAGUE, OUTSIDER, SUPERVISOR = EVERYBODY = ("priya", "tess", "ann", "sue")
"""Who is on call and paged; somebody else of Technical Support; somebody of User Support; its supervisor."""
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""In a week of Priya's."""

STOPS, STAYS, REFUSED = "stops the page", "leaves the page", "is refused"
PASSES, BESIDE = "passes the page on", "pages another, too"


def desk(scenario: Scenario) -> Scenario:
    other = logged("high").now
    staff = {**RECORDS.staff, "tess": person("tess", "technical-support", Role.ENGINEER)}
    policy = claritum()
    return scenario.with_records(staff=staff, tickets={"CD-0001-2": other}, policies={policy.version: policy})


def critical() -> Scenario:
    """A Critical for which Priya is paged; nobody has it."""
    scenario = desk(Scenario(at=MONDAY))
    scenario.do(Log("critical", "hotline", "acme", "jo", "Nobody can log in"), by="ann")
    assert scenario.now.page is not None
    assert scenario.now.page.person == PAGED
    return scenario.later(minutes=2)


def claimed_by_a_colleague() -> Scenario:
    """A Critical that Tess has claimed; Priya has not answered her page."""
    scenario = critical()
    scenario.do(Claim(REF), by=COLLEAGUE)
    return scenario.later(minutes=2)


def waiting() -> Scenario:
    scenario = critical()
    scenario.do(Wait(REF, "third party", "the bank"), by=SUPERVISOR)
    return scenario.later(minutes=2)


def answered_by_a_colleague() -> Scenario:
    """A Critical about which Tess has spoken to the customer; Priya has not answered her page."""
    scenario = critical()
    scenario.do(Reply(REF, "We are on it."), by=COLLEAGUE)
    return scenario.later(minutes=2)


def resolved() -> Scenario:
    scenario = critical()
    scenario.do(Resolve(REF, "Restarted."), by=COLLEAGUE)
    return scenario.later(minutes=2)


@dataclass(frozen=True)
class Row:
    """A command, what each of EVERYBODY does to the page by it, and who owns the ticket then where it is done.

    `owners` is what becomes of a ticket without an owner: `=` the actor, empty for nobody, else a name.
    """

    command: Command
    pages: tuple[str, str, str, str]
    owners: tuple[str, str, str, str] = ("", "", "", "")
    begins: Callable[[], Scenario] = critical


BY_PAGED = (STOPS, STAYS, STAYS, STAYS)
CLAIMS = ("=", "=", "", "")
ALL_STAY = (STAYS,) * 4

TABLE: dict[str, list[Row]] = {
    "acknowledge": [
        Row(Acknowledge(REF), (STOPS, REFUSED, REFUSED, REFUSED)),
        Row(Acknowledge(REF, paged=PAGED), (STOPS, STOPS, STOPS, STOPS)),
        Row(Acknowledge(REF, paged="dora"), (REFUSED,) * 4),
    ],
    "claim": [Row(Claim(REF), (STOPS, STAYS, REFUSED, REFUSED), CLAIMS)],
    "reply": [Row(Reply(REF, "We are on it."), BY_PAGED, CLAIMS)],
    "send-article": [Row(SendArticle(REF, "KB-2"), BY_PAGED, CLAIMS)],
    "workaround": [Row(ProposeWorkaround(REF, "Use the old site."), BY_PAGED, CLAIMS)],
    "resolve": [
        Row(Resolve(REF, "Restarted."), (STOPS, STAYS, REFUSED, REFUSED), CLAIMS),
        Row(
            Resolve(REF, "It runs."),
            (STOPS, STAYS, REFUSED, STAYS),
            ("tess",) * 4,
            begins=answered_by_a_colleague,
        ),
    ],
    "wait": [Row(Wait(REF, "third party"), BY_PAGED, CLAIMS)],
    "fix": [Row(PromiseFix(REF, "2026.12"), BY_PAGED, CLAIMS)],
    "article": [Row(LinkArticle(REF, "KB-2"), BY_PAGED, CLAIMS)],
    "called": [
        Row(RecordCall(REF, "Any news?"), ALL_STAY),
        Row(RecordCall(REF, "Any news?", told="We are on it."), ALL_STAY),
    ],
    "customer-message": [Row(AddCustomerMessage(REF, "Any news?"), ALL_STAY)],
    "note": [Row(Note(REF, "A colleague is on it."), ALL_STAY)],
    "assign": [
        Row(Assign(REF, owner="tess"), ALL_STAY, ("tess",) * 4),
        Row(Assign(REF, owner="ann"), (STAYS, STAYS, REFUSED, STAYS), ("ann", "ann", "", "ann")),
        Row(
            Assign(REF, owner="ann", team="technical-support"),
            (STAYS, STAYS, REFUSED, STAYS),
            ("ann", "ann", "", "ann"),
        ),
        Row(Assign(REF, team="user-support"), (STAYS, STAYS, REFUSED, STAYS)),
    ],
    "handover": [
        Row(HandOver(REF, "dora", "Rolling back."), (PASSES, BESIDE, BESIDE, BESIDE), ("dora",) * 4),
        Row(HandOver(REF, "sam", "Yours."), (PASSES, BESIDE, REFUSED, BESIDE), ("sam", "sam", "", "sam")),
    ],
    "handback": [Row(HandBack(REF, "No access."), (REFUSED,) * 4)],
    "escalate": [
        Row(Escalate(REF, "It goes on."), (STAYS, STAYS, REFUSED, STAYS)),
        Row(Escalate(REF, "They ask for him.", HIERARCHICAL), (PASSES, BESIDE, BESIDE, BESIDE)),
    ],
    "severity": [Row(ChangeSeverity(REF, "high", "There is a way round it."), ALL_STAY)],
    "contacted": [Row(RecordContact(REF, "Agreed."), (REFUSED, REFUSED, REFUSED, STAYS))],
    "link": [Row(LinkTicket(REF, "CD-0001-2"), ALL_STAY)],
    "duplicate": [Row(MarkDuplicate(REF, "CD-0001-2"), (STAYS, STAYS, REFUSED, STAYS))],
    "close": [Row(Close(REF, WITHDRAWN, "It was us."), (STAYS, STAYS, REFUSED, STAYS))],
    "move-policy": [Row(MoveToPolicy(REF, "1"), (REFUSED,) * 4)],
    "undo": [Row(Undo(REF), (REFUSED,) * 4)],
    "correct-time": [Row(CorrectTime(REF, "the battery was empty"), (REFUSED,) * 4)],
    "resume": [Row(Resume(REF), ALL_STAY, begins=waiting)],
    "reopen": [Row(Reopen(REF, "It is back."), ALL_STAY, ("tess",) * 4, begins=resolved)],
}
CASES = [
    pytest.param(row, by, page, owner, id=f"{row.command}-{by}")
    for rows in TABLE.values()
    for row in rows
    for by, page, owner in zip(EVERYBODY, row.pages, row.owners, strict=True)
]


def test_the_table_holds_every_command_about_a_ticket() -> None:
    known = {verb for verb, command in COMMANDS.items() if issubclass(command, TicketCommand)}
    # What another system recorded is taken in by supervisors alone, and such a ticket has never paged anybody.
    assert ImportState.verb not in known
    assert known == {*TABLE}
    assert all(row.command.verb == verb for verb, rows in TABLE.items() for row in rows)


@pytest.mark.parametrize(("row", "by", "page", "owner"), CASES)
def test_rule_17_only_the_person_paged_stops_a_page(row: Row, by: str, page: str, owner: str) -> None:
    scenario = row.begins()
    before = scenario.now
    if page == REFUSED:
        assert scenario.refused(row.command, by)
        return
    after = scenario.do(row.command, by)
    assert after.page is not None
    acknowledged = [event for event in scenario.events if isinstance(event, PageAcknowledged)]
    assert bool(acknowledged) == (page == STOPS) == (not after.page_open)
    assert (after.page == before.page) == (page == STAYS)
    people = [each.person for each in after.open_pages]
    assert (PAGED in people) == (page in (STAYS, BESIDE))
    assert (len(people) - people.count(PAGED) == 1) == (page in (PASSES, BESIDE))
    assert all(event.person == PAGED for event in acknowledged)
    assert (after.owner or "") == (by if owner == "=" else owner)


@pytest.mark.parametrize(
    "row", [row for rows in TABLE.values() for row in rows], ids=lambda row: str(row.command)
)
@pytest.mark.parametrize("begins", [critical, claimed_by_a_colleague])
def test_rule_17_nothing_that_an_outsider_does_takes_a_critical_from_its_team_or_its_owner(
    row: Row, begins: Callable[[], Scenario]
) -> None:
    scenario = begins() if row.begins is critical else row.begins()
    before = scenario.now
    if scenario.attempt(row.command, OUTSIDER) is None:
        assert scenario.now.team == "technical-support"
        assert scenario.now.owner is not None or before.owner is None
        assert not any(isinstance(event, Claimed) for event in scenario.events)


@pytest.mark.parametrize(
    "row", [row for rows in TABLE.values() for row in rows], ids=lambda row: str(row.command)
)
@pytest.mark.parametrize("by", ["ann", "priya", "max", "dora"])
def test_rule_17_a_ticket_that_pages_nobody_is_moved_by_commands_that_say_so_alone(row: Row, by: str) -> None:
    scenario = desk(logged("high")).later(minutes=2)
    before = scenario.now
    if scenario.attempt(row.command, by) is not None:
        return
    assert not any(isinstance(event, PageAcknowledged) for event in scenario.events)
    if scenario.now.team != before.team:
        claims = [event for event in scenario.events if isinstance(event, Claimed)]
        gives = isinstance(row.command, Assign | HandOver | Escalate)
        assert gives or [event.moved is not None for event in claims] == [True]
        assert not isinstance(row.command, RecordCall)
    if by == "max" and isinstance(row.command, RecordCall):
        assert scenario.now.owner is None


def test_rule_17_a_claim_that_is_refused_says_who_can_assign_the_ticket() -> None:
    assert critical().refused(Claim(REF), OUTSIDER) == (
        "a Critical is worked on by Technical Support; a supervisor (Dora or Sue) can assign it"
    )
    assert critical().refused(Claim(REF), SUPERVISOR) == (
        "a Critical is worked on by Technical Support; you are not one of them, but you can assign it"
    )


def test_rule_17_somebody_of_another_team_claims_what_a_supervisor_assigned_to_them_or_their_team() -> None:
    scenario = critical()
    scenario.do(Assign(REF, owner=OUTSIDER), by=SUPERVISOR)
    assert "can assign it" in scenario.refused(Claim(REF), by="sam")
    assert scenario.do(Claim(REF), by=OUTSIDER).owner == OUTSIDER
    scenario = critical()
    scenario.do(Assign(REF, team="user-support"), by=SUPERVISOR)
    assert scenario.do(Claim(REF), by=OUTSIDER).owner == OUTSIDER


def test_rule_17_an_owner_of_another_team_hands_a_critical_over_and_never_back_to_nobody() -> None:
    scenario = critical()
    scenario.do(Assign(REF, owner=OUTSIDER), by=SUPERVISOR)
    scenario.do(Claim(REF), by=OUTSIDER)
    for command in (HandBack(REF, "Too much."), Assign(REF, team="technical-support")):
        assert "never without an owner" in scenario.refused(command, OUTSIDER)
    assert scenario.do(HandOver(REF, "tess", "Please."), OUTSIDER).team == "technical-support"


def test_rule_17_an_outsider_closes_a_critical_that_is_worked_on_by_the_customers_word_alone() -> None:
    scenario = critical()
    scenario.do(Acknowledge(REF), by=PAGED)
    duplicate = MarkDuplicate(REF, "CD-0001-2")
    refused = scenario.refused(duplicate, OUTSIDER)
    assert "takes one of them or a supervisor (Dora or Sue); link it to the other ticket" in refused
    assert scenario.attempt(Close(REF, WITHDRAWN, "It was us."), OUTSIDER) is None
    for by in (PAGED, COLLEAGUE, SUPERVISOR):
        again = critical()
        again.do(Acknowledge(REF), by=PAGED)
        assert again.attempt(duplicate, by) is None


def test_rule_17_a_claim_moves_a_ticket_that_pages_nobody_visibly() -> None:
    scenario = logged("high")
    ticket = scenario.do(Claim(REF), by="max")
    assert (ticket.team, ticket.owner) == ("account-management", "max")
    assert scenario.events[-1].sentence() == "claimed it, moving it from User Support to Account Management"
    scenario = logged("high")
    scenario.do(Reply(REF, "I ring you at ten."), by="dev")
    assert "claimed it, moving it from User Support to Development" in [
        each.sentence() for each in scenario.events
    ]
    scenario = logged("high")
    scenario.do(Claim(REF), by="sam")
    assert scenario.events[-1].sentence() == "claimed it"


def test_rule_17_a_call_taken_by_somebody_of_another_team_neither_claims_nor_moves_the_ticket() -> None:
    scenario = logged("high")
    ticket = scenario.do(RecordCall(REF, "Any news?", told="Soon."), by="max")
    assert (ticket.team, ticket.owner) == ("user-support", None)
    assert scenario.do(RecordCall(REF, "Any news?", told="Soon."), by="sam").owner == "sam"


def test_rule_17_an_acknowledgement_says_whose_page_it_was() -> None:
    scenario = critical()
    scenario.do(Acknowledge(REF, paged=PAGED), by=OUTSIDER)
    assert scenario.events[0] == PageAcknowledged(PAGED, "Priya")
    assert scenario.events[0].sentence() == "acknowledged Priya's page"
    assert scenario.now.page is not None
    assert scenario.now.page.acknowledged_by == OUTSIDER
    scenario = critical()
    scenario.do(Claim(REF), by=PAGED)
    assert scenario.events[0].sentence() == "acknowledged the page"
    assert PageAcknowledged().sentence() == "acknowledged the page"


def test_rule_17_acknowledging_for_somebody_takes_their_own_name() -> None:
    scenario = critical()
    assert scenario.refused(Acknowledge(REF), OUTSIDER) == (
        "Priya is paged and has not acknowledged; acknowledge for Priya"
    )
    assert scenario.refused(Acknowledge(REF, paged="dora"), OUTSIDER) == (
        "the page is Priya's, not Dora's; name the person who is paged"
    )
    scenario.do(Acknowledge(REF, paged=PAGED), OUTSIDER)
    assert scenario.refused(Acknowledge(REF), PAGED) == "already acknowledged by Ann at 09:02 GMT"
    assert scenario.refused(Acknowledge(REF, paged=PAGED), OUTSIDER) == (
        "Priya has no open page; see the timeline"
    )


def test_rule_17_a_page_that_found_nobody_ends_with_the_team_and_not_with_an_outsider() -> None:
    for by, command in ((PAGED, Claim(REF)), (COLLEAGUE, Acknowledge(REF)), (SUPERVISOR, Acknowledge(REF))):
        scenario = nobody_paged()
        assert not scenario.do(command, by).page_open
    scenario = nobody_paged()
    assert "nobody was paged" in scenario.refused(Acknowledge(REF), OUTSIDER)
    scenario.do(Reply(REF, "A colleague will ring you."), OUTSIDER)
    assert scenario.now.page_open


def nobody_paged() -> Scenario:
    scenario = desk(Scenario(at=MONDAY)).with_records(rotations=())
    nobody_above = {
        key: msgspec.structs.replace(each, rungs=()) for key, each in scenario.records.staff.items()
    }
    scenario.with_records(staff=nobody_above)
    scenario.do(Log("critical", "hotline", "acme", "jo", "Nobody can log in"), by="ann")
    assert scenario.now.page is not None
    assert scenario.now.page.person is None
    return scenario


@pytest.mark.parametrize(
    "command",
    [
        Reply(REF, "A colleague will ring you."),
        SendArticle(REF, "KB-2"),
        ProposeWorkaround(REF, "Use the old site."),
        RecordCall(REF, "Any news?", told="A colleague will ring you."),
        RecordContact(REF, "Agreed."),
    ],
    ids=lambda command: str(command.verb),
)
def test_rule_03_a_contact_that_does_not_count_as_the_response_says_so_and_why(
    command: TicketCommand,
) -> None:
    scenario = critical()
    scenario.do(command, by=SUPERVISOR)
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.OK
    why = ", not counted as the response (Technical Support responds to a Critical): "
    assert sum(why in event.sentence() for event in scenario.events) == 1


def test_rule_03_what_the_team_says_and_what_follows_the_response_is_reported_without_a_remark() -> None:
    scenario = critical()
    for by in (PAGED, OUTSIDER):
        scenario.do(Reply(REF, "We are on it."), by)
        assert "to customer: We are on it." in [event.sentence() for event in scenario.events]


def test_rule_17_a_manager_who_was_paged_keeps_nobody_from_resolving_what_pages_nobody() -> None:
    scenario = desk(logged("high"))
    scenario.do(Escalate(REF, "They ask for her.", HIERARCHICAL), by="ann")
    assert not scenario.do(Resolve(REF, "Restarted."), by="dev").is_open
