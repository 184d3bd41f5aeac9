"""Working the ticket: replies, waits, and how each severity's promise is kept."""

from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.sla.clocks import ClockKind, State
from supportdesk.tickets.documents import Release
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.resolution import (
    LinkArticle,
    PromiseFix,
    ProposeWorkaround,
    RecordContact,
    Reply,
    Resolve,
    Resume,
    Wait,
)
from supportdesk.tickets.records.rules import release_consequences
from supportdesk.tickets.ticket import Stage
from tests.tickets.scenario import MONDAY_NINE, RECORDS, Story, logged


def test_rule_03_a_reply_by_the_team_that_the_severity_names_is_the_response() -> None:
    story = logged("high").later(minutes=30)
    story.do(Reply(story.now.ref, "We are looking at it."))
    reading = story.clock_status(ClockKind.RESPONSE)
    assert (reading.state, reading.stopped_at, reading.elapsed) == (State.MET, story.at, 30 * 60)


def test_rule_03_a_critical_is_not_answered_by_user_support() -> None:
    story = logged("critical").later(minutes=5)
    story.do(Reply(story.now.ref, "Technical Support will ring you."), by="ann")
    assert story.clock_status(ClockKind.RESPONSE).state is State.OK
    story.later(minutes=5).do(Reply(story.now.ref, "This is Priya.", by="telephone"), by="priya")
    assert story.clock_status(ClockKind.RESPONSE).stopped_at == story.at


def test_rule_01_an_answer_the_same_evening_after_closing_time_is_still_in_time() -> None:
    story = logged("high", at=datetime(2026, 11, 23, 15, 0, tzinfo=UTC)).later(hours=4)
    assert story.clock_status(ClockKind.RESPONSE).due == datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    story.do(Reply(story.now.ref, "Done."))
    assert story.clock_status(ClockKind.RESPONSE).state is State.MET


def test_rule_01_one_second_of_the_next_morning_is_too_late() -> None:
    story = logged("high", at=datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    story.at = datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC)
    story.do(Reply(story.now.ref, "Done."))
    assert story.clock_status(ClockKind.RESPONSE).state is State.MISSED


def test_a_second_reply_leaves_the_response_as_it_was() -> None:
    story = logged("high")
    story.do(Reply(story.now.ref, "one"))
    first = story.now.response_verdict
    story.later(hours=1).do(Reply(story.now.ref, "two"))
    assert story.now.response_verdict == first


def test_the_first_work_on_an_unowned_ticket_takes_it() -> None:
    story = logged("high")
    assert story.do(Reply(story.now.ref, "Hello")).owner == "ann"


def test_rule_06_waiting_on_the_customer_needs_a_question_first() -> None:
    story = logged("high")
    story.do(Claim(story.now.ref))
    assert "reply with a question first" in story.refused(Wait(story.now.ref))
    story.do(Reply(story.now.ref, "Which version is it?"))
    assert story.do(Wait(story.now.ref)).waiting is not None


def test_rule_06_each_wait_on_the_customer_needs_a_question_of_its_own() -> None:
    story = logged("high")
    story.do(Reply(story.now.ref, "Which version is it?"))
    story.later(minutes=1).do(Wait(story.now.ref))
    story.later(minutes=9).do(Resume(story.now.ref, "version 7"))
    assert "reply with a question first" in story.later(minutes=1).refused(Wait(story.now.ref))


def test_rule_06_only_the_wait_on_the_customer_pauses_the_clock() -> None:
    story = logged("high")
    story.do(Reply(story.now.ref, "We have asked the hosting company."))
    story.do(Wait(story.now.ref, on="third party"))
    assert story.later(hours=2).clock_status(ClockKind.RESOLUTION).elapsed == 2 * 3600
    story.do(Wait(story.now.ref, on="customer"))
    reading = story.later(hours=3).clock_status(ClockKind.RESOLUTION)
    assert (reading.state, reading.elapsed, reading.due) == (State.PAUSED, 2 * 3600, None)


def test_rule_06_the_pause_ends_by_itself_after_five_working_days() -> None:
    story = logged("high")
    story.do(Reply(story.now.ref, "Which version is it?"))
    story.do(Wait(story.now.ref))
    assert story.later(days=7).clock_status(ClockKind.RESOLUTION).state is not State.PAUSED
    assert story.later(hours=2).clock_status(ClockKind.RESOLUTION).elapsed == 2 * 3600


def test_waiting_twice_on_the_same_or_resuming_what_does_not_wait_is_refused() -> None:
    story = logged("high")
    assert "this ticket is not on hold" in story.refused(Resume(story.now.ref))
    story.do(Wait(story.now.ref, on="third party"))
    assert "already on hold for the third party" in story.refused(Wait(story.now.ref, on="third party"))


def test_waiting_on_a_release_needs_a_promised_fix() -> None:
    story = logged("medium")
    assert "promise a fix" in story.refused(Wait(story.now.ref, on="release"))
    story.do(PromiseFix(story.now.ref, "2026.12"))
    assert story.do(Wait(story.now.ref, on="release")).waiting is not None


@pytest.mark.parametrize("severity", ["critical", "high"])
def test_rule_04_critical_and_high_are_resolved_by_service_restored_or_a_fix(severity: str) -> None:
    story = logged(severity)
    ticket = story.do(Resolve(story.now.ref, "Restarted the node."), by="priya")
    assert (ticket.stage, ticket.resolved_how) == (Stage.RESOLVED, "restored")
    assert story.clock_status(ClockKind.RESOLUTION).state is State.MET
    other = logged(severity)
    assert other.do(Resolve(other.now.ref, "Patched.", how="fix"), by="priya").resolved_how == "fix"


def test_rule_04_medium_needs_a_workaround_and_a_fix_date() -> None:
    story = logged("medium")
    ref = story.now.ref
    assert "Still missing: a workaround and a fix date" in story.refused(Resolve(ref, "Done"))
    story.do(ProposeWorkaround(ref, "Print from the list."))
    assert "Still missing: a fix date" in story.refused(Resolve(ref, "Done"))
    story.do(PromiseFix(ref, "2026.12"))
    assert story.do(Resolve(ref, "Print from the list until 2026.12.")).stage is Stage.RESOLVED


def test_rule_04_low_needs_an_article_or_a_workaround_and_a_fix_date() -> None:
    story = logged("low")
    ref = story.now.ref
    assert "an article, or a workaround and a fix date" in story.refused(Resolve(ref, "Done"))
    story.do(LinkArticle(ref, "KB-1"))
    assert story.do(Resolve(ref, "See KB-1.")).resolved_how == "article"


def test_rule_04_a_change_request_needs_the_account_manager() -> None:
    story = logged("change")
    ref = story.now.ref
    assert "Still missing: the account manager's contact" in story.refused(Resolve(ref, "Done"))
    assert "only an account manager or a supervisor (Dora, Max or Sue)" in story.refused(
        RecordContact(ref, "agreed")
    )
    story.do(RecordContact(ref, "They want it in spring."), by="max")
    assert story.do(Resolve(ref, "As agreed with Max."), by="max").stage is Stage.RESOLVED


def test_a_supervisor_records_the_contact_of_the_organisations_account_manager() -> None:
    story = logged("change")
    story.do(RecordContact(story.now.ref, "Max rang them."), by="sue")
    assert story.events[0].sentence().startswith("Max discussed")


def test_rule_04_a_medium_is_not_resolved_by_saying_that_it_is_fixed() -> None:
    story = logged("medium")
    assert "not resolved by a fix" in story.refused(Resolve(story.now.ref, "Done", how="fix"))


def test_resolving_without_a_word_to_the_customer_is_refused() -> None:
    story = logged("high")
    assert "say what you tell the customer" in story.refused(Resolve(story.now.ref, " "))


def test_rule_03_a_critical_that_nobody_of_technical_support_answered_cannot_be_resolved() -> None:
    story = logged("critical")
    assert "Technical Support has not responded" in story.refused(Resolve(story.now.ref, "Restarted"))


def test_resolving_ends_a_wait_and_freezes_the_time_used_before_it() -> None:
    story = logged("high")
    story.do(Reply(story.now.ref, "Which version?"))
    story.later(hours=1).do(Wait(story.now.ref))
    story.later(hours=4).do(Resolve(story.now.ref, "It was version 6."))
    verdict = story.now.resolution_verdict
    assert verdict is not None
    assert verdict.elapsed == 3600
    assert story.now.waiting is None


def promised() -> Story:
    story = logged("medium")
    story.do(ProposeWorkaround(story.now.ref, "Print from the list."))
    story.do(PromiseFix(story.now.ref, "2026.12"))
    return story


def ship(story: Story, release: Release) -> None:
    story.apply(*release_consequences(story.policy, story.now, release, story.at), by="sue")


def test_rule_05_a_promised_fix_is_due_on_its_releases_day() -> None:
    story = promised()
    reading = story.clock_status(ClockKind.RESOLUTION)
    assert (reading.state, reading.due) == (State.PROMISED, datetime(2026, 12, 9, 23, 59, 59, tzinfo=UTC))


def test_rule_05_a_promise_that_passes_unshipped_is_broken_even_on_a_resolved_ticket() -> None:
    story = promised()
    story.do(Resolve(story.now.ref, "Print from the list until then."))
    story.at = datetime(2026, 12, 10, tzinfo=UTC)
    assert story.clock_status(ClockKind.RESOLUTION).state is State.BREACHED


def test_rule_05_when_the_release_moves_its_promises_move_visibly() -> None:
    story = promised()
    ship(story, Release("2026.12", datetime(2026, 12, 16, tzinfo=UTC).date()))
    assert story.now.fix is not None
    assert story.now.fix.day.day == 16
    assert story.history[-1][0].sentence() == "fix date of 2026.12 was 09 Dec 2026 -> is 16 Dec 2026"


def test_rule_05_moving_a_release_that_has_passed_does_not_mend_its_promises() -> None:
    story = promised()
    story.at = datetime(2026, 12, 12, 9, tzinfo=UTC)
    ship(story, Release("2026.12", datetime(2026, 12, 16, tzinfo=UTC).date()))
    assert story.clock_status(ClockKind.RESOLUTION).state is State.BREACHED


def test_rule_05_promising_another_release_does_not_mend_a_broken_promise() -> None:
    story = promised()
    story.at = datetime(2026, 12, 12, 9, tzinfo=UTC)
    story.do(PromiseFix(story.now.ref, "2027.01"))
    assert story.clock_status(ClockKind.RESOLUTION).state is State.BREACHED


@pytest.mark.parametrize(("day", "verdict"), [(9, State.MET), (10, State.MISSED)])
def test_rule_05_a_release_that_ships_settles_its_promises(day: int, verdict: State) -> None:
    story = promised()
    story.at = datetime(2026, 12, day, 12, tzinfo=UTC)
    ship(story, Release("2026.12", RECORDS.releases["2026.12"].day, shipped_at=story.at))
    assert story.clock_status(ClockKind.RESOLUTION).state is verdict


def test_rule_05_a_fix_is_out_since_the_release_went_out_however_late_that_is_recorded() -> None:
    story = promised()
    went_out = datetime(2026, 12, 9, 12, tzinfo=UTC)
    story.at = datetime(2026, 12, 11, 9, tzinfo=UTC)
    ship(story, Release("2026.12", RECORDS.releases["2026.12"].day, shipped_at=went_out))
    assert story.now.fix is not None
    assert story.now.fix.shipped_at == went_out
    assert story.history[-2][0].sentence() == "the fix is out in 2026.12 since 09 Dec 2026 12:00 UTC"
    reading = story.clock_status(ClockKind.RESOLUTION)
    assert (reading.state, reading.stopped_at) == (State.MET, went_out)


def test_a_fix_that_was_out_before_the_request_arrived_stops_no_clock_before_that() -> None:
    story = promised()
    ship(story, Release("2026.12", RECORDS.releases["2026.12"].day, shipped_at=MONDAY_NINE - timedelta(1)))
    assert story.clock_status(ClockKind.RESOLUTION).stopped_at == MONDAY_NINE


def test_rule_04_a_fix_that_is_out_does_not_take_the_account_managers_place() -> None:
    story = logged("change")
    story.do(PromiseFix(story.now.ref, "2026.12"))
    assert story.clock_status(ClockKind.RESOLUTION).state is State.OPEN
    ship(story, Release("2026.12", RECORDS.releases["2026.12"].day, shipped_at=story.at))
    assert story.now.resolution_verdict is None
    story.at = datetime(2026, 12, 12, 9, tzinfo=UTC)
    assert story.clock_status(ClockKind.RESOLUTION).state is State.OPEN


def test_rule_05_a_fix_date_that_passes_breaks_no_promise_of_a_time() -> None:
    story = logged("high")
    story.do(PromiseFix(story.now.ref, "2026.12"))
    story.do(Resolve(story.now.ref, "Restarted; the fix follows."))
    story.at = datetime(2026, 12, 12, 9, tzinfo=UTC)
    ship(story, Release("2026.12", datetime(2026, 12, 16, tzinfo=UTC).date()))
    assert story.now.resolution.breached_at is None


def test_a_release_that_is_unknown_out_or_overdue_cannot_be_promised() -> None:
    story = logged("medium")
    ref = story.now.ref
    assert "no release" in story.refused(PromiseFix(ref, "3000.1"))
    assert "has shipped" in story.refused(PromiseFix(ref, "2026.10"))
    assert "was due on 09 Nov 2026" in story.refused(PromiseFix(ref, "2026.11"))
    story.do(PromiseFix(ref, "2026.12"))
    assert "already" in story.refused(PromiseFix(ref, "2026.12"))


def test_an_article_is_linked_once_and_must_exist() -> None:
    story = logged("low")
    story.do(LinkArticle(story.now.ref, "KB-1"))
    assert "already" in story.refused(LinkArticle(story.now.ref, "KB-1"))
    assert "no article" in story.refused(LinkArticle(story.now.ref, "KB-9"))


def test_a_reply_is_still_possible_on_a_resolved_ticket_but_not_on_a_closed_one() -> None:
    story = logged("high", at=MONDAY_NINE - timedelta(days=3))
    story.do(Resolve(story.now.ref, "Restarted."))
    assert story.do(Reply(story.now.ref, "Does it hold?")).stage is Stage.RESOLVED
