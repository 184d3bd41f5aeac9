"""Takes the README's pictures from the program itself: `python -m tests.pictures [NAME ...]`.

They show a demonstration desk on a fixed morning, so that taking them again changes only what the program changed.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

from textual.app import App
from textual.pilot import Pilot

from supportdesk.clock import FixedClock
from supportdesk.console.app import Console
from supportdesk.console.wall.app import Wall, WallOptions
from supportdesk.console.watching.host import Watching
from supportdesk.demo.fill import fill_demo_desk
from supportdesk.demo.intake_folders import make_folders
from supportdesk.desk import Desk
from supportdesk.heartbeat import Heartbeat, HeartbeatFile, heartbeat_path, write_heartbeat
from supportdesk.watcher.loop import Watcher
from supportdesk.watcher.tasks import make_tasks
from tests.demo.customers import LAST, OpenDemo
from tests.svg import without_fetched_fonts

MORNING = datetime(2026, 11, 24, 9, 42, 7, tzinfo=UTC)
FOLDER = Path(__file__).resolve().parent.parent / "docs"
OPERATOR, NAME = "ann", "Ann Lee"


@dataclass(frozen=True, slots=True)
class Picture:
    """Who sits there, the terminal's size, and what leads to the picture: keys, and texts behind a space."""

    who: str
    size: tuple[int, int]
    steps: tuple[str, ...] = ()


A_CALL = ("n", " aisha", "enter")
A_REQUEST = (*A_CALL, "enter", " Invoice totals are wrong again", "enter", "n", "y")
PICTURES = {
    "queue": Picture(OPERATOR, (160, 45), ("j",)),
    "call": Picture("sam", (120, 38), A_CALL),
    "request": Picture("sam", (120, 38), A_REQUEST),
    "logged": Picture("sam", (100, 28), (*A_REQUEST, "f2")),
    "brief": Picture("priya", (80, 24), ("enter",)),
    "small": Picture(OPERATOR, (80, 24), ("j",)),
    "escalate": Picture(OPERATOR, (120, 36), ("j", "e")),
    "filter": Picture("karen", (140, 36), ("slash", " severity:high due:<2d owner:")),
    "bulk": Picture("karen", (140, 36), ("space", "space", "space", "a")),
    "board": Picture("karen", (160, 50), ("b",)),
    "directory": Picture("karen", (120, 34), ("D",)),
    "wall": Picture("karen", (120, 34)),
    "arrived": Picture("sam", (160, 45), ("apostrophe", " printed twice", "enter", "enter")),
}
"""The pictures, by their files' names."""


def program(name: str, address: str) -> App[Any]:
    """What the picture is taken of."""

    def connect() -> Desk:
        return Desk.open(address, FixedClock(MORNING))

    who = PICTURES[name].who
    if name == "wall":
        return Wall(connect, username=who, name="desk", options=WallOptions())
    watching = Watching(HeartbeatFile(heartbeat_path(Path(address))), Mock)
    return Console(connect, username=who, name="desk", watching=watching)


def watch(address: str) -> None:
    """Let a watcher catch up, and leave its heartbeat of two seconds ago."""
    watcher = Watcher(
        lambda: Desk.open(address, FixedClock(MORNING)), None, make_tasks, say=lambda line: None
    )
    while watcher.tick():
        pass
    watcher.close()
    ticked = MORNING - timedelta(seconds=2)
    write_heartbeat(heartbeat_path(Path(address)), Heartbeat("desk-1", 1, "1", ticked, ticked, beat=1))


def let_customers_write(address: str) -> None:
    """Let the demo's customers write and call, as soon after the demo was opened as they do, and take that in."""
    make_folders(address, is_new=True)
    clock = FixedClock(MORNING - 5 * LAST)
    with closing(Desk.open(address, clock)) as desk:
        OpenDemo(desk, clock, address).let_everything_arrive()


async def take(name: str, address: str) -> None:
    """Takes one picture."""
    app, picture = program(name, address), PICTURES[name]
    async with app.run_test(size=picture.size) as pilot:
        await settle(pilot)
        for step in picture.steps:
            typed = step[1:] if step.startswith(" ") else ""
            await pilot.press(*(_KEYS.get(letter, letter) for letter in typed) if typed else (step,))
            await settle(pilot)
        (FOLDER / f"{name}.svg").write_text(without_fetched_fonts(app.export_screenshot()))


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until the desk's threads have delivered everything."""
    for _ in range(12):
        await asyncio.sleep(0.1)
        await pilot.pause()


_KEYS = {" ": "space", ":": "colon", "<": "less_than_sign"}


def main() -> None:
    """Fills a desk and takes the pictures that are asked for, or every one."""
    os.environ.pop("NO_COLOR", None)
    os.environ["TERM"] = "xterm-256color"
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        filled = Path(folder) / "desk.db"
        fill_demo_desk(str(filled), now=MORNING, username=OPERATOR, full_name=NAME)
        for name in sys.argv[1:] or PICTURES:
            copy = str(shutil.copy(filled, Path(folder) / f"{name}.db"))
            if name == "arrived":
                let_customers_write(copy)
            watch(copy)
            asyncio.run(take(name, copy))
            print(f"docs/{name}.svg")


if __name__ == "__main__":
    main()
