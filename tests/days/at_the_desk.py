"""Somebody at the console: presses keys, reads the screen, and has no other way to anything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from textual.pilot import Pilot

from supportdesk.clock import FixedClock
from supportdesk.console.app import Console
from supportdesk.console.main import ticker
from supportdesk.desk import Desk
from supportdesk.settings.files import SettingsFiles
from tests.console.harness.dialog import until
from tests.svg import lines_of

MORNING = datetime(2026, 11, 24, 9, 42, 7, tzinfo=UTC)
ME = "ann"


@dataclass
class Somebody:
    """A person at a console. `clock` is the desk's, and stands until `later`."""

    pilot: Pilot[None]
    clock: FixedClock
    keys: int = 0
    """How many keys were pressed so far, texts aside."""

    @property
    def app(self) -> Console:
        """The console."""
        assert isinstance(self.pilot.app, Console)
        return self.pilot.app

    async def press(self, *keys: str) -> None:
        """Presses keys, as fast as the console takes them."""
        self.keys += len(keys)
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Types a text."""
        await self.pilot.press(*(_NAMED.get(character, character) for character in text))
        await self.pilot.pause()

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, line by line, with one space for many."""
        return lines_of(self.app.export_screenshot())

    @property
    def screen(self) -> str:
        """The whole screen as one text, wherever its lines break."""
        return " ".join(self.lines)

    async def sees(self, *texts: str) -> None:
        """Waits until all of these stand on the screen."""

        def are_shown() -> bool:
            screen = self.screen
            return all(text in screen for text in texts)

        await until(self.pilot, are_shown, f"waited for {texts}")

    async def sees_no_more(self, text: str) -> None:
        """Waits until this is gone from the screen."""
        await until(self.pilot, lambda: text not in self.screen)

    async def waits_for(self, holds: Callable[[], bool]) -> None:
        """Waits for something that a thread brings about."""
        await until(self.pilot, holds)

    async def later(self, **by: float) -> None:
        """Lets time go by."""
        self.clock.set(self.clock.now() + timedelta(**by))
        assert self.app.queue_screen is not None
        self.app.queue_screen.updates.ticker.tick()
        await self.pilot.pause()


_NAMED = {" ": "space", "\n": "enter"}


def reference_of(address: str, summary: str, severity: str = "critical") -> str:
    """The reference of the open ticket with this summary."""
    desk = Desk.open(address, FixedClock(MORNING))
    try:
        rows = desk.queue().rows
    finally:
        desk.close()
    [ref] = [row.ref for row in rows if (row.summary, row.severity, row.is_open) == (summary, severity, True)]
    return ref


@asynccontextmanager
async def at_the_desk(
    address: str,
    username: str = ME,
    size: tuple[int, int] = (160, 50),
    now: datetime = MORNING,
    files: SettingsFiles | None = None,
) -> AsyncIterator[Somebody]:
    """Somebody who has opened the console on a desk, with settings where there are `files` of them."""
    clock = FixedClock(now)
    console = Console(lambda: Desk.open(address, clock), username=username, name="desk", files=files)
    with patch.object(ticker, "SECOND", 3600.0):
        async with console.run_test(size=size) as pilot:
            somebody = Somebody(pilot, clock)
            await somebody.waits_for(
                lambda: console.queue_screen is not None and console.queue_screen.session is not None
            )
            yield somebody
