"""The help screen, and the confirmation before an action that cannot be undone."""

from __future__ import annotations

import pytest

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.dialogs.dialog import DialogBody
from supportdesk.console.dialogs.help_screen import HelpEntry, HelpScreen, KeyRow
from tests.console.harness.dialog import Shown, is_open, keys, left, opened, words

FEW = (
    HelpEntry("The desk", "n", "call", "Log a request."),
    HelpEntry("The ticket", "c", "claim", "Take the ticket: you own it from now on."),
    HelpEntry("The ticket", "w", "wait", "Let it wait.", refused="it waits on the customer already"),
    HelpEntry("The desk", "q", "quit"),
    HelpEntry("In the queue", "0", "", "To severity 0"),
)
MANY = (
    *FEW,
    *(HelpEntry("In the queue", str(number), "", f"To severity {number}") for number in range(1, 60)),
)
"""More than a screen has room for. Each takes a while to be drawn."""


@pytest.mark.parametrize(
    ("presses", "answer"),
    [
        (["enter"], False),
        (["escape"], None),
        (["n"], None),
        (["y"], True),
        (["right", "enter"], True),
        (["down", "enter"], True),
        (["tab", "enter"], False),
        (["right", "left", "enter"], False),
    ],
)
async def test_only_an_explicit_yes_confirms_and_cancel_is_the_default(
    presses: list[str], answer: bool | None
) -> None:
    async with opened(Confirm("Close CD-4C02-Q?", "The ticket ends.", "Close it")) as pilot:
        await keys(pilot, *presses)
        assert await left(pilot) is answer


async def test_a_confirmation_states_the_consequences() -> None:
    async with opened(Confirm("Close CD-4C02-Q?", "The ticket ends.\nThe clocks stop.", "Close it")) as pilot:
        assert words(pilot).startswith("Close CD-4C02-Q?\nThe ticket ends.\nThe clocks stop.")


def scrolled(pilot: Shown) -> int:
    return int(pilot.app.screen.query_one(DialogBody).scroll_y)


def told_of_keys(pilot: Shown) -> str:
    return "\n".join(str(row.render()) for row in pilot.app.screen.query(KeyRow))


async def test_help_lists_the_keys_of_a_section_under_one_heading() -> None:
    async with opened(HelpScreen(FEW), size=(80, 24)) as pilot:
        assert words(pilot, ".place") == "The desk\nThe ticket\nIn the queue"
        told = told_of_keys(pilot)
        assert told.index("call") < told.index("quit") < told.index("claim")


async def test_help_has_two_columns_only_where_there_is_room() -> None:
    screen = HelpScreen(FEW)
    screen.call_later(lambda: seen.append(screen.has_class("-narrow")))
    seen: list[bool] = []
    async with opened(screen, size=(80, 24)):
        assert seen == [True]


async def test_help_says_why_a_key_is_unavailable() -> None:
    async with opened(HelpScreen(FEW)) as pilot:
        assert "Let it wait.  not now: it waits on the customer already" in told_of_keys(pilot)


async def test_help_scrolls_to_its_last_key_and_back() -> None:
    async with opened(HelpScreen(MANY), size=(80, 24)) as pilot:
        await keys(pilot, "down", "j")
        assert scrolled(pilot) == 2
        await keys(pilot, "pagedown", "end")
        assert scrolled(pilot) == int(pilot.app.screen.query_one(DialogBody).max_scroll_y) > 40
        await keys(pilot, "pageup", "up", "k", "home")
        assert scrolled(pilot) == 0


@pytest.mark.parametrize("key", ["escape", "question_mark", "f1", "q", "enter"])
async def test_help_closes_by_any_of_the_usual_keys(key: str) -> None:
    async with opened(HelpScreen(FEW)) as pilot:
        assert is_open(pilot)
        await keys(pilot, key)
        assert await left(pilot) is None


async def test_help_without_entries_is_empty() -> None:
    async with opened(HelpScreen(())) as pilot:
        assert words(pilot, ".place") == ""
