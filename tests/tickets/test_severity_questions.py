"""The severity of a request from the answers to the policy's questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.tickets.severity_questions import find_next_question, overrules, suggest_severity
from tests.tickets.scenario import Scenario, claritum, logged
from tests.tickets.test_triage import request

KEYS = [severity.key for severity in claritum().severities]
NO, YES = False, True


@pytest.mark.parametrize(
    ("answers", "asked"),
    [([], "critical"), ([NO], "high"), ([NO, NO], "medium"), ([NO, NO, NO], "low")],
)
def test_the_gravest_severity_is_asked_for_first(answers: list[bool], asked: str) -> None:
    question = find_next_question(claritum(), answers)
    assert question is not None
    assert question.key == asked
    assert suggest_severity(claritum(), answers) is None


@pytest.mark.parametrize(
    ("answers", "severity"),
    [([YES], "critical"), ([NO, YES], "high"), ([NO, NO, NO, YES], "low"), ([NO] * 4, "change")],
)
def test_a_yes_settles_it_and_the_last_severity_is_what_is_left(answers: list[bool], severity: str) -> None:
    assert suggest_severity(claritum(), answers) == severity
    assert find_next_question(claritum(), answers) is None


@pytest.mark.parametrize(
    ("answers", "severity", "overruled"),
    [
        ([], "high", False),
        ([NO], "high", False),
        ([NO], "low", False),
        ([NO], "critical", True),
        ([NO, YES], "high", False),
        ([NO, YES], "medium", True),
        ([YES], "high", True),
        ([NO] * 4, "change", False),
    ],
)
def test_only_answers_that_say_otherwise_are_overruled(
    answers: list[bool], severity: str, overruled: bool
) -> None:
    assert overrules(claritum(), answers, severity) is overruled


@given(answers=st.lists(st.booleans(), max_size=4), severity=st.sampled_from(KEYS))
def test_a_severity_to_which_the_answers_lead_overrules_nothing_and_every_other_one_does(
    answers: list[bool], severity: str
) -> None:
    if True in answers:
        answers = answers[: answers.index(True) + 1]
    led_to = suggest_severity(claritum(), answers)
    if led_to is not None:
        assert overrules(claritum(), answers, severity) is (severity != led_to)


def test_why_the_questions_were_overruled_is_on_the_timeline() -> None:
    scenario = Scenario()
    scenario.do(request(overruled="their shop is closed today"))
    assert (
        "logged it as high, by phone; the policy's questions overruled: their shop is closed today"
        in scenario.events[0].sentence()
    )


def test_nothing_is_said_of_questions_that_were_not_overruled() -> None:
    assert "overruled" not in logged("high").history[0][0].sentence()
