"""The explanation of an escalation: what fired, what will fire and for whom as of now, and what was skipped."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from supportdesk.sla.clocks import epoch
from supportdesk.sla.ladder import EscalationRung
from supportdesk.tickets.documents import Rotation
from supportdesk.tickets.escalation.explanation import (
    EscalationExplanation,
    describe_rung,
    explain_escalation,
    find_progress,
    forecast,
)
from supportdesk.tickets.escalation.recipients import RecipientData
from supportdesk.tickets.escalation.steps import StepOutcome, StepRecord
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.triage import Acknowledge
from tests.tickets.escalation.watched import FULL, REF, TICK, Watched, watched
from tests.tickets.scenario import MONDAY_NINE


def explained(desk: Watched) -> EscalationExplanation:
    data = RecipientData(desk.scenario.records, "max")
    return explain_escalation(desk.case, data, desk.scenario.at, desk.records)


def test_it_shows_what_fired_what_will_fire_and_what_was_skipped() -> None:
    desk = watched()
    desk.wait(minutes=12)
    explanation = explained(desk)
    assert [
        (explanation.describe_step(each), each.outcome.value, each.people or each.reason)
        for each in explanation.recorded
    ] == [
        ("at once", "fired", ("priya",)),
        ("5 min without acknowledgement", "fired", ("priya",)),
        ("10 min without acknowledgement", "skipped", "nobody is second on call"),
        ("15 min without acknowledgement", "fired", ("sue",)),
    ]
    assert [(explanation.describe_step(each), each.people) for each in explanation.expected] == [
        ("30 min without acknowledgement", ("hal",)),
        ("75 % of the response target", ("dora",)),
        ("75 % of the resolution target", ("sue",)),
        ("90 % of the resolution target", ("hal",)),
        ("resolution breached", ("dora",)),
    ]
    assert explanation.stopped == ()


def test_the_people_are_those_of_the_rota_as_it_is_known_now() -> None:
    desk = watched()
    later = Rotation(("sam",), MONDAY_NINE + timedelta(minutes=5), "Europe/London")
    desk.scenario.with_records(rotations=(*FULL.rotations, later))
    assert [each.people for each in explained(desk).expected][:1] == [("sam",)]


def test_it_shows_the_valid_acknowledgement_and_the_clocks_that_have_stopped() -> None:
    desk = watched()
    desk.do(Acknowledge(REF))
    valid = explained(desk).valid
    assert valid is not None
    assert valid.by == "priya"
    desk.do(Claim(REF))
    desk.do(Reply(REF, "We are on it."))
    assert explained(desk).stopped == ("acknowledgement", "response")


def test_a_step_of_an_earlier_ladder_keeps_its_name() -> None:
    desk = watched("high")
    desk.wait(hours=3)
    early = explained(desk).recorded[0]
    assert early.key.step == "response-owner"
    assert explained(watched()).describe_step(early) == "response-owner"


def test_each_rung_is_described() -> None:
    described = {
        EscalationRung("a", "arrival", "notify", ("owner",)): "on arrival",
        EscalationRung("b", "fix date", "notify", ("owner",), days_before=0): "on the fix date",
        EscalationRung(
            "c", "fix date", "notify", ("owner",), days_before=1
        ): "1 working day before the fix date",
        EscalationRung(
            "d", "fix date", "notify", ("owner",), days_before=5
        ): "5 working days before the fix date",
        EscalationRung("e", "response", "notify", ("owner",), percent=100): "response breached",
    }
    for rung, words in described.items():
        assert describe_rung(rung) == words


def test_where_words_were_erased_the_ladder_counts_from_when_the_ticket_was_logged() -> None:
    desk = watched()
    erased = [(None, at, actor) for _, at, actor in desk.scenario.history]
    progress = find_progress({"1": desk.scenario.policy}, desk.scenario.now, erased)
    assert progress.began == desk.scenario.now.logged_at
    whole = find_progress({"1": desk.scenario.policy}, desk.scenario.now, desk.scenario.history)
    assert whole == desk.progress


@given(
    severity=st.sampled_from(["critical", "high", "medium", "low", "change"]),
    minutes=st.integers(0, 60 * 24 * 14),
    asleep=st.integers(0, 60 * 24 * 2),
    acknowledged=st.booleans(),
)
def test_a_watcher_records_what_was_forecast(
    severity: str, minutes: int, asleep: int, acknowledged: bool
) -> None:
    desk = watched(severity, MONDAY_NINE + timedelta(minutes=minutes))
    if acknowledged and desk.scenario.now.page_open:
        desk.do(Acknowledge(REF))
    desk.scenario.at += timedelta(minutes=asleep)
    data = RecipientData(desk.scenario.records, "max")
    expected = forecast(desk.case, data, desk.scenario.at, desk.records)
    made: list[StepRecord] = []
    while (due := desk.next_due) is not None:
        at = desk.scenario.at + timedelta(seconds=TICK if made else 0)
        desk.scenario.at = max(at, at + timedelta(seconds=due - epoch(at)))
        if desk.case.progress.valid_at(desk.scenario.at) is None:
            made += desk.tick()
    assert {(each.key.step, each.outcome, each.people) for each in made} == {
        (each.key.step, each.outcome, each.people) for each in expected
    }
    assert all(each.outcome is not StepOutcome.SKIPPED or each.reason for each in expected)
