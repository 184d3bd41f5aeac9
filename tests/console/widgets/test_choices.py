"""Choosing one of a few choices, by keys and clicks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult

from supportdesk.console.widgets.choices import Choice, Choices

WAITS = (Choice("c", "customer"), Choice("t", "third party"), Choice("r", "release"))
LETTERED = (
    Choice("f", "Technical Support", "line 3", letter="f"),
    Choice("d", "Development", "line 4"),
    Choice("h", "Support Manager", "Maya Brandt", letter="h"),
    Choice("x", "Head of Support", refused="nobody holds it"),
)


class Chosen(App[None]):
    def __init__(self, choices: Sequence[Choice], chosen: str | None = None) -> None:
        super().__init__()
        self.choices = Choices(choices, chosen)
        self.told: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.choices

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        self.told.append(event.choice.key)


async def after(presses: Sequence[str], choices: Sequence[Choice], chosen: str | None = None) -> Chosen:
    app = Chosen(choices, chosen)
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.press(*presses)
        await pilot.pause()
    return app


@pytest.mark.parametrize(
    ("presses", "chosen"),
    [
        (["down"], "t"),
        (["right", "right"], "r"),
        (["space"], "t"),
        (["right", "right", "right"], "c"),
        (["up"], "r"),
        (["left", "left"], "t"),
        (["end"], "r"),
        (["end", "home"], "c"),
        (["r"], "r"),
        (["T"], "t"),
    ],
)
async def test_arrows_and_first_letters_choose_and_wrap_round(presses: list[str], chosen: str) -> None:
    app = await after(presses, WAITS, "c")
    assert app.choices.choice is not None
    assert app.choices.choice.key == chosen
    assert app.told[-1] == chosen


async def test_nothing_is_chosen_at_the_start() -> None:
    assert (await after([], WAITS)).choices.choice is None
    assert (await after(["down"], WAITS)).told == ["c"]
    assert (await after(["up"], WAITS)).told == ["r"]


async def test_if_some_choices_have_letters_only_those_choose() -> None:
    assert (await after(["h"], LETTERED, "f")).told == ["h"]
    assert (await after(["d"], LETTERED, "f")).told == []


async def test_the_letter_of_the_chosen_one_posts_it_again() -> None:
    assert (await after(["f"], LETTERED, "f")).told == ["f"]


async def test_a_refused_choice_is_skipped() -> None:
    assert (await after(["down", "down", "down"], LETTERED, "f")).told == ["d", "h", "f"]


async def test_if_all_are_refused_nothing_is_chosen() -> None:
    refused = (Choice("a", "one", refused="no"), Choice("b", "two", refused="no"))
    assert (await after(["down", "end", "o"], refused)).choices.choice is None


async def test_a_first_letter_steps_through_the_choices_that_share_it() -> None:
    shared = (Choice("1", "Cancel"), Choice("2", "Close it"))
    assert (await after(["c", "c"], shared, "1")).told == ["2", "1"]


async def test_choices_are_in_a_line_where_they_fit_and_otherwise_in_a_list() -> None:
    for width, height in ((80, 1), (20, 3)):
        app = Chosen(WAITS, "c")
        async with app.run_test(size=(width, 10)):
            assert app.choices.get_content_height(app.size, app.size, width) == height
            assert app.choices.render().plain.count("●") == 1


async def test_a_click_chooses_in_a_line_and_in_a_list() -> None:
    for width, offset in ((80, (14, 0)), (20, (3, 1))):
        app = Chosen(WAITS, "c")
        async with app.run_test(size=(width, 10)) as pilot:
            await pilot.click(Choices, offset=offset)
            assert app.told == ["t"]


async def test_a_plain_terminal_shows_ascii_symbols(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    app = Chosen(WAITS, "t")
    async with app.run_test(size=(80, 10)):
        assert app.choices.render().plain == "o customer   * third party   o release"


@pytest.mark.parametrize(("line", "chosen"), [(0, "a"), (1, "a"), (2, "a"), (3, "b")])
async def test_a_heading_is_shown_above_its_choice_and_cannot_be_clicked(line: int, chosen: str) -> None:
    app = Chosen((Choice("a", "one", heading="First"), Choice("b", "two", heading="Second")), "a")
    async with app.run_test(size=(80, 10)) as pilot:
        assert [each.strip() for each in app.choices.render().plain.splitlines()][::2] == ["First", "Second"]
        await pilot.click(Choices, offset=(2, line))
        await pilot.pause()
        assert app.choices.choice is not None
        assert app.choices.choice.key == chosen
