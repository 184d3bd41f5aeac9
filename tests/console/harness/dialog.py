"""Runs one dialog in a bare application, with a `CommandContext` for a desk in memory."""

from __future__ import annotations

import asyncio
import time
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from textual import events
from textual.filter import LineFilter
from textual.pilot import Pilot
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import Widget
from textual.widgets import Static

from supportdesk.console.drafts.drafts import Drafts
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.keys.type_ahead import SerializedKeys
from supportdesk.console.terminal.safe_text import SanitizingFilter
from supportdesk.console.theme.builtin import DARK
from supportdesk.console.widgets.notice import Notice
from supportdesk.desk_api import DeskUnavailableError, Outcome
from supportdesk.store.read_models import QueueRow, TicketView
from supportdesk.tickets.command import Command
from supportdesk.tickets.refusal import Refusal
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import OPERATOR
from tests.patience import BREATH, LAST_RESORT, NeverCameError
from tests.svg import lines_of

NOTHING_YET = object()
SEARCHES = ("find", "look up")


class Stage(SerializedKeys):
    """Shows one screen, and saves its result."""

    def __init__(self, screen: Screen[Any] | None = None, theme: Theme = DARK) -> None:
        super().__init__()
        self.register_theme(theme)
        self.theme = theme.name
        self.left_with: Any = NOTHING_YET
        self._first = screen

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), SanitizingFilter()]

    def on_mount(self) -> None:
        if self._first is not None:
            self.show(self._first)

    def show(self, screen: Screen[Any]) -> None:
        """Open a screen; its result is saved."""

        def left(result: Any) -> None:
            self.left_with = result

        self.push_screen(screen, left)


@dataclass
class Seat:
    """Ann's workplace: the desk, the commands that she sent, and a gate that can hold a command back."""

    desk: FakeDesk
    sent: list[Command] = field(default_factory=list)
    drafts: Drafts = field(default_factory=Drafts)
    gate: Callable[[], Awaitable[None]] | None = None
    known: list[QueueRow] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    """What the operator was to respond to."""

    def context(self) -> CommandContext:
        """Return the context that the console makes for each screen."""
        person = self.desk.person(OPERATOR)
        assert person is not None
        return CommandContext(
            person,
            self.desk.policy,
            self.desk.roster(),
            self.desk,
            self.submit,
            self.drafts,
            notify=self.notices.append,
            rows=self.rows,
        )

    def rows(self) -> list[QueueRow]:
        """Return the rows of the queue, which a console has even while the desk is disconnected."""
        if self.desk.outage is None:
            self.known = self.desk.queue().rows
        return self.known

    async def submit(self, command: Command, command_id: str | None = None) -> Outcome:
        """Execute a command in a thread, as the console does."""
        self.sent.append(command)
        if self.gate is not None:
            await self.gate()
        try:
            return await asyncio.to_thread(self.desk.do, command, by=OPERATOR, command_id=command_id)
        except DeskUnavailableError as error:
            return Refusal(str(error))

    def view(self, summary: str) -> TicketView:
        """Return the reference of the ticket whose summary begins with a text."""
        refs = [row.ref for row in self.desk.queue().rows if row.summary.startswith(summary)]
        assert len(refs) == 1, f"{len(refs)} tickets begin with {summary!r}"
        return self.desk.ticket(refs[0])


Shown = Pilot[None]


@asynccontextmanager
async def opened(screen: Screen[Any], size: tuple[int, int] = (100, 40)) -> AsyncIterator[Shown]:
    """Open a dialog and wait until it is ready for keys."""
    stage = Stage(screen)
    async with stage.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Shown) -> None:
    """Wait until the threads have finished and their results are drawn."""
    await until(pilot, lambda: not any(worker.group in SEARCHES for worker in pilot.app.workers))
    await pilot.pause()


async def until(pilot: Shown, holds: Callable[[], bool], wanted: str = "waited for a condition") -> None:
    """Wait until a condition holds. Raises NeverCameError with the contents of the screen."""
    end = time.monotonic() + LAST_RESORT
    while True:
        await pilot.pause()
        if holds():
            return
        if pilot.app._exception is not None or time.monotonic() > end:
            shown = "\n".join(lines_of(pilot.app.export_screenshot()))
            raise NeverCameError(f"{wanted}, and saw:\n{shown}")
        await asyncio.sleep(BREATH)


async def on_screen(pilot: Shown, screen: type[Screen[Any]]) -> None:
    """Wait until a screen of this class is in front and has settled."""
    await until(pilot, lambda: isinstance(pilot.app.screen, screen))
    await settled(pilot)


async def left(pilot: Shown) -> Any:
    """Wait until the dialog is dismissed; return its result."""
    await until(pilot, lambda: not is_open(pilot))
    return stage_of(pilot).left_with


async def keys(pilot: Shown, *presses: str) -> None:
    """Press keys, each once the effect of the previous one is on the screen."""
    for press in presses:
        await pilot.press(press)
        await settled(pilot)


async def typed(pilot: Shown, text: str) -> None:
    """Type a text, faster than the screen is drawn."""
    typed_ahead(pilot, text)
    await settled(pilot)


def typed_ahead(pilot: Shown, *texts: str) -> None:
    """Type texts and press keys, written `<enter>`, all before the first of them is handled."""
    for text in texts:
        if text.startswith("<"):
            pilot.app.post_message(events.Key(text.strip("<>"), None))
            continue
        for character in text:
            name = character if character.isalnum() else unicodedata.name(character).lower().replace(" ", "_")
            pilot.app.post_message(events.Key(name, character))


def stage_of(pilot: Shown) -> Stage:
    """Return the application under the dialog."""
    assert isinstance(pilot.app, Stage)
    return pilot.app


def is_open(pilot: Shown) -> bool:
    """Return whether the dialog is still open."""
    return stage_of(pilot).left_with is NOTHING_YET


def words(pilot: Shown, selector: str = "Static") -> str:
    """Return the texts of the displayed widgets that match a selector, one line each."""
    found = pilot.app.screen.query(selector).results(Static)
    said = (str(line.visual) for line in found if line.display)
    return "\n".join(filter(None, said))


def drawn(screen: Screen[Any]) -> str:
    """Return everything that the screen draws, as text."""
    widgets = [screen, *screen.walk_children(Widget)]
    strips = [
        strip
        for widget in widgets
        if widget.outer_size.area
        for strip in widget.render_lines(widget.outer_size.region)
    ]
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)
