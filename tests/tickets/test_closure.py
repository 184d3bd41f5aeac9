"""Closing, reopening, and tickets that belong together."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from supportdesk.sla.clocks import ClockKind, State
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.closure import Close, Reopen
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.linking import LinkTicket, MarkDuplicate, mirror_link
from supportdesk.tickets.process.resolution import PromiseFix, ProposeWorkaround, Resolve, Resume, Wait
from supportdesk.tickets.ticket import Link, Stage
from tests.tickets.scenario import Scenario, logged


def resolved(severity: str = "high") -> Scenario:
    scenario = logged(severity)
    scenario.do(Resolve(scenario.now.ref, "Restarted the export."))
    return scenario


def test_a_resolved_ticket_closes_when_the_customer_confirms() -> None:
    scenario = resolved()
    ticket = scenario.do(Close(scenario.now.ref))
    assert (ticket.stage, ticket.closed_as) == (Stage.CLOSED, "confirmed")


def test_an_open_ticket_cannot_be_closed_as_confirmed() -> None:
    scenario = logged()
    assert "resolve it first" in scenario.refused(Close(scenario.now.ref))


def test_an_unanswered_ticket_closes_after_five_working_days_and_not_before() -> None:
    scenario = resolved()
    scenario.at = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert "still has time" in scenario.refused(Close(scenario.now.ref, reason="no answer"))
    assert scenario.later(seconds=1).do(Close(scenario.now.ref, reason="no answer")).stage is Stage.CLOSED


def test_the_refusal_of_an_early_close_gives_the_time_of_the_policy() -> None:
    scenario = resolved()
    after = replace(scenario.policy.close_after, hours=20)
    scenario.policy = replace(scenario.policy, close_after=after)
    reason = scenario.refused(Close(scenario.now.ref, reason="no answer"))
    assert "until Wed 09:00 GMT; it can be closed as unanswered after that" in reason
    assert "5 working days" not in reason


def test_a_ticket_whose_promised_fix_is_not_out_does_not_close_by_silence() -> None:
    scenario = logged("medium")
    scenario.do(ProposeWorkaround(scenario.now.ref, "Use the list."))
    scenario.do(PromiseFix(scenario.now.ref, "2026.12"))
    scenario.do(Resolve(scenario.now.ref, "Use the list until then."))
    scenario.later(days=10)
    assert "has not shipped" in scenario.refused(Close(scenario.now.ref, reason="no answer"))
    scenario.do(Close(scenario.now.ref))
    assert scenario.clock_status(ClockKind.RESOLUTION).state is State.MET


def test_a_withdrawn_request_has_no_verdict_unless_it_was_breached() -> None:
    calm, late = logged(), logged().later(hours=4)
    for scenario in (calm, late):
        scenario.do(Close(scenario.now.ref, reason="withdrawn", text="Our mistake."))
    assert calm.clock_status(ClockKind.RESPONSE).state is State.VOID
    assert late.clock_status(ClockKind.RESPONSE).state is State.MISSED
    assert late.clock_status(ClockKind.RESOLUTION).state is State.VOID


def test_withdrawing_needs_the_customers_words() -> None:
    scenario = logged()
    assert "customer's words" in scenario.refused(Close(scenario.now.ref, reason="withdrawn"))


def test_rule_10_a_reopened_ticket_continues_with_the_same_clock_less_the_time_it_was_resolved() -> None:
    scenario = logged().later(hours=2)
    scenario.do(Resolve(scenario.now.ref, "Restarted."))
    scenario.later(hours=5).do(Reopen(scenario.now.ref, "It stopped again."))
    assert scenario.later(hours=1).clock_status(ClockKind.RESOLUTION).elapsed == 3 * 3600
    assert (scenario.now.reopens, scenario.now.stage) == (1, Stage.RESOLUTION)


def test_rule_10_the_first_verdict_is_kept() -> None:
    scenario = resolved()
    first = scenario.now.resolution_verdict
    scenario.do(Reopen(scenario.now.ref, "It stopped again."))
    assert scenario.now.resolution_verdict is None
    scenario.later(days=9).do(Resolve(scenario.now.ref, "Now for good."))
    assert scenario.clock_status(ClockKind.RESOLUTION).state is State.MISSED
    assert scenario.now.first_resolution == first


def test_rule_10_a_closed_ticket_reopens_within_ten_working_days_and_not_after() -> None:
    scenario = resolved()
    scenario.later(days=1).do(Close(scenario.now.ref))
    scenario.at = datetime(2026, 12, 7, 9, 0, 1, tzinfo=UTC)
    assert "log a new request" in scenario.refused(Reopen(scenario.now.ref, "again"))
    scenario.at = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
    assert scenario.do(Reopen(scenario.now.ref, "again")).is_open


def test_reopening_an_open_ticket_or_without_a_reason_is_refused() -> None:
    scenario = logged()
    assert "open already" in scenario.refused(Reopen(scenario.now.ref, "again"))
    scenario = resolved()
    assert "customer says" in scenario.refused(Reopen(scenario.now.ref, " "))


def test_a_withdrawn_request_that_comes_back_runs_both_clocks_again() -> None:
    scenario = logged().later(hours=1)
    scenario.do(Close(scenario.now.ref, reason="withdrawn", text="Found it."))
    scenario.later(hours=1).do(Reopen(scenario.now.ref, "Lost it again."))
    assert scenario.clock_status(ClockKind.RESPONSE).elapsed == 3600
    assert scenario.later(minutes=30).clock_status(ClockKind.RESPONSE).elapsed == 5400


def two() -> Scenario:
    other = logged("high").now
    scenario = logged("high")
    return scenario.with_records(tickets={"CD-0001-2": replace(other, ref="CD-0001-2")})


def test_linking_is_shown_on_both_tickets() -> None:
    scenario = two()
    command = LinkTicket(scenario.now.ref, "CD-0001-2")
    assert scenario.do(command).links == (Link("related", "CD-0001-2"),)
    mirror = mirror_link(scenario.now.ref, command)
    assert mirror is not None
    assert mirror[0] == "CD-0001-2"
    assert mirror[1].sentence() == "linked it to CD-0000-0"


def test_a_ticket_is_not_linked_to_itself_to_none_or_twice() -> None:
    scenario = two()
    ref = scenario.now.ref
    assert "itself" in scenario.refused(LinkTicket(ref, ref))
    assert "no ticket" in scenario.refused(LinkTicket(ref, "CD-9999-9"))
    scenario.do(LinkTicket(ref, "CD-0001-2"))
    assert "already" in scenario.refused(LinkTicket(ref, "CD-0001-2"))


def test_a_duplicate_is_closed_without_a_verdict_and_says_of_which() -> None:
    scenario = two()
    ticket = scenario.do(MarkDuplicate(scenario.now.ref, "CD-0001-2"))
    assert (ticket.stage, ticket.closed_as) == (Stage.CLOSED, "duplicate")
    assert ticket.links == (Link("duplicate of", "CD-0001-2"),)
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.VOID


def test_a_duplicate_of_a_duplicate_is_refused() -> None:
    scenario = two()
    scenario.do(MarkDuplicate(scenario.now.ref, "CD-0001-2"))
    other = Scenario(at=scenario.at + timedelta(hours=1)).with_records(tickets={"CD-0001-2": scenario.now})
    other.ticket = two().now
    assert "is itself a duplicate" in other.refused(MarkDuplicate(other.now.ref, "CD-0001-2"))


def test_a_ticket_that_is_related_can_turn_out_to_be_a_duplicate() -> None:
    scenario = two()
    scenario.do(LinkTicket(scenario.now.ref, "CD-0001-2"))
    ticket = scenario.do(MarkDuplicate(scenario.now.ref, "CD-0001-2"))
    assert ticket.links == (Link("duplicate of", "CD-0001-2"),)


def test_a_duplicate_that_was_reopened_can_be_marked_again() -> None:
    scenario = two()
    scenario.do(MarkDuplicate(scenario.now.ref, "CD-0001-2"))
    scenario.do(Reopen(scenario.now.ref, "It is another fault."))
    ticket = scenario.do(MarkDuplicate(scenario.now.ref, "CD-0001-2"))
    assert (ticket.stage, ticket.links) == (Stage.CLOSED, (Link("duplicate of", "CD-0001-2"),))


def test_marking_a_waiting_ticket_as_duplicate_ends_its_wait() -> None:
    scenario = two()
    scenario.do(Reply(scenario.now.ref, "Which version?"))
    scenario.do(Wait(scenario.now.ref))
    assert scenario.do(MarkDuplicate(scenario.now.ref, "CD-0001-2")).waiting is None


def test_a_duplicate_of_a_closed_ticket_is_refused_as_nobody_works_on_that_one() -> None:
    scenario, other = two(), "CD-0001-2"
    closed = replace(scenario.case("ann").records.tickets[other], stage=Stage.CLOSED)
    scenario.with_records(tickets={other: closed})
    assert scenario.refused(MarkDuplicate(scenario.now.ref, other)) == (
        "CD-0001-2 is closed; choose an open ticket, or reopen it first"
    )


def test_a_closed_ticket_offers_to_be_reopened_only_while_it_can_be() -> None:
    scenario = resolved()
    scenario.later(days=1).do(Close(scenario.now.ref))
    assert "reopen it first" in scenario.refused(Claim(scenario.now.ref))
    scenario.at = datetime(2026, 12, 7, 9, 0, 1, tzinfo=UTC)
    assert scenario.refused(Claim(scenario.now.ref)) == "it is closed; log a new request and link it"
    assert "(the limit is " in scenario.refused(Reopen(scenario.now.ref, "again"))


def test_a_second_hold_for_the_customer_needs_a_question_since_the_first() -> None:
    scenario = logged()
    hold, why = Wait(scenario.now.ref), "the customer has not been asked anything"
    assert scenario.refused(hold) == f"{why} yet; reply with a question first"
    scenario.do(Reply(scenario.now.ref, "Which printer?"))
    scenario.do(hold)
    scenario.later(minutes=1).do(Resume(scenario.now.ref))
    assert scenario.later(minutes=1).refused(hold) == (
        f"{why} since it was last on hold; reply with a question first"
    )
