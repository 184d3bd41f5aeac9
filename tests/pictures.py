"""Takes the README's pictures from the program itself: `python -m tests.pictures`.

They show a demonstration desk on a fixed morning, so that taking them again changes only what the program changed.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from supportdesk.clock import SetClock
from supportdesk.console.app import Console
from supportdesk.demo.fill import fill
from supportdesk.desk import Desk
from tests.svg import without_fetched_fonts

MORNING = datetime(2026, 11, 24, 9, 42, 7, tzinfo=UTC)
FOLDER = Path(__file__).resolve().parent.parent / "docs"
OPERATOR, NAME = "ann", "Ann Lee"

PICTURES: dict[str, tuple[tuple[int, int], tuple[str, ...]]] = {
    "queue": ((160, 45), ("j",)),
    "escalate": ((120, 36), ("j", "e")),
    "log": ((120, 40), ("n",)),
    "small": ((80, 24), ("j",)),
}
"""The name of each picture, the terminal's size, and the keys that lead there."""


async def take(name: str, address: str) -> None:
    """Takes one picture."""
    size, keys = PICTURES[name]
    console = Console(lambda: Desk.open(address, SetClock(MORNING)), username=OPERATOR, name="desk")
    async with console.run_test(size=size) as pilot:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.svg").write_text(without_fetched_fonts(console.export_screenshot()))


async def settle(pilot: Pilot[None]) -> None:
    """Waits until the desk's threads have told all they know."""
    for _ in range(20):
        await asyncio.sleep(0.1)
        await pilot.pause()


def main() -> None:
    """Fills a desk and takes every picture of it."""
    os.environ.pop("NO_COLOR", None)
    os.environ["TERM"] = "xterm-256color"
    with tempfile.TemporaryDirectory() as folder:
        address = str(Path(folder) / "desk.db")
        fill(address, now=MORNING, username=OPERATOR, full_name=NAME)
        for name in PICTURES:
            asyncio.run(take(name, address))
            print(f"docs/{name}.svg")


if __name__ == "__main__":
    main()
