"""The acts of the housekeeping: when each is due, what it does, and to whom it is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from supportdesk.sla.clocks import ClockKind, State, instant
from supportdesk.tickets.housekeeping.acts import list_acts
from supportdesk.tickets.housekeeping.closing import describe_closing
from supportdesk.tickets.process.assignment import Claim, HandBack
from supportdesk.tickets.process.closure import Close, Reopen
from supportdesk.tickets.process.conversation import RecordCall, Reply
from supportdesk.tickets.process.resolution import PromiseFix, ProposeWorkaround, Resolve, Resume, Wait
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.ticket import Stage
from tests.tickets.housekeeping.kept import REF, Kept, kept
from tests.tickets.scenario import RECORDS

NEXT_MONDAY_NINE = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
"""Five working days after the first."""
CHASE = "notified ann: the clock resumes after 50 h of office hours on hold; chase the customer, or close"
CLOSED = "the customer has not replied in 50 h of office hours"


def on_hold(*, until: date | None = None) -> Kept:
    return kept().do(Reply(REF, "Which version is it?"), Wait(REF, until=until))


def resolved() -> Kept:
    return kept().do(Resolve(REF, "Restarted the export."))


def test_rule_06_at_the_cap_the_owner_is_asked_to_chase_or_close_and_the_hold_stays() -> None:
    ticket = on_hold().until(NEXT_MONDAY_NINE - timedelta(seconds=1))
    assert not ticket.acts
    ticket.later(seconds=1)
    assert ticket.told == [CHASE]
    assert ticket.acts[0][0] == NEXT_MONDAY_NINE == ticket.acts[0][1].due
    assert ticket.scenario.now.waiting is not None
    assert ticket.later(days=20).told == [CHASE]


def test_rule_06_a_hold_that_is_not_for_the_customer_has_no_cap() -> None:
    ticket = kept().do(Wait(REF, "third party"))
    assert not ticket.later(days=30).acts


def test_rule_06_each_hold_has_its_own_cap() -> None:
    ticket = on_hold().until(NEXT_MONDAY_NINE)
    ticket.do(Reply(REF, "Are you there?"), Resume(REF), Reply(REF, "Hello?"), Wait(REF))
    assert ticket.later(days=7).told == [CHASE, CHASE]


def test_a_hold_that_is_resumed_by_mistake_does_not_ask_twice() -> None:
    ticket = on_hold().until(NEXT_MONDAY_NINE)
    ticket.do(Resume(REF)).later(minutes=1).do(Undo(REF))
    assert ticket.scenario.now.waiting is not None
    assert ticket.later(days=20).told == [CHASE]


@pytest.mark.parametrize("what", ["customer", "third party"])
def test_a_hold_until_a_day_ends_when_the_office_opens_and_the_owner_is_told(what: str) -> None:
    ticket = kept().do(Reply(REF, "Which version is it?"), Wait(REF, what, until=date(2026, 11, 28)))
    opening = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    ticket.until(opening - timedelta(seconds=1))
    assert not ticket.acts
    ticket.until(opening)
    assert ticket.told == ["notified ann: the hold until Sat 28 Nov 2026 is over"]
    assert ticket.scenario.now.waits[-1].ended == opening
    assert ticket.later(days=20).told == ["notified ann: the hold until Sat 28 Nov 2026 is over"]


def test_rule_23_a_hold_for_the_customer_beyond_the_cap_asks_at_the_cap_and_ends_on_its_day() -> None:
    ticket = on_hold(until=date(2026, 12, 9)).later(days=20)
    assert ticket.told == [CHASE, "notified ann: the hold until Wed 9 Dec 2026 is over"]


def test_a_hold_that_was_moved_ends_on_its_new_day() -> None:
    ticket = on_hold(until=date(2026, 11, 25)).do(Wait(REF, until=date(2026, 11, 26)))
    assert ticket.later(days=20).told == ["notified ann: the hold until Thu 26 Nov 2026 is over"]


def test_without_an_owner_the_team_is_told() -> None:
    ticket = on_hold().do(HandBack(REF, "I am away"))
    assert ticket.until(NEXT_MONDAY_NINE).acts[0][1].people == ("ann", "sam", "sue")


def test_an_owner_who_has_left_is_not_told() -> None:
    ticket = on_hold()
    staff = {**RECORDS.staff, "ann": replace(RECORDS.staff["ann"], active=False)}
    ticket.scenario.with_records(staff=staff)
    assert ticket.until(NEXT_MONDAY_NINE).acts[0][1].people == ("sam", "sue")


def test_with_nobody_to_tell_the_hold_ends_all_the_same() -> None:
    ticket = on_hold(until=date(2026, 11, 25))
    staff = {name: each for name, each in RECORDS.staff.items() if each.team != "user-support"}
    ticket.scenario.with_records(staff=staff)
    ticket.later(days=5)
    assert ticket.scenario.now.waiting is None
    assert ticket.told == [
        "skipped a step: the hold until Wed 25 Nov 2026 is over: it has no owner, and its team is empty"
    ]


def test_rule_23_a_resolved_ticket_closes_by_itself_when_the_customer_has_not_replied() -> None:
    ticket = resolved().until(NEXT_MONDAY_NINE)
    assert ticket.scenario.now.stage is Stage.RESOLVED
    ticket.later(seconds=5)
    assert (ticket.scenario.now.stage, ticket.scenario.now.closed_as) == (Stage.CLOSED, "no answer")
    assert ticket.told == [CLOSED]
    assert ticket.acts[0][1].due == NEXT_MONDAY_NINE + timedelta(seconds=1)


def test_the_time_to_reply_is_counted_from_the_last_message() -> None:
    ticket = resolved().later(days=2).do(Reply(REF, "Does it work?"))
    assert not ticket.until(NEXT_MONDAY_NINE + timedelta(days=1)).acts
    assert ticket.later(days=1, seconds=5).told == [CLOSED]


def test_rule_23_a_ticket_does_not_close_while_the_customer_waits_for_an_answer() -> None:
    ticket = resolved().later(days=1).do(RecordCall(REF, "It happened again today."))
    assert not ticket.later(days=60).acts
    ticket.do(Reply(REF, "That was the backup; it is moved now."))
    assert ticket.later(days=8).told == [CLOSED]


def test_a_call_that_was_answered_at_once_does_not_keep_a_ticket_open() -> None:
    ticket = resolved().later(days=1).do(RecordCall(REF, "Is it done?", "Yes."))
    assert ticket.later(days=8).told == [CLOSED]


def test_a_call_before_the_resolution_does_not_keep_a_ticket_open() -> None:
    ticket = kept().do(RecordCall(REF, "Any news?"), Resolve(REF, "Restarted the export."))
    assert ticket.later(days=8).told == [CLOSED]


def test_a_ticket_whose_fix_has_not_shipped_does_not_close_by_itself() -> None:
    ticket = kept("medium").do(ProposeWorkaround(REF, "Use the list."), PromiseFix(REF, "2026.12"))
    assert not ticket.do(Resolve(REF, "Use the list until then.")).later(days=40).acts


def test_rule_10_a_ticket_that_closed_by_itself_is_reopened_on_the_same_clock_and_closes_again() -> None:
    ticket = resolved().later(days=8)
    ticket.do(Reopen(REF, "It is back."))
    assert ticket.scenario.clock_status(ClockKind.RESOLUTION).state is State.OK
    ticket.do(Resolve(REF, "Fixed for good."))
    assert ticket.later(days=8).told == [CLOSED, CLOSED]


def test_rule_23_nothing_is_done_on_a_closed_ticket() -> None:
    ticket = resolved().do(Close(REF))
    assert not ticket.later(days=30).acts
    assert not list_acts(ticket.watch.case)


def test_rule_21_a_late_act_is_marked_late() -> None:
    ticket = resolved()
    ticket.down = True
    ticket.later(days=9)
    ticket.down = False
    ticket.later(seconds=0)
    assert ticket.told == [f"{CLOSED}; late, it was due on 30 Nov 2026 09:00 UTC"]


def test_rule_21_of_two_late_acts_of_a_hold_only_the_later_alerts() -> None:
    ticket = on_hold(until=date(2026, 12, 9))
    ticket.down = True
    ticket.later(days=20)
    ticket.down = False
    ticket.later(seconds=10)
    first, second = (act for _, act in ticket.acts)
    assert (first.outcome, first.people, first.late) == ("too old", (), True)
    assert first.reason == "too late to help, as the hold until Wed 9 Dec 2026 is over"
    assert (second.outcome, second.people, second.late) == ("fired", ("ann",), True)


def test_rule_21_a_late_notice_waits_for_the_tick_after_a_late_escalation() -> None:
    ticket = kept("critical").do(Claim(REF), by="priya")
    ticket.do(Wait(REF, "third party", until=date(2026, 11, 24)), by="priya")
    ticket.down = True
    ticket.later(days=2)
    ticket.down = False
    assert not ticket.tick()
    assert [wait.ended for wait in ticket.scenario.now.waits] == [None]
    ticket.later(seconds=30)
    assert ticket.scenario.now.waits[0].ended == ticket.acts[0][0]
    assert [act.late for _, act in ticket.acts] == [True]


def test_rule_23_it_is_said_when_a_ticket_closes_by_itself_and_why_it_does_not() -> None:
    ticket = kept()
    assert describe_closing(ticket.watch.case, ticket.at) == ""
    ticket.do(Resolve(REF, "Restarted the export."))
    assert (
        describe_closing(ticket.watch.case, ticket.at)
        == "by itself 30 Nov 09:00 GMT unless the customer replies"
    )
    ticket.later(hours=1).do(RecordCall(REF, "It happened again."))
    waits = "not by itself: the customer has waited for an answer since 10:00 GMT"
    assert describe_closing(ticket.watch.case, ticket.at) == waits
    ticket.do(Close(REF))
    assert describe_closing(ticket.watch.case, ticket.at) == ""
    promised = kept("medium").do(ProposeWorkaround(REF, "Use the list."), PromiseFix(REF, "2026.12"))
    promised.do(Resolve(REF, "Use the list until then."))
    shipped = "not by itself: the fix in 2026.12 has not shipped"
    assert describe_closing(promised.watch.case, promised.at) == shipped


def test_a_closed_day_that_is_declared_moves_what_is_due() -> None:
    ticket = resolved()
    assert [instant(act.due) for act in list_acts(ticket.watch.case)] == [
        NEXT_MONDAY_NINE + timedelta(seconds=1)
    ]
    hours = tuple(
        each if each.always else replace(each, closed=(date(2026, 11, 25),))
        for each in ticket.scenario.policy.calendars
    )
    changed = replace(ticket.scenario.policy, calendars=hours)
    assert [instant(act.due) for act in list_acts(replace(ticket.watch.case, policy=changed))] == [
        NEXT_MONDAY_NINE + timedelta(days=1, seconds=1)
    ]
