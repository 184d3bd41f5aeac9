"""The ladders of the built-in policy, as a watcher climbs them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from supportdesk.sla.clocks import instant
from supportdesk.tickets.documents import Rotation
from supportdesk.tickets.escalation.steps import StepOutcome
from supportdesk.tickets.process.assignment import Claim, HandBack
from supportdesk.tickets.process.closure import Close, Reopen
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.resolution import PromiseFix, ProposeWorkaround, Resolve
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.triage import Acknowledge
from tests.tickets.escalation.watched import FULL, REF, watched
from tests.tickets.scenario import MONDAY_NINE

NO_SECOND = ("nobody is second on call",)


def test_a_critical_that_nobody_acknowledges_climbs_to_the_top() -> None:
    desk = watched()
    desk.wait(hours=9)
    assert desk.told() == [
        ("5:00", "on-call/2", ("priya",)),
        ("10:00", "second", NO_SECOND),
        ("10:00", "manager", ("sue",)),
        ("25:00", "head", ("hal",)),
        ("45:00", "response-director", ("dora",)),
        ("360:00", "resolution-owner", ("sue",)),
        ("432:00", "resolution-head", ("hal",)),
        ("480:05", "resolution-director", ("dora",)),
    ]
    assert desk.next_due is None


def test_the_command_that_logs_a_critical_has_fired_the_first_step() -> None:
    desk = watched()
    assert [page.person for page in desk.scenario.now.open_pages] == ["priya"]
    assert desk.wait(minutes=4) == []


def test_rule_20_an_empty_rung_is_not_waited_out() -> None:
    desk = watched()
    staff = {key: each for key, each in FULL.staff.items() if key not in {"sue", "priya"}}
    desk.scenario.with_records(staff=staff, rotations=())
    desk.wait(minutes=20)
    # Nobody is on call, but the last resort is: the lowest role with a holder (rule 18).
    assert desk.told() == [
        ("5:00", "on-call/2", ("hal",)),
        ("10:00", "second", NO_SECOND),
        ("10:00", "manager", ("nobody is Support Manager",)),
        ("10:00", "head", ("hal",)),
    ]
    assert {each.outcome for each in desk.records if not each.people} == {StepOutcome.SKIPPED}


def test_where_nobody_at_all_can_be_reached_every_step_is_skipped_at_once() -> None:
    desk = watched(records=replace(FULL, rotations=(), staff={"ann": FULL.staff["ann"]}))
    desk.wait(seconds=10)
    assert [each.key.step for each in desk.records] == ["on-call", "on-call/2", "second", "manager", "head"]
    assert {each.outcome for each in desk.records} == {StepOutcome.SKIPPED}
    assert {each.at for each in desk.records} == {desk.records[0].due}


def test_rule_19_an_acknowledgement_stops_the_escalation_for_half_of_the_time_left() -> None:
    desk = watched()
    desk.wait(minutes=6)
    desk.do(Acknowledge(REF))
    valid = desk.progress.valid_at(desk.scenario.at)
    assert valid is not None
    assert (valid.by, valid.until) == ("priya", MONDAY_NINE + timedelta(minutes=33))
    assert desk.next_due == desk.now + 27 * 60
    assert desk.wait(minutes=26) == []


def test_rule_19_a_page_that_is_acknowledged_and_forgotten_escalates_further_at_once() -> None:
    desk = watched()
    desk.wait(minutes=6)
    desk.do(Acknowledge(REF))
    desk.wait(minutes=60)
    assert desk.told()[1:] == [
        ("33:00", "second", NO_SECOND),
        ("33:00", "manager", ("sue",)),
        ("45:00", "response-director", ("dora",)),
        ("48:00", "head", ("hal",)),
    ]


def test_an_acknowledgement_lasts_fifteen_minutes_where_little_time_is_left() -> None:
    desk = watched()
    desk.wait(minutes=50)
    desk.do(Acknowledge(REF))
    valid = desk.progress.valid_at(desk.scenario.at)
    assert valid is not None
    assert valid.until == desk.scenario.at + timedelta(minutes=15)


def test_an_acknowledgement_is_extended_with_a_reason_as_if_it_were_given_then() -> None:
    desk = watched()
    desk.wait(minutes=6)
    assert "not acknowledged yet" in desk.scenario.refused(Acknowledge(REF, reason="on my way"), "priya")
    desk.do(Acknowledge(REF))
    desk.wait(minutes=20)
    assert "only Priya, the owner or" in desk.scenario.refused(Acknowledge(REF, reason="on my way"), "ann")
    assert "say why" in desk.scenario.refused(Acknowledge(REF, reason=" "), "priya")
    desk.do(Acknowledge(REF, reason="on my way"))
    valid = desk.progress.valid_at(desk.scenario.at)
    assert valid is not None
    assert (valid.reason, valid.until) == ("on my way", MONDAY_NINE + timedelta(minutes=43))
    assert desk.wait(minutes=16) == []
    assert desk.told(desk.wait(minutes=2))[-1] == ("43:00", "manager", ("sue",))


def test_an_extension_is_refused_with_the_name_of_the_colleague_whose_page_is_still_open() -> None:
    desk = watched()
    desk.wait(minutes=11)
    desk.do(Acknowledge(REF))
    refused = desk.scenario.refused(Acknowledge(REF, reason="on my way"), "priya")
    assert refused.startswith("Sue is paged and has not acknowledged; acknowledge for Sue")


def test_a_further_page_asks_for_help_and_must_be_acknowledged_too() -> None:
    desk = watched()
    desk.wait(minutes=6)
    desk.do(Acknowledge(REF))
    desk.wait(minutes=4)
    desk.do(Escalate(REF, "I need a second pair of eyes", way="hierarchical"))
    assert desk.progress.valid_at(desk.scenario.at) is None
    # Six of the ten minutes had passed when it was acknowledged.
    assert desk.told(desk.wait(minutes=5)) == [
        ("14:00", "second", NO_SECOND),
        ("14:00", "manager", ("sue",)),
    ]


def test_who_takes_the_ticket_up_ends_the_countdown_and_who_gives_it_back_resumes_it() -> None:
    desk = watched()
    desk.wait(minutes=6)
    desk.do(Claim(REF))
    assert desk.wait(minutes=28) == []
    desk.do(HandBack(REF, "I am off sick"))
    # The acknowledgement that came with the claim has expired at 33 minutes.
    assert desk.told(desk.wait(minutes=9)) == [
        ("34:00", "second", NO_SECOND),
        ("34:00", "manager", ("sue",)),
    ]


def test_a_response_ends_the_countdown_and_the_steps_of_its_clock() -> None:
    desk = watched()
    desk.wait(minutes=6)
    desk.do(Reply(REF, "We are on it."))
    assert {step.key.clock for step in desk.steps} == {"resolution"}
    assert desk.wait(hours=5) == []


def test_rule_22_nothing_is_due_after_a_resolution_or_a_closure_and_a_reopened_clock_goes_on() -> None:
    desk = watched()
    desk.do(Claim(REF))
    desk.do(Reply(REF, "We are on it."))
    desk.wait(hours=5)
    desk.do(Resolve(REF, "Restarted", how="restored"))
    assert desk.next_due is None
    desk.do(Close(REF))
    assert desk.wait(days=1) == []
    desk.do(Reopen(REF, "It hangs again"))
    assert desk.told(desk.wait(hours=2)) == [("1800:00", "resolution-owner", ("priya", "sue"))]


def test_rule_22_a_severity_that_is_raised_begins_its_own_ladder() -> None:
    desk = watched("high")
    desk.wait(hours=1)
    desk.do(ChangeSeverity(REF, "critical", "Everything hangs"), by="ann")
    assert [each[1] for each in desk.told(desk.wait(minutes=11))] == ["on-call/2", "second", "manager"]
    assert {each.key.cycle for each in desk.records} == {desk.progress.cycle}


def test_a_high_notifies_in_office_hours_on_both_clocks() -> None:
    desk = watched("high")
    desk.do(Claim(REF), by="ann")
    desk.wait(days=4)
    assert [(str(instant(each.at)), each.key.step, each.people) for each in desk.records] == [
        ("2026-11-23 11:15:00+00:00", "response-owner", ("ann", "hal", "sam", "sue")),
        ("2026-11-23 11:42:00+00:00", "response-supervisor", ("dora", "hal", "sue")),
        ("2026-11-23 12:00:05+00:00", "response-manager", ("sue",)),
        ("2026-11-24 17:00:00+00:00", "resolution-owner", ("ann", "hal", "sam", "sue")),
        ("2026-11-25 10:36:00+00:00", "resolution-supervisor", ("dora", "hal", "sue")),
        ("2026-11-25 13:00:05+00:00", "resolution-manager", ("sue",)),
    ]


def test_a_change_request_at_the_weekend_notifies_its_account_manager_on_monday() -> None:
    desk = watched("change", at=datetime(2026, 11, 21, 15, tzinfo=UTC))
    desk.wait(days=3)
    assert [(str(instant(each.at)), each.key.step, each.people) for each in desk.records] == [
        ("2026-11-23 08:00:00+00:00", "arrival", ("max",))
    ]


def test_a_fix_date_reminds_its_owner_five_working_days_before_and_on_the_day() -> None:
    desk = watched("medium")
    desk.do(Claim(REF), by="ann")
    desk.do(ProposeWorkaround(REF, "Use the list"), by="ann")
    desk.do(PromiseFix(REF, "2026.12"), by="ann")
    desk.wait(days=20)
    assert [(str(instant(each.at)), each.key.step, each.people) for each in desk.records] == [
        ("2026-12-02 08:00:00+00:00", "fix-soon", ("ann",)),
        ("2026-12-09 08:00:00+00:00", "fix-today", ("ann",)),
        ("2026-12-10 08:00:00+00:00", "resolution-manager", ("sue",)),
    ]


@pytest.mark.parametrize("severity", ["high", "change"])
def test_a_fix_that_no_target_asks_for_reminds_its_owner_too_while_the_ticket_is_not_resolved(
    severity: str,
) -> None:
    desk = watched(severity)
    desk.do(Claim(REF), by="ann" if severity == "high" else "max")
    desk.do(PromiseFix(REF, "2026.12"), by="ann" if severity == "high" else "max")
    desk.wait(days=17)
    reminders = [each for each in desk.records if each.key.clock == "fix date"]
    assert [(str(instant(each.at)), each.key.step) for each in reminders] == [
        ("2026-12-02 08:00:00+00:00", "fix-soon"),
        ("2026-12-09 08:00:00+00:00", "fix-today"),
    ]


def test_a_reminder_for_which_the_fix_was_promised_too_late_is_not_due() -> None:
    desk = watched("medium", at=datetime(2026, 12, 7, 9, tzinfo=UTC))
    desk.do(Claim(REF), by="ann")
    desk.do(PromiseFix(REF, "2026.12"), by="ann")
    assert [step.key.step for step in desk.steps if step.key.clock == "fix date"] == ["fix-today"]


def test_the_recipients_are_those_of_the_moment() -> None:
    desk = watched()
    evening = Rotation(("sam",), MONDAY_NINE + timedelta(minutes=3), "Europe/London")
    desk.scenario.with_records(rotations=(*FULL.rotations, evening))
    desk.wait(minutes=6)
    assert desk.told() == [("5:00", "on-call/2", ("sam",))]
