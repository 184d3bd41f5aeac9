"""The wall screen as an application. It shows only what everybody may see, and takes no commands."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual.binding import Binding, BindingType
from textual.message import Message

from supportdesk.console.board.reader import BoardData, BoardReader
from supportdesk.console.desk_watch import DeskWatch
from supportdesk.console.messages import (
    DeskDisconnected,
    DeskFailed,
    DeskOpened,
    DeskReconnected,
    QueueChanged,
    WatcherSeen,
)
from supportdesk.console.terminal.app import TerminalApp
from supportdesk.console.terminal.signals import exit_on_signals
from supportdesk.console.terminal.symbols import PLAIN, terminal_symbols
from supportdesk.console.text.watcher_text import describe_watcher
from supportdesk.console.theme.app import ThemedApp
from supportdesk.console.wall.snapshot import WallPage, WallSnapshot, rotation
from supportdesk.console.wall.widget import WallView
from supportdesk.resources import style_path
from supportdesk.settings.load import load_settings
from supportdesk.settings.settings import DEFAULTS
from supportdesk.sla import formatting
from supportdesk.sla.clocks import State

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import ComposeResult

    from supportdesk.desk_api import DeskApi, PolicyQueries
    from supportdesk.heartbeat import HeartbeatPlace
    from supportdesk.settings.files import SettingsFiles

SECOND = 1.0
EVERY = 15
"""Seconds for which a page is shown."""
NO_WATCHER = "NO WATCHER"
"""The warning while nobody watches the desk, so that nobody is alerted."""


class WallOptions(msgspec.Struct, frozen=True):
    """Options of the wall: seconds for each page, the only page if any, and whether customers and summaries appear.

    `shows_event` has it show the number of the event that it reflects, because what it reads may lag.
    """

    every: int = EVERY
    page: WallPage | None = None
    summaries: bool = False
    shows_event: bool = False


class WallLoaded(Message):
    """The desk has been read; `data` is None if it could not be reached."""

    def __init__(self, data: BoardData | None) -> None:
        super().__init__()
        self.data = data


def run(
    connect: Callable[[], DeskApi],
    *,
    username: str,
    name: str,
    options: WallOptions,
    files: SettingsFiles,
    heartbeat: HeartbeatPlace | None = None,
) -> int:
    """Run the wall until the operator quits; return the exit code of the process.

    `connect` and `name` are those of `supportdesk.console.app.Console`. Of the settings in `files` only the theme, the
    time zone and the table `wall` apply. `heartbeat` is where the heartbeat of the desk's watcher is, if there is one.
    """
    wall = Wall(connect, username=username, name=name, options=options, files=files, heartbeat=heartbeat)
    wall.run()
    return wall.return_code or 0


class Wall(ThemedApp, TerminalApp):
    """Changes its pages by itself, shows a new breach at once, and reconnects when the desk was disconnected."""

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
        options: WallOptions | None = None,
        files: SettingsFiles | None = None,
        heartbeat: HeartbeatPlace | None = None,
    ) -> None:
        super().__init__(files)
        self._settings = load_settings(files.config).settings if files is not None else DEFAULTS
        self.view = WallView(name)
        self._name = name
        self._options = options or WallOptions()
        self.filter_control_sequences()
        self._watch = DeskWatch(connect, username, self.post_message, heartbeat)
        self._watcher: WatcherSeen | None = None
        self._desk: PolicyQueries | None = None
        self._reader: BoardReader | None = None
        self._data: BoardData | None = None
        self._reading = False
        self._stale = ""
        self._place = 0
        self._shown_for = 0
        self._alarming: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        """Yield the only widget, which draws the whole screen."""
        yield self.view

    # The desk.

    def on_ready(self) -> None:
        """Open the desk on a daemon thread, so that quitting need not wait for it."""
        if not self.is_headless:
            exit_on_signals(lambda code: self.exit(return_code=code), self._driver)
        self.view.show_message("Opening the desk …")
        threading.Thread(target=self._watch.run, name="desk", daemon=True).start()
        self.set_interval(SECOND, self.tick)

    def on_unmount(self) -> None:
        """Close the desk and end its thread."""
        self._watch.stop()

    def on_desk_opened(self, message: DeskOpened) -> None:
        """Read the desk for the first time."""
        self._desk, self._reader = message.desk, BoardReader(message.desk)
        self._stale = ""
        self._read()

    def on_queue_changed(self, message: QueueChanged) -> None:
        """Read the desk again."""
        if self._reader is not None:
            self._reader.changed()
            self._read()

    def on_desk_disconnected(self, message: DeskDisconnected) -> None:
        """Say so in large letters above the last data, which is dimmed."""
        zone = self._settings.zone(self._data.policy.timezone if self._data is not None else "UTC")
        stale = f"STALE {formatting.bare_time(message.since, zone)}" if message.since else "NO DESK"
        self._stale = "RESTART" if message.headline else stale
        self._show()
        if self._data is None:
            self.view.show_message(message.reason)

    def on_desk_reconnected(self, message: DeskReconnected) -> None:
        """Remove the warning and read the desk again."""
        self._stale = ""
        # It is drawn at once: the next reading may be throttled.
        self._show()
        if self._reader is not None:
            self._reader.changed()
        self._read()

    def on_watcher_seen(self, message: WatcherSeen) -> None:
        """Say in large letters when nobody has watched the desk for some time."""
        self._watcher = message
        self._show()

    def on_desk_failed(self, message: DeskFailed) -> None:
        """End the wall: the state of the desk's thread is unknown."""
        raise message.error

    def _read(self) -> None:
        reader = self._reader
        if reader is None or self._reading or reader.is_throttled:
            return
        self._reading = True
        self.run_worker(lambda: self.post_message(WallLoaded(reader.read())), thread=True, group="wall")

    def on_wall_loaded(self, message: WallLoaded) -> None:
        """Show the data; a ticket that has breached since then comes first."""
        self._reading = False
        if message.data is not None:
            self._data = message.data
        self._jump_to_new_breach()
        self._show()

    # The pages.

    def tick(self) -> None:
        """Update the timers, change the page when its time is over, and read the desk; called every second."""
        self._shown_for += 1
        if self._shown_for >= self._options.every:
            self.action_turn(1)
        self._jump_to_new_breach()
        self._show()
        self._read()

    def action_turn(self, by: int) -> None:
        """Show the page `by` pages further; a wall with a single page stays on it."""
        self._place += by
        self._shown_for = 0
        self._show()

    def _jump_to_new_breach(self) -> None:
        """Go to the first page when another ticket is breached, or has a page that found nobody."""
        snapshot = self._snapshot
        if snapshot is None:
            return
        alarming = frozenset(row.ref for row in (*snapshot.in_state(State.BREACHED), *snapshot.unpaged))
        if alarming - self._alarming:
            self._place = self._shown_for = 0
        self._alarming = alarming

    @property
    def _snapshot(self) -> WallSnapshot | None:
        if self._desk is None or self._data is None:
            return None
        zone, plain = self._settings.zone(self._data.policy.timezone), terminal_symbols() is PLAIN
        summaries = self._options.summaries or self._settings.wall.summaries
        return WallSnapshot(self._data, self._desk.now(), zone, summaries, plain, self.no_color)

    def _show(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        pages = rotation(snapshot)
        page = self._options.page or pages[self._place % len(pages)]
        if self._options.shows_event:
            self.view.desk = f"{self._name} · event {self._watch.seq:,}"
        warning = self._stale or (NO_WATCHER if self._is_unwatched(snapshot.now) else "")
        self.view.show(page, snapshot, warning, dim=bool(self._stale))

    def _is_unwatched(self, now: datetime) -> bool:
        """Return whether nobody has watched the desk for so long that the header of a console would be red."""
        seen = self._watcher
        return (
            seen is not None and describe_watcher(seen.heartbeat, seen.looked_at, now).style_name == "alarm"
        )
