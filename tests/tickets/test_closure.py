"""Closing, reopening, and tickets that belong together."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from supportdesk.sla.clocks import ClockKind, State
from supportdesk.tickets.process.closure import Close, Reopen
from supportdesk.tickets.process.linking import LinkTicket, MarkDuplicate, mirror_link
from supportdesk.tickets.process.resolution import PromiseFix, ProposeWorkaround, Reply, Resolve, Wait
from supportdesk.tickets.ticket import Link, Stage
from tests.tickets.scenario import Story, logged


def resolved(severity: str = "high") -> Story:
    story = logged(severity)
    story.do(Resolve(story.now.ref, "Restarted the export."))
    return story


def test_a_resolved_ticket_closes_when_the_customer_confirms() -> None:
    story = resolved()
    ticket = story.do(Close(story.now.ref))
    assert (ticket.stage, ticket.closed_as) == (Stage.CLOSED, "confirmed")


def test_an_open_ticket_cannot_be_closed_as_confirmed() -> None:
    story = logged()
    assert "resolve it first" in story.refused(Close(story.now.ref))


def test_an_unanswered_ticket_closes_after_five_working_days_and_not_before() -> None:
    story = resolved()
    story.at = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert "still has time" in story.refused(Close(story.now.ref, reason="no answer"))
    assert story.later(seconds=1).do(Close(story.now.ref, reason="no answer")).stage is Stage.CLOSED


def test_a_ticket_whose_promised_fix_is_not_out_does_not_close_by_silence() -> None:
    story = logged("medium")
    story.do(ProposeWorkaround(story.now.ref, "Use the list."))
    story.do(PromiseFix(story.now.ref, "2026.12"))
    story.do(Resolve(story.now.ref, "Use the list until then."))
    story.later(days=10)
    assert "has not shipped" in story.refused(Close(story.now.ref, reason="no answer"))
    story.do(Close(story.now.ref))
    assert story.clock_status(ClockKind.RESOLUTION).state is State.MET


def test_a_withdrawn_request_has_no_verdict_unless_it_was_breached() -> None:
    calm, late = logged(), logged().later(hours=4)
    for story in (calm, late):
        story.do(Close(story.now.ref, reason="withdrawn", text="Our mistake."))
    assert calm.clock_status(ClockKind.RESPONSE).state is State.VOID
    assert late.clock_status(ClockKind.RESPONSE).state is State.MISSED
    assert late.clock_status(ClockKind.RESOLUTION).state is State.VOID


def test_withdrawing_needs_the_customers_words() -> None:
    story = logged()
    assert "customer's words" in story.refused(Close(story.now.ref, reason="withdrawn"))


def test_rule_10_a_reopened_ticket_continues_with_the_same_clock_less_the_time_it_was_resolved() -> None:
    story = logged().later(hours=2)
    story.do(Resolve(story.now.ref, "Restarted."))
    story.later(hours=5).do(Reopen(story.now.ref, "It stopped again."))
    assert story.later(hours=1).clock_status(ClockKind.RESOLUTION).elapsed == 3 * 3600
    assert (story.now.reopens, story.now.stage) == (1, Stage.RESOLUTION)


def test_rule_10_the_first_verdict_is_kept() -> None:
    story = resolved()
    first = story.now.resolution_verdict
    story.do(Reopen(story.now.ref, "It stopped again."))
    assert story.now.resolution_verdict is None
    story.later(days=9).do(Resolve(story.now.ref, "Now for good."))
    assert story.clock_status(ClockKind.RESOLUTION).state is State.MISSED
    assert story.now.first_resolution == first


def test_rule_10_a_closed_ticket_reopens_within_ten_working_days_and_not_after() -> None:
    story = resolved()
    story.later(days=1).do(Close(story.now.ref))
    story.at = datetime(2026, 12, 7, 9, 0, 1, tzinfo=UTC)
    assert "log a new request" in story.refused(Reopen(story.now.ref, "again"))
    story.at = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
    assert story.do(Reopen(story.now.ref, "again")).is_open


def test_reopening_an_open_ticket_or_without_a_reason_is_refused() -> None:
    story = logged()
    assert "still open" in story.refused(Reopen(story.now.ref, "again"))
    story = resolved()
    assert "customer says" in story.refused(Reopen(story.now.ref, " "))


def test_a_withdrawn_request_that_comes_back_runs_both_clocks_again() -> None:
    story = logged().later(hours=1)
    story.do(Close(story.now.ref, reason="withdrawn", text="Found it."))
    story.later(hours=1).do(Reopen(story.now.ref, "Lost it again."))
    assert story.clock_status(ClockKind.RESPONSE).elapsed == 3600
    assert story.later(minutes=30).clock_status(ClockKind.RESPONSE).elapsed == 5400


def two() -> Story:
    other = logged("high").now
    story = logged("high")
    return story.with_records(tickets={"CD-0001-2": replace(other, ref="CD-0001-2")})


def test_linking_is_shown_on_both_tickets() -> None:
    story = two()
    command = LinkTicket(story.now.ref, "CD-0001-2")
    assert story.do(command).links == (Link("related", "CD-0001-2"),)
    mirror = mirror_link(story.now.ref, command)
    assert mirror is not None
    assert mirror[0] == "CD-0001-2"
    assert mirror[1].sentence() == "related to CD-0000-0"


def test_a_ticket_is_not_linked_to_itself_to_none_or_twice() -> None:
    story = two()
    ref = story.now.ref
    assert "itself" in story.refused(LinkTicket(ref, ref))
    assert "no ticket" in story.refused(LinkTicket(ref, "CD-9999-9"))
    story.do(LinkTicket(ref, "CD-0001-2"))
    assert "already" in story.refused(LinkTicket(ref, "CD-0001-2"))


def test_a_duplicate_is_closed_without_a_verdict_and_says_of_which() -> None:
    story = two()
    ticket = story.do(MarkDuplicate(story.now.ref, "CD-0001-2"))
    assert (ticket.stage, ticket.closed_as) == (Stage.CLOSED, "duplicate")
    assert ticket.links == (Link("duplicate of", "CD-0001-2"),)
    assert story.clock_status(ClockKind.RESPONSE).state is State.VOID


def test_a_duplicate_of_a_duplicate_is_refused() -> None:
    story = two()
    story.do(MarkDuplicate(story.now.ref, "CD-0001-2"))
    other = Story(at=story.at + timedelta(hours=1)).with_records(tickets={"CD-0001-2": story.now})
    other.ticket = two().now
    assert "is itself a duplicate" in other.refused(MarkDuplicate(other.now.ref, "CD-0001-2"))


def test_a_ticket_that_is_related_can_turn_out_to_be_a_duplicate() -> None:
    story = two()
    story.do(LinkTicket(story.now.ref, "CD-0001-2"))
    ticket = story.do(MarkDuplicate(story.now.ref, "CD-0001-2"))
    assert ticket.links == (Link("duplicate of", "CD-0001-2"),)


def test_a_duplicate_that_was_reopened_can_be_marked_again() -> None:
    story = two()
    story.do(MarkDuplicate(story.now.ref, "CD-0001-2"))
    story.do(Reopen(story.now.ref, "It is another fault."))
    ticket = story.do(MarkDuplicate(story.now.ref, "CD-0001-2"))
    assert (ticket.stage, ticket.links) == (Stage.CLOSED, (Link("duplicate of", "CD-0001-2"),))


def test_marking_a_waiting_ticket_as_duplicate_ends_its_wait() -> None:
    story = two()
    story.do(Reply(story.now.ref, "Which version?"))
    story.do(Wait(story.now.ref))
    assert story.do(MarkDuplicate(story.now.ref, "CD-0001-2")).waiting is None
