"""The wall screen as an application. It shows only what everybody may see, and takes no commands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual.binding import Binding, BindingType
from textual.message import Message

from supportdesk.console.board.reader import BoardData, BoardReader
from supportdesk.console.desk_client import DeskClient
from supportdesk.console.messages import (
    DeskDisconnected,
    DeskFailed,
    DeskOpened,
    DeskReconnected,
    QueueChanged,
)
from supportdesk.console.terminal.crash_handler import CrashHandler
from supportdesk.console.terminal.safe_text import SanitizingFilter
from supportdesk.console.terminal.signals import exit_on_signals
from supportdesk.console.terminal.symbols import PLAIN, terminal_symbols
from supportdesk.console.theme.app import ThemedApp
from supportdesk.console.wall.snapshot import WallPage, WallSnapshot, rotation
from supportdesk.console.wall.widget import WallView
from supportdesk.resources import style_path
from supportdesk.settings.load import load_settings
from supportdesk.settings.settings import DEFAULTS
from supportdesk.sla import formatting
from supportdesk.sla.clocks import State

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.filter import LineFilter

    from supportdesk.desk_api import DeskApi
    from supportdesk.settings.files import SettingsFiles

SECOND = 1.0
EVERY = 15
"""Seconds for which a page is shown."""


class WallOptions(msgspec.Struct, frozen=True):
    """Options of the wall: seconds for each page, a single page, and whether to show customers and summaries."""

    every: int = EVERY
    face: WallPage | None = None
    summaries: bool = False


class WallDrawn(Message):
    """The desk was read; None where it is out of reach."""

    def __init__(self, drawn: BoardData | None) -> None:
        super().__init__()
        self.drawn = drawn


def run(
    connect: Callable[[], DeskApi], *, username: str, name: str, manner: WallOptions, files: SettingsFiles
) -> int:
    """Runs the wall until it is left; returns the process's exit code.

    `connect` and `name` are as the console's; of the settings' `files` it has the theme and the time zone.
    """
    wall = Wall(connect, username=username, name=name, manner=manner, files=files)
    wall.run()
    return wall.return_code or 0


class Wall(ThemedApp, CrashHandler):
    """Turns its pages by itself, goes to a new breach at once, and reconnects to a desk that was disconnected."""

    TITLE = "supportdesk wall"
    CSS_PATH = style_path("wall.tcss")
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,f10,escape", "quit", "Quit", show=False),
        Binding("right,space,tab", "turn(1)", "The next page", show=False),
        Binding("left,shift+tab", "turn(-1)", "The previous page", show=False),
    ]

    def __init__(
        self,
        connect: Callable[[], DeskApi],
        *,
        username: str,
        name: str,
        manner: WallOptions | None = None,
        files: SettingsFiles | None = None,
    ) -> None:
        super().__init__(files)
        self._settings = load_settings(files.config).settings if files is not None else DEFAULTS
        self.view = WallView(name)
        self._manner = manner or WallOptions()
        self._plain_output = SanitizingFilter()
        self._link = DeskClient(connect, username, self.post_message)
        self._desk: DeskApi | None = None
        self._reader: BoardReader | None = None
        self._drawn: BoardData | None = None
        self._reading = False
        self._stale = ""
        self._place = 0
        self._shown_for = 0
        self._burning: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        """The whole screen is one drawing."""
        yield self.view

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Lets nothing reach the terminal that it would obey."""
        return [*super().get_line_filters(), self._plain_output]

    # The desk.

    def on_ready(self) -> None:
        """Opens the desk, on a thread that quitting need not wait for."""
        if not self.is_headless:
            exit_on_signals(lambda code: self.exit(return_code=code), self._driver)
        self.view.say("Opening the desk …")
        threading.Thread(target=self._link.run, name="desk", daemon=True).start()
        self.set_interval(SECOND, self.tick)

    def on_unmount(self) -> None:
        """Lets the desk go."""
        self._link.stop()

    def on_desk_opened(self, message: DeskOpened) -> None:
        """Reads the desk for the first time."""
        self._desk, self._reader = message.desk, BoardReader(message.desk)
        self._stale = ""
        self._read()

    def on_queue_changed(self, message: QueueChanged) -> None:
        """Reads the desk again."""
        if self._reader is not None:
            self._reader.changed()
            self._read()

    def on_desk_disconnected(self, message: DeskDisconnected) -> None:
        """Says so in large letters, over what was seen last."""
        zone = self._settings.zone(self._drawn.policy.timezone if self._drawn is not None else "UTC")
        self._stale = f"STALE {formatting.bare_time(message.since, zone)}" if message.since else "NO DESK"
        self._show()
        if self._drawn is None:
            self.view.say(message.reason)

    def on_desk_reconnected(self, message: DeskReconnected) -> None:
        """Goes on."""
        self._stale = ""
        if self._reader is not None:
            self._reader.changed()
        self._read()

    def on_desk_failed(self, message: DeskFailed) -> None:
        """Ends the wall: nobody knows what state the desk's thread is in."""
        raise message.error

    def _read(self) -> None:
        reader = self._reader
        if reader is None or self._reading or reader.is_throttled:
            return
        self._reading = True
        self.run_worker(lambda: self.post_message(WallDrawn(reader.read())), thread=True, group="wall")

    def on_wall_drawn(self, message: WallDrawn) -> None:
        """Shows what was read; whatever has breached since then comes first."""
        self._reading = False
        if message.drawn is not None:
            self._drawn = message.drawn
        self._jump_to_new_breach()
        self._show()

    # The faces.

    def tick(self) -> None:
        """A second has gone by."""
        self._shown_for += 1
        if self._shown_for >= self._manner.every:
            self.action_turn(1)
        self._jump_to_new_breach()
        self._show()
        self._read()

    def action_turn(self, by: int) -> None:
        """The next face, or the one before; a wall that was given one face keeps it."""
        self._place += by
        self._shown_for = 0
        self._show()

    def _jump_to_new_breach(self) -> None:
        """Goes back to what burns when something new does: a breach, or a page that found nobody."""
        sight = self._sight
        if sight is None:
            return
        burning = frozenset(row.ref for row in (*sight.in_state(State.BREACHED), *sight.unpaged))
        if burning - self._burning:
            self._place = self._shown_for = 0
        self._burning = burning

    @property
    def _sight(self) -> WallSnapshot | None:
        if self._desk is None or self._drawn is None:
            return None
        zone, plain = self._settings.zone(self._drawn.policy.timezone), terminal_symbols() is PLAIN
        summaries = self._manner.summaries or self._settings.wall.summaries
        return WallSnapshot(self._drawn, self._desk.now(), zone, summaries, plain, self.no_color)

    def _show(self) -> None:
        sight = self._sight
        if sight is None:
            return
        faces = rotation(sight)
        self.view.show(self._manner.face or faces[self._place % len(faces)], sight, self._stale)
