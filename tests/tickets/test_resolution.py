"""Working the ticket: replies, waits, and how each severity's promise is kept."""

from datetime import UTC, date, datetime, timedelta

import pytest

from supportdesk.sla.clocks import ClockKind, State, epoch
from supportdesk.tickets.documents import Release
from supportdesk.tickets.housekeeping.holds import find_end_of_hold
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.resolution import (
    LinkArticle,
    PromiseFix,
    ProposeWorkaround,
    RecordContact,
    Resolve,
    Resume,
    Wait,
)
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.records.rules import release_consequences
from supportdesk.tickets.ticket import WAITS, Stage, WaitPeriod
from tests.tickets.scenario import MONDAY_NINE, RECORDS, Scenario, logged


def test_rule_03_a_reply_by_the_team_that_the_severity_names_is_the_response() -> None:
    scenario = logged("high").later(minutes=30)
    scenario.do(Reply(scenario.now.ref, "We are looking at it."))
    reading = scenario.clock_status(ClockKind.RESPONSE)
    assert (reading.state, reading.stopped_at, reading.elapsed) == (State.MET, scenario.at, 30 * 60)


def test_rule_03_a_critical_is_not_answered_by_user_support() -> None:
    scenario = logged("critical").later(minutes=5)
    scenario.do(Reply(scenario.now.ref, "Technical Support will ring you."), by="ann")
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.OK
    scenario.later(minutes=5).do(Reply(scenario.now.ref, "This is Priya.", by="telephone"), by="priya")
    assert scenario.clock_status(ClockKind.RESPONSE).stopped_at == scenario.at


def test_rule_01_an_answer_the_same_evening_after_closing_time_is_still_in_time() -> None:
    scenario = logged("high", at=datetime(2026, 11, 23, 15, 0, tzinfo=UTC)).later(hours=4)
    assert scenario.clock_status(ClockKind.RESPONSE).due == datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    scenario.do(Reply(scenario.now.ref, "Done."))
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.MET


def test_rule_01_one_second_of_the_next_morning_is_too_late() -> None:
    scenario = logged("high", at=datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    scenario.at = datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC)
    scenario.do(Reply(scenario.now.ref, "Done."))
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.MISSED


def test_a_second_reply_leaves_the_response_as_it_was() -> None:
    scenario = logged("high")
    scenario.do(Reply(scenario.now.ref, "one"))
    first = scenario.now.response_verdict
    scenario.later(hours=1).do(Reply(scenario.now.ref, "two"))
    assert scenario.now.response_verdict == first


def test_the_first_work_on_an_unowned_ticket_takes_it() -> None:
    scenario = logged("high")
    assert scenario.do(Reply(scenario.now.ref, "Hello")).owner == "ann"


def test_rule_06_waiting_on_the_customer_needs_a_question_first() -> None:
    scenario = logged("high")
    scenario.do(Claim(scenario.now.ref))
    assert "reply with a question first" in scenario.refused(Wait(scenario.now.ref))
    scenario.do(Reply(scenario.now.ref, "Which version is it?"))
    assert scenario.do(Wait(scenario.now.ref)).waiting is not None


def test_rule_06_each_wait_on_the_customer_needs_a_question_of_its_own() -> None:
    scenario = logged("high")
    scenario.do(Reply(scenario.now.ref, "Which version is it?"))
    scenario.later(minutes=1).do(Wait(scenario.now.ref))
    scenario.later(minutes=9).do(Resume(scenario.now.ref, "version 7"))
    assert "reply with a question first" in scenario.later(minutes=1).refused(Wait(scenario.now.ref))


def test_rule_06_only_the_wait_on_the_customer_pauses_the_clock() -> None:
    scenario = logged("high")
    scenario.do(Reply(scenario.now.ref, "We have asked the hosting company."))
    scenario.do(Wait(scenario.now.ref, on="third party"))
    assert scenario.later(hours=2).clock_status(ClockKind.RESOLUTION).elapsed == 2 * 3600
    scenario.do(Wait(scenario.now.ref, on="customer"))
    reading = scenario.later(hours=3).clock_status(ClockKind.RESOLUTION)
    assert (reading.state, reading.elapsed, reading.due) == (State.PAUSED, 2 * 3600, None)


def test_rule_06_the_pause_ends_by_itself_after_five_working_days() -> None:
    scenario = logged("high")
    scenario.do(Reply(scenario.now.ref, "Which version is it?"))
    scenario.do(Wait(scenario.now.ref))
    assert scenario.later(days=7).clock_status(ClockKind.RESOLUTION).state is not State.PAUSED
    assert scenario.later(hours=2).clock_status(ClockKind.RESOLUTION).elapsed == 2 * 3600


def test_waiting_twice_on_the_same_or_resuming_what_does_not_wait_is_refused() -> None:
    scenario = logged("high")
    assert "this ticket is not on hold" in scenario.refused(Resume(scenario.now.ref))
    scenario.do(Wait(scenario.now.ref, on="third party"))
    assert "already on hold for a third party" in scenario.refused(Wait(scenario.now.ref, on="third party"))


def test_a_hold_for_anything_can_end_on_a_day() -> None:
    friday = date(2026, 12, 4)
    for what in WAITS:
        scenario = logged("medium")
        scenario.do(ProposeWorkaround(scenario.now.ref, "Use the other printer. Does that work?"))
        scenario.do(PromiseFix(scenario.now.ref, "2026.12"))
        waiting = scenario.do(Wait(scenario.now.ref, what, until=friday)).waiting
        assert waiting is not None
        assert (waiting.on, waiting.until) == (what, friday)
        assert scenario.events[-1].sentence().endswith("until Fri 4 Dec 2026")


@pytest.mark.parametrize(
    ("until", "why"),
    [
        (date(2026, 11, 22), "Sun 22 Nov 2026 has begun"),
        (date(2026, 11, 23), "Mon 23 Nov 2026 has begun"),
        (date(2027, 11, 25), "Thu 25 Nov 2027 is over a year away"),
        (date.max, "is over a year away"),
        (date.min, "has begun"),
    ],
)
def test_a_hold_ends_on_a_later_day_within_a_year(until: date, why: str) -> None:
    scenario = logged("high")
    assert why in scenario.refused(Wait(scenario.now.ref, "third party", until=until))


def test_a_hold_can_end_this_morning_before_the_office_opens() -> None:
    scenario = logged("high", at=datetime(2026, 11, 23, 7, 0, tzinfo=UTC))
    assert scenario.do(Wait(scenario.now.ref, "third party", until=date(2026, 11, 23))).waiting is not None


def test_the_day_on_which_a_hold_ends_can_be_moved_and_the_hold_goes_on() -> None:
    scenario = logged("high")
    scenario.do(Reply(scenario.now.ref, "Which version is it?"))
    hold = scenario.do(Wait(scenario.now.ref)).waiting
    assert hold is not None
    friday, monday = date(2026, 12, 4), date(2026, 12, 7)
    for day in (friday, monday):
        scenario.later(minutes=1).do(Wait(scenario.now.ref, reason="they are away", until=day))
        assert scenario.now.waits == (WaitPeriod("customer", hold.began, until=day),)
    assert [each.sentence() for each in scenario.events] == ["on hold until Mon 7 Dec 2026: they are away"]
    same = scenario.refused(Wait(scenario.now.ref, until=monday))
    assert same.startswith("it is already on hold for the customer until Mon 7 Dec 2026; take it off hold")
    assert "already on hold" in scenario.refused(Wait(scenario.now.ref))


def test_a_moved_end_of_a_hold_can_be_undone() -> None:
    scenario = logged("high")
    scenario.do(Wait(scenario.now.ref, "third party", until=date(2026, 12, 4)))
    scenario.later(minutes=1).do(Wait(scenario.now.ref, "third party", until=date(2026, 12, 7)))
    waiting = scenario.later(minutes=1).do(Undo(scenario.now.ref)).waiting
    assert waiting is not None
    assert waiting.until == date(2026, 12, 4)


def test_rule_06_the_pause_ends_with_the_hold_whether_or_not_anybody_ends_it() -> None:
    scenario = logged("high")
    scenario.do(Reply(scenario.now.ref, "Which version is it?"))
    scenario.do(Wait(scenario.now.ref, until=date(2026, 11, 25)))
    wednesday = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    scenario.at = wednesday - timedelta(seconds=1)
    assert scenario.clock_status(ClockKind.RESOLUTION).state is State.PAUSED
    scenario.at = wednesday + timedelta(hours=2)
    assert scenario.clock_status(ClockKind.RESOLUTION).elapsed == 2 * 3600
    scenario.do(Resume(scenario.now.ref))
    assert scenario.clock_status(ClockKind.RESOLUTION).elapsed == 2 * 3600


def test_a_hold_that_is_over_is_not_extended_after_the_fact() -> None:
    scenario = logged("high")
    scenario.do(Wait(scenario.now.ref, "third party", until=date(2026, 11, 25)))
    later = Wait(scenario.now.ref, "third party", until=date(2026, 12, 4))
    assert "it was on hold until Wed 25 Nov 2026, and that is over" in scenario.later(days=2).refused(later)


def test_a_hold_until_a_closed_day_ends_at_the_next_opening() -> None:
    scenario = logged("high")
    hold = scenario.do(Wait(scenario.now.ref, "third party", until=date(2026, 12, 25))).waiting
    assert hold is not None
    assert find_end_of_hold(scenario.policy, hold) == epoch(datetime(2026, 12, 29, 8, 0, tzinfo=UTC))


def test_waiting_on_a_release_needs_a_promised_fix() -> None:
    scenario = logged("medium")
    assert "promise a fix" in scenario.refused(Wait(scenario.now.ref, on="release"))
    scenario.do(PromiseFix(scenario.now.ref, "2026.12"))
    assert scenario.do(Wait(scenario.now.ref, on="release")).waiting is not None


@pytest.mark.parametrize("severity", ["critical", "high"])
def test_rule_04_critical_and_high_are_resolved_by_service_restored_or_a_fix(severity: str) -> None:
    scenario = logged(severity)
    ticket = scenario.do(Resolve(scenario.now.ref, "Restarted the node."), by="priya")
    assert (ticket.stage, ticket.resolved_how) == (Stage.RESOLVED, "restored")
    assert scenario.clock_status(ClockKind.RESOLUTION).state is State.MET
    other = logged(severity)
    assert other.do(Resolve(other.now.ref, "Patched.", how="fix"), by="priya").resolved_how == "fix"


def test_rule_04_medium_needs_a_workaround_and_a_fix_date() -> None:
    scenario = logged("medium")
    ref = scenario.now.ref
    assert "Still missing: a workaround and a fix date" in scenario.refused(Resolve(ref, "Done"))
    scenario.do(ProposeWorkaround(ref, "Print from the list."))
    assert "Still missing: a fix date" in scenario.refused(Resolve(ref, "Done"))
    scenario.do(PromiseFix(ref, "2026.12"))
    assert scenario.do(Resolve(ref, "Print from the list until 2026.12.")).stage is Stage.RESOLVED


def test_rule_04_low_needs_an_article_or_a_workaround_and_a_fix_date() -> None:
    scenario = logged("low")
    ref = scenario.now.ref
    assert "an article, or a workaround and a fix date" in scenario.refused(Resolve(ref, "Done"))
    scenario.do(LinkArticle(ref, "KB-1"))
    assert scenario.do(Resolve(ref, "See KB-1.")).resolved_how == "article"


def test_rule_04_a_change_request_needs_the_account_manager() -> None:
    scenario = logged("change")
    ref = scenario.now.ref
    assert "Still missing: the account manager's contact" in scenario.refused(Resolve(ref, "Done"))
    assert "only an account manager or a supervisor (Dora, Max or Sue)" in scenario.refused(
        RecordContact(ref, "agreed")
    )
    scenario.do(RecordContact(ref, "They want it in spring."), by="max")
    assert scenario.do(Resolve(ref, "As agreed with Max."), by="max").stage is Stage.RESOLVED


def test_a_supervisor_records_the_contact_of_the_organisations_account_manager() -> None:
    scenario = logged("change")
    scenario.do(RecordContact(scenario.now.ref, "Max rang them."), by="sue")
    assert scenario.events[0].sentence().startswith("Max discussed")


def test_rule_04_a_medium_is_not_resolved_by_saying_that_it_is_fixed() -> None:
    scenario = logged("medium")
    assert "not resolved by a fix" in scenario.refused(Resolve(scenario.now.ref, "Done", how="fix"))


def test_resolving_without_a_word_to_the_customer_is_refused() -> None:
    scenario = logged("high")
    assert "say what you tell the customer" in scenario.refused(Resolve(scenario.now.ref, " "))


def test_rule_03_a_critical_that_nobody_of_technical_support_answered_cannot_be_resolved() -> None:
    scenario = logged("critical")
    assert "Technical Support has not responded" in scenario.refused(Resolve(scenario.now.ref, "Restarted"))


def test_resolving_ends_a_wait_and_freezes_the_time_used_before_it() -> None:
    scenario = logged("high")
    scenario.do(Reply(scenario.now.ref, "Which version?"))
    scenario.later(hours=1).do(Wait(scenario.now.ref))
    scenario.later(hours=4).do(Resolve(scenario.now.ref, "It was version 6."))
    verdict = scenario.now.resolution_verdict
    assert verdict is not None
    assert verdict.elapsed == 3600
    assert scenario.now.waiting is None


def promised() -> Scenario:
    scenario = logged("medium")
    scenario.do(ProposeWorkaround(scenario.now.ref, "Print from the list."))
    scenario.do(PromiseFix(scenario.now.ref, "2026.12"))
    return scenario


def ship(scenario: Scenario, release: Release) -> None:
    scenario.apply(*release_consequences(scenario.policy, scenario.now, release, scenario.at), by="sue")


def test_rule_05_a_promised_fix_is_due_on_its_releases_day() -> None:
    scenario = promised()
    reading = scenario.clock_status(ClockKind.RESOLUTION)
    assert (reading.state, reading.due) == (State.PROMISED, datetime(2026, 12, 9, 23, 59, 59, tzinfo=UTC))


def test_rule_05_a_promise_that_passes_unshipped_is_broken_even_on_a_resolved_ticket() -> None:
    scenario = promised()
    scenario.do(Resolve(scenario.now.ref, "Print from the list until then."))
    scenario.at = datetime(2026, 12, 10, tzinfo=UTC)
    assert scenario.clock_status(ClockKind.RESOLUTION).state is State.BREACHED


def test_rule_05_when_the_release_moves_its_promises_move_visibly() -> None:
    scenario = promised()
    ship(scenario, Release("2026.12", datetime(2026, 12, 16, tzinfo=UTC).date()))
    assert scenario.now.fix is not None
    assert scenario.now.fix.day.day == 16
    assert scenario.history[-1][0].sentence() == "fix date of 2026.12 moved from 9 Dec 2026 to 16 Dec 2026"


def test_rule_05_moving_a_release_that_has_passed_does_not_mend_its_promises() -> None:
    scenario = promised()
    scenario.at = datetime(2026, 12, 12, 9, tzinfo=UTC)
    ship(scenario, Release("2026.12", datetime(2026, 12, 16, tzinfo=UTC).date()))
    assert scenario.clock_status(ClockKind.RESOLUTION).state is State.BREACHED


def test_rule_05_promising_another_release_does_not_mend_a_broken_promise() -> None:
    scenario = promised()
    scenario.at = datetime(2026, 12, 12, 9, tzinfo=UTC)
    scenario.do(PromiseFix(scenario.now.ref, "2027.01"))
    assert scenario.clock_status(ClockKind.RESOLUTION).state is State.BREACHED


@pytest.mark.parametrize(("day", "verdict"), [(9, State.MET), (10, State.MISSED)])
def test_rule_05_a_release_that_ships_settles_its_promises(day: int, verdict: State) -> None:
    scenario = promised()
    scenario.at = datetime(2026, 12, day, 12, tzinfo=UTC)
    ship(scenario, Release("2026.12", RECORDS.releases["2026.12"].day, shipped_at=scenario.at))
    assert scenario.clock_status(ClockKind.RESOLUTION).state is verdict


def test_rule_05_a_fix_is_out_since_the_release_went_out_however_late_that_is_recorded() -> None:
    scenario = promised()
    went_out = datetime(2026, 12, 9, 12, tzinfo=UTC)
    scenario.at = datetime(2026, 12, 11, 9, tzinfo=UTC)
    ship(scenario, Release("2026.12", RECORDS.releases["2026.12"].day, shipped_at=went_out))
    assert scenario.now.fix is not None
    assert scenario.now.fix.shipped_at == went_out
    assert scenario.history[-2][0].sentence() == "the fix shipped in 2026.12 on 9 Dec 2026 12:00 UTC"
    reading = scenario.clock_status(ClockKind.RESOLUTION)
    assert (reading.state, reading.stopped_at) == (State.MET, went_out)


def test_a_fix_that_was_out_before_the_request_arrived_stops_no_clock_before_that() -> None:
    scenario = promised()
    ship(scenario, Release("2026.12", RECORDS.releases["2026.12"].day, shipped_at=MONDAY_NINE - timedelta(1)))
    assert scenario.clock_status(ClockKind.RESOLUTION).stopped_at == MONDAY_NINE


def test_rule_04_a_fix_that_is_out_does_not_take_the_account_managers_place() -> None:
    scenario = logged("change")
    scenario.do(PromiseFix(scenario.now.ref, "2026.12"))
    assert scenario.clock_status(ClockKind.RESOLUTION).state is State.OPEN
    ship(scenario, Release("2026.12", RECORDS.releases["2026.12"].day, shipped_at=scenario.at))
    assert scenario.now.resolution_verdict is None
    scenario.at = datetime(2026, 12, 12, 9, tzinfo=UTC)
    assert scenario.clock_status(ClockKind.RESOLUTION).state is State.OPEN


def test_rule_05_a_fix_date_that_passes_breaks_no_promise_of_a_time() -> None:
    scenario = logged("high")
    scenario.do(PromiseFix(scenario.now.ref, "2026.12"))
    scenario.do(Resolve(scenario.now.ref, "Restarted; the fix follows."))
    scenario.at = datetime(2026, 12, 12, 9, tzinfo=UTC)
    ship(scenario, Release("2026.12", datetime(2026, 12, 16, tzinfo=UTC).date()))
    assert scenario.now.resolution.breached_at is None


def test_a_release_that_is_unknown_out_or_overdue_cannot_be_promised() -> None:
    scenario = logged("medium")
    ref = scenario.now.ref
    assert "no release" in scenario.refused(PromiseFix(ref, "3000.1"))
    assert "has shipped" in scenario.refused(PromiseFix(ref, "2026.10"))
    assert "was due on 9 Nov 2026" in scenario.refused(PromiseFix(ref, "2026.11"))
    scenario.do(PromiseFix(ref, "2026.12"))
    assert "already" in scenario.refused(PromiseFix(ref, "2026.12"))


def test_an_article_is_linked_once_and_must_exist() -> None:
    scenario = logged("low")
    scenario.do(LinkArticle(scenario.now.ref, "KB-1"))
    assert "already" in scenario.refused(LinkArticle(scenario.now.ref, "KB-1"))
    assert "no article" in scenario.refused(LinkArticle(scenario.now.ref, "KB-9"))


def test_a_reply_is_still_possible_on_a_resolved_ticket_but_not_on_a_closed_one() -> None:
    scenario = logged("high", at=MONDAY_NINE - timedelta(days=3))
    scenario.do(Resolve(scenario.now.ref, "Restarted."))
    assert scenario.do(Reply(scenario.now.ref, "Does it hold?")).stage is Stage.RESOLVED
