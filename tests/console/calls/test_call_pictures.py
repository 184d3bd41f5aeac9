"""Pictures of a call, from the first ring to the reference, on a wide terminal and on the smallest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
from textual.theme import Theme

from supportdesk.console.calls.existing_ticket import ExistingTicketForm
from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.calls.read_back import ReadBackScreen
from supportdesk.console.calls.screen import CallScreen
from supportdesk.console.calls.summary_field import SummaryField
from supportdesk.console.theme.builtin import CONTRAST
from tests.console.fixtures.morning import NOW, at, morning_desk
from tests.console.harness.dialog import Seat, Shown, Stage, keys, settled, typed, until
from tests.console.harness.pictures import SMALL, THEMES, Place, in_every_look

Compare = Callable[..., bool]
Script = Callable[[Shown], Awaitable[None]]


def calling(text: str, *presses: str) -> Script:
    """Type the caller's name, then press keys."""

    async def script(pilot: Shown) -> None:
        await typed(pilot, text)
        await keys(pilot, *presses)

    return script


async def on_to_the_form(pilot: Shown, who: str) -> None:
    await calling(who, "enter", "enter")(pilot)
    await until(pilot, lambda: isinstance(pilot.app.screen, LogRequestForm))
    await settled(pilot)


async def summary_typed(pilot: Shown, text: str) -> None:
    """Type the summary and wait for the two similar tickets."""
    await typed(pilot, text)
    summary = pilot.app.screen.query_one(SummaryField)
    await until(pilot, lambda: len(summary.found) == 2)


async def the_like_while_typing(pilot: Shown) -> None:
    await on_to_the_form(pilot, "bill")
    await summary_typed(pilot, "export stops")
    await keys(pilot, "down")


async def the_walk(pilot: Shown) -> None:
    await on_to_the_form(pilot, "jo")
    await summary_typed(pilot, "Labels print twice")
    await keys(pilot, "enter")


async def the_walk_overruled(pilot: Shown) -> None:
    await the_walk(pilot)
    await keys(pilot, "n", "y", "3", "enter")


async def out_of_policy(pilot: Shown) -> None:
    await on_to_the_form(pilot, "hana")
    await summary_typed(pilot, "Labels print twice")
    await keys(pilot, "enter", "4")


async def saved(pilot: Shown) -> None:
    await on_to_the_form(pilot, "hana")
    await summary_typed(pilot, "Labels print twice")
    await keys(pilot, "enter", "2", "f2")
    await until(pilot, lambda: isinstance(pilot.app.screen, ReadBackScreen))
    await settled(pilot)


async def about_a_ticket(pilot: Shown) -> None:
    await calling("CD-4C00-W", "enter", "enter")(pilot)
    await until(pilot, lambda: isinstance(pilot.app.screen, ExistingTicketForm))
    await settled(pilot)
    await typed(pilot, "It is still down.")


PICTURES: dict[str, tuple[Place, Script, datetime]] = {
    "empty": (CallScreen, calling(""), NOW),
    "about-a-ticket": (ExistingTicketForm, about_a_ticket, NOW),
    "found": (CallScreen, calling("jo", "enter", "down"), NOW),
    "several": (CallScreen, calling("n"), NOW),
    "no-super-user": (CallScreen, calling("hana", "enter"), NOW),
    "at-night": (CallScreen, calling("nils", "enter"), at(24, "22:30")),
    "nobody-known": (CallScreen, calling("Zoe Zack"), NOW),
    "somebody-new": (LogRequestForm, calling("Zoe Zack", "enter"), NOW),
    "wrong-reference": (CallScreen, calling("CD-4C02-R"), NOW),
    "the-like": (LogRequestForm, the_like_while_typing, NOW),
    "the-walk": (LogRequestForm, the_walk, NOW),
    "overruled": (LogRequestForm, the_walk_overruled, NOW),
    "out-of-policy": (LogRequestForm, out_of_policy, NOW),
    "saved": (ReadBackScreen, saved, NOW),
}


def stage_at(now: datetime, theme: Theme) -> Stage:
    desk = morning_desk()
    desk.clock.set(now)
    return Stage(CallScreen(Seat(desk).context()), theme)


@in_every_look(PICTURES)
def test_a_call_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    _, script, now = PICTURES[picture]
    assert snap_compare(stage_at(now, THEMES[theme]), terminal_size=size, run_before=script)


@pytest.mark.parametrize("picture", ["found", "the-walk"])
def test_a_call_looks_as_it_did_in_high_contrast(picture: str, snap_compare: Compare) -> None:
    _, script, now = PICTURES[picture]
    assert snap_compare(stage_at(now, CONTRAST), terminal_size=SMALL, run_before=script)
