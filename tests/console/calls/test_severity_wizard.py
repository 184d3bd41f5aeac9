"""The severity, by the policy's questions or by its number."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult

from supportdesk.console.calls.severity_wizard import SeverityQuestions, SeverityWizard
from supportdesk.console.theme.builtin import DARK
from tests.console.fixtures.fake_desk import claritum


class Walked(App[None]):
    CSS = "Walk { width: 100%; height: auto; } .field-label { width: 12; }"

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name
        self.field = SeverityWizard("severity", "how grave it is", claritum())

    def compose(self) -> ComposeResult:
        yield self.field

    def on_mount(self) -> None:
        self.field.take_focus()


async def after(*presses: str) -> Walked:
    app = Walked()
    async with app.run_test(size=(100, 12)) as pilot:
        for press in presses:
            await pilot.press(press)
        await pilot.pause()
    return app


@pytest.mark.parametrize(
    ("presses", "severity"),
    [
        (["y"], "critical"),
        (["n", "Y"], "high"),
        (["n", "n", "n", "y"], "low"),
        (["n", "n", "n", "n"], "change"),
        (["2"], "high"),
        (["5"], "change"),
        (["m"], "medium"),
        (["c"], "critical"),
        (["c", "c"], "change"),
        (["down", "down"], "high"),
        (["up"], "change"),
    ],
)
async def test_a_key_answers_a_question_or_chooses_a_severity(presses: Sequence[str], severity: str) -> None:
    assert (await after(*presses)).field.value == severity


@pytest.mark.parametrize(
    "presses", [[], ["n"], ["n", "n", "n"], ["6"], ["0"], ["x"], ["²"], ["y", "backspace"]]
)
async def test_nothing_is_chosen_before_the_last_answer(presses: Sequence[str]) -> None:
    app = await after(*presses)
    assert app.field.value == ""
    assert app.field.problem is not None
    assert "press 1 to 5" in app.field.problem


@pytest.mark.parametrize(
    ("presses", "typed"),
    [
        (["n", "y", "backspace"], ((False,), None)),
        (["n", "y", "backspace", "backspace"], ((), None)),
        (["n", "y", "4", "backspace"], ((False, True), "high")),
        (["n", "3", "backspace"], ((False,), None)),
        (["backspace"], ((), None)),
    ],
)
async def test_backspace_undoes_the_last_answer(presses: Sequence[str], typed: object) -> None:
    assert (await after(*presses)).field.raw_value == typed


async def test_the_answers_stay_when_another_severity_is_chosen_and_are_overruled() -> None:
    app = await after("n", "y", "1")
    assert app.field.raw_value == ((False, True), "critical")
    assert app.field.overruled


async def test_the_answers_are_restored() -> None:
    app = Walked()
    async with app.run_test() as pilot:
        app.field.restore(((False, True), "low"))
        await pilot.pause()
        assert app.field.raw_value == ((False, True), "low")
        assert app.field.overruled


async def test_a_click_chooses_a_severity() -> None:
    app = Walked()
    async with app.run_test(size=(100, 12)) as pilot:
        await pilot.click(
            SeverityQuestions, offset=(app.field.questions.render().plain.index("Medium") + 1, 0)
        )
        await pilot.pause()
        assert app.field.value == "medium"


async def test_the_severities_take_as_many_lines_as_they_need() -> None:
    app = Walked()
    async with app.run_test(size=(100, 12)):
        heights = [
            app.field.questions.get_content_height(app.size, app.size, width) for width in (100, 40, 10)
        ]
        assert heights == [1, 2, 5]
