"""Runs the whole console without a terminal, on a desk in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from textual.pilot import Pilot

from supportdesk.console.app import Console
from supportdesk.console.dialogs.help_screen import KeyRow
from supportdesk.console.main import ticker
from supportdesk.console.main.screen import MainScreen
from supportdesk.console.watching.host import Watching
from supportdesk.console.widgets.notice_bar import NoticeBar
from supportdesk.desk_api import DeskApi
from supportdesk.settings.files import SettingsFiles
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import OPERATOR
from tests.console.harness.dialog import until

if TYPE_CHECKING:
    from textual.widget import Widget

Connect = Callable[[], DeskApi]


@dataclass
class Running:
    """A console that has opened its desk. The desk's clock stands still until `at` sets it."""

    pilot: Pilot[None]
    desk: FakeDesk

    @property
    def app(self) -> Console:
        """The application."""
        assert isinstance(self.pilot.app, Console)
        return self.pilot.app

    @property
    def screen(self) -> MainScreen:
        """The main screen, whatever screen is over it."""
        screen = self.app.queue_screen
        assert screen is not None
        return screen

    async def press(self, *keys: str) -> None:
        """Press keys, and wait after each until its effect is on the screen."""
        for key in keys:
            await self.pilot.press(key)
            await self.rest()

    async def rest(self) -> None:
        """Wait until all keys are handled and all workers have finished; an open dialog's waits for the operator."""

        def rests() -> bool:
            asked = self.app.screen is not self.screen
            return self.app.typed.is_idle and all(
                worker.is_finished or (asked and worker.group == "dialog") for worker in self.app.workers
            )

        await until(self.pilot, rests)

    async def at(self, moment: datetime) -> None:
        """Set the desk's clock and have the console update its timers."""
        self.desk.clock.set(moment)
        self.screen.updates.ticker.tick()
        await self.pilot.pause()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until a condition holds."""
        await until(self.pilot, holds)

    @property
    def queue(self) -> list[str]:
        """The visible lines of the queue."""
        return lines(self.screen.queue)

    def line(self, ref: str) -> str:
        """Return the line of a ticket in the queue."""
        found = [line for line in self.queue if ref in line]
        assert len(found) == 1, f"{ref} is on {len(found)} lines"
        return found[0]

    @property
    def ticket_text(self) -> str:
        """The text of the ticket pane, without its line breaks."""
        return " ".join(" ".join(self.ticket_lines).split())

    @property
    def ticket_lines(self) -> list[str]:
        """The lines of the ticket pane."""
        return lines(self.screen.ticket_pane)

    @property
    def header(self) -> str:
        """The text of the header."""
        return "\n".join(lines(self.screen.header))

    @property
    def foot(self) -> str:
        """The text at the foot, without its line breaks."""
        return "".join(lines(self.screen.foot))

    @property
    def notice(self) -> str:
        """The text of the notice on the screen in front, without its line breaks; empty if there is none."""
        bars = self.app.screen.query_children(NoticeBar)
        return " ".join(" ".join(lines(bars.first(NoticeBar))).split()) if bars else ""

    @property
    def view(self) -> str:
        """The name of the selected view."""
        model = self.screen.queue.model
        return model.view.name if model is not None else ""

    @property
    def panes(self) -> set[str]:
        """The panes on the screen: queue, ticket or both."""
        both = {"queue": self.screen.queue, "ticket": self.screen.ticket_pane}
        return {name for name, widget in both.items() if widget.display}

    @property
    def focus(self) -> str:
        """The pane with the focus: queue or ticket."""
        focused = self.screen.focused
        names = {id(self.screen.queue): "queue", id(self.screen.ticket_pane): "ticket"}
        return names.get(id(focused), str(focused))

    async def find(self, text: str) -> None:
        """Type a text after `/` and press Enter."""
        self.screen.action_filter()
        await self.pilot.pause()
        self.screen.filter_bar.input.value = text
        await self.press("enter")

    @property
    def under_cursor(self) -> str | None:
        """The reference of the ticket under the cursor."""
        model = self.screen.queue.model
        return model.ticket.row.ref if model is not None and model.ticket is not None else None


@asynccontextmanager
async def running(
    desk: FakeDesk,
    size: tuple[int, int] = (160, 50),
    *,
    connect: Connect | None = None,
    username: str = OPERATOR,
    files: SettingsFiles | None = None,
    drafts: Path | None = None,
    open_first: str = "",
    calls: Sequence[Path] = (),
    watching: Watching | None = None,
    locked: bool = False,
) -> AsyncIterator[Running]:
    """Run the console on a desk, and wait until the desk is open and drawn; `files` are the operator's settings."""
    # Only `at` lets time go by.
    with patch.object(ticker, "SECOND", 3600.0):
        async with _opened(
            desk,
            size,
            connect,
            username,
            files=files,
            drafts=drafts,
            calls=calls,
            open_first=open_first,
            watching=watching,
            locked=locked,
        ) as it:
            yield it


@asynccontextmanager
async def _opened(
    desk: FakeDesk,
    size: tuple[int, int],
    connect: Connect | None,
    username: str,
    *,
    files: SettingsFiles | None,
    drafts: Path | None,
    calls: Sequence[Path],
    open_first: str,
    watching: Watching | None,
    locked: bool,
) -> AsyncIterator[Running]:
    way_in = connect or (lambda: desk)
    console = Console(
        way_in,
        username=username,
        name="desk@test",
        files=files,
        drafts=drafts,
        calls=calls,
        open_first=open_first,
        watching=watching,
        locked=locked,
    )
    async with console.run_test(size=size) as pilot:
        it = Running(pilot, desk)
        await until(
            pilot, lambda: console.queue_screen is not None and console.queue_screen.session is not None
        )
        await until(pilot, lambda: _is_read(it))
        yield it


def _is_read(it: Running) -> bool:
    known = it.screen.ticket_pane.context
    return known is None or known.view is not None


def lines(widget: Widget) -> list[str]:
    """Return a widget's lines as text, without trailing blanks."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


def shown_keys(it: Running) -> str:
    """Return what the help screen in front says of keys, without its line breaks."""
    return " ".join(" ".join(str(row.render()) for row in it.app.screen.query(KeyRow)).split())
