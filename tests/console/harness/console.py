"""The console itself, run without a terminal on a desk in memory."""

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
from supportdesk.console.main import ticker
from supportdesk.console.main.screen import MainScreen
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
    """A console that has opened its desk. The desk's clock stands until `at` moves it."""

    pilot: Pilot[None]
    desk: FakeDesk

    @property
    def app(self) -> Console:
        """The application."""
        assert isinstance(self.pilot.app, Console)
        return self.pilot.app

    @property
    def screen(self) -> MainScreen:
        """The queue's screen, whatever is over it."""
        screen = self.app.queue_screen
        assert screen is not None
        return screen

    async def press(self, *keys: str) -> None:
        """Presses keys, and waits until what they ask of the desk is on the screen."""
        for key in keys:
            await self.pilot.press(key)
            await self.rest()

    async def rest(self) -> None:
        """Until nothing is on its way any more; a dialog that is open waits for the person."""

        def rests() -> bool:
            asked = self.app.screen is not self.screen
            return all(
                worker.is_finished or (asked and worker.group == "dialog") for worker in self.app.workers
            )

        await until(self.pilot, rests)

    async def at(self, moment: datetime) -> None:
        """Moves the desk's clock and lets the console look at it."""
        self.desk.clock.set(moment)
        self.screen.ticker.tick()
        await self.pilot.pause()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits for something that a thread brings about."""
        await until(self.pilot, holds)

    @property
    def queue(self) -> list[str]:
        """The visible lines of the queue."""
        return lines(self.screen.queue)

    def line(self, ref: str) -> str:
        """The line of a ticket."""
        found = [line for line in self.queue if ref in line]
        assert len(found) == 1, f"{ref} is on {len(found)} lines"
        return found[0]

    @property
    def detail(self) -> str:
        """What the pane beside the queue says, wherever its lines break."""
        return " ".join(" ".join(self.detail_lines).split())

    @property
    def detail_lines(self) -> list[str]:
        """The same line by line."""
        return lines(self.screen.detail)

    @property
    def header(self) -> str:
        """What stands above the queue."""
        return "\n".join(lines(self.screen.header))

    @property
    def foot(self) -> str:
        """What stands at the foot, wherever its lines break."""
        return "".join(lines(self.screen.foot))

    @property
    def notice(self) -> str:
        """What the notice on the screen in front says, wherever its lines break; empty without one."""
        bars = self.app.screen.query_children(NoticeBar)
        return " ".join(" ".join(lines(bars.first(NoticeBar))).split()) if bars else ""

    @property
    def view(self) -> str:
        """The name of the view that is looked at."""
        model = self.screen.queue.model
        return model.view.name if model is not None else ""

    @property
    def panes(self) -> set[str]:
        """Which of queue and ticket are on the screen."""
        both = {"queue": self.screen.queue, "ticket": self.screen.detail}
        return {name for name, widget in both.items() if widget.display}

    @property
    def focus(self) -> str:
        """Which of queue and ticket has the keys."""
        focused = self.screen.focused
        names = {id(self.screen.queue): "queue", id(self.screen.detail): "ticket"}
        return names.get(id(focused), str(focused))

    async def find(self, text: str) -> None:
        """Types a text after `/` and presses Enter."""
        self.screen.action_filter()
        await self.pilot.pause()
        self.screen.line.input.value = text
        await self.press("enter")

    @property
    def under_cursor(self) -> str | None:
        """The reference of the ticket that the cursor is on."""
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
) -> AsyncIterator[Running]:
    """The console on a desk, when the desk is open and all of it drawn; with the operator's settings, if there are."""
    # Only `at` lets time go by.
    with patch.object(ticker, "SECOND", 3600.0):
        async with _opened(
            desk, size, connect, username, files=files, drafts=drafts, calls=calls, open_first=open_first
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
    )
    async with console.run_test(size=size) as pilot:
        it = Running(pilot, desk)
        await until(
            pilot, lambda: console.queue_screen is not None and console.queue_screen.session is not None
        )
        await until(pilot, lambda: _is_read(it))
        yield it


def _is_read(it: Running) -> bool:
    known = it.screen.detail.context
    return known is None or known.view is not None


def lines(widget: Widget) -> list[str]:
    """A widget's lines as text, without what is blank at their ends."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]
