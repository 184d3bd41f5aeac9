"""Keystrokes from `n` to the reference on the screen, beyond the text itself, on the real screens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from supportdesk.console.calls.read_back import ReadBackScreen
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import Running, running

AT_MOST = 8
"""The most keystrokes that logging a new High of a known caller may take."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text that has to be typed in any case: a name, a summary."""

    typed: str


Stroke = str | Text
NEW_HIGH: Mapping[str, tuple[Stroke, ...]] = {
    "severity by its number": (
        "n",
        Text("jo"),
        "enter",
        "enter",
        Text("Labels print twice"),
        "enter",
        "2",
        "f2",
    ),
    "severity by the policy's questions": (
        *("n", Text("jo"), "enter", "enter", Text("Labels print twice"), "enter", "n", "y", "f2"),
    ),
}
"""The keystrokes for a new High of a known caller, by how its severity is chosen."""
ON_A_TICKET: tuple[Stroke, ...] = (
    "n",
    Text("jo"),
    "enter",
    "down",
    "down",
    "enter",
    Text("It fails, too."),
    "f2",
)
"""The keystrokes for a known caller who asks about the company's second ticket."""


def counted(strokes: Iterable[Stroke]) -> list[str]:
    """Return the keys that are not text."""
    return [stroke for stroke in strokes if isinstance(stroke, str)]


async def type_all(it: Running, strokes: Iterable[Stroke]) -> None:
    """Type everything at once: what is typed ahead has to arrive where it is meant to."""
    for stroke in strokes:
        if isinstance(stroke, str):
            await it.pilot.press(stroke)
        else:
            await it.pilot.press(*("space" if letter == " " else letter for letter in stroke.typed))


async def logged(strokes: Iterable[Stroke]) -> str:
    """Return the reference on the screen after the last keystroke."""
    async with running(morning_desk()) as it:
        await type_all(it, strokes)
        await it.until(lambda: isinstance(it.app.screen, ReadBackScreen))
        screen = it.app.screen
        assert isinstance(screen, ReadBackScreen)
        return screen.reference


async def recorded(strokes: Iterable[Stroke]) -> str:
    """Return the ticket on which the call is recorded, after the last keystroke."""
    async with running(morning_desk()) as it:
        await type_all(it, strokes)
        await it.until(lambda: it.app.screen is it.screen and bool(it.desk.commands))
        command = it.desk.commands[-1][0]
        return str(getattr(command, "ref", ""))


def report() -> str:
    """Return a line for each way, with its keys."""
    told = [f"a known caller, a new High; at most {AT_MOST} are allowed\n"]
    for way, strokes in NEW_HIGH.items():
        told.append(_line(way, strokes, asyncio.run(logged(strokes))))
    told.append(_line("a call about an open ticket", ON_A_TICKET, asyncio.run(recorded(ON_A_TICKET))))
    return "\n".join(told)


def _line(way: str, strokes: tuple[Stroke, ...], ref: str) -> str:
    keys = " ".join(stroke if isinstance(stroke, str) else f"‹{stroke.typed}›" for stroke in strokes)
    return f"{way:36} {len(counted(strokes)):2}   {keys}   -> {ref}"
