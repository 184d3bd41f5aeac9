"""The console application: draws its first frame, then imports the rest and opens the desk.

The command line runs it with a `connect` that imports the database and opens a desk. Nothing that the first frame
does not need is imported here, and no styles are read for it.

`TEXTUAL=debug` in the environment reloads `styles/` whenever a file in it changes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.filter import ANSIToTruecolor
from textual.message import Message

from supportdesk.console.dialogs.splash import SplashScreen
from supportdesk.console.keys.type_ahead import SerializedKeys
from supportdesk.console.preferences.app import PreferencesApp
from supportdesk.console.terminal.app import TerminalApp
from supportdesk.console.terminal.signals import exit_on_signals
from supportdesk.console.workers import call_after, start_worker

if TYPE_CHECKING:
    from pathlib import Path

    from textual.command import Provider
    from textual.events import Event
    from textual.filter import LineFilter
    from textual.screen import Screen

    from supportdesk.console.calls.incoming import CallReceived, IncomingCalls
    from supportdesk.console.desk_client import DeskClient
    from supportdesk.console.dialogs.sequence import DialogSequence
    from supportdesk.console.drafts.drafts import Drafts
    from supportdesk.console.lock.screen_lock import ScreenLock
    from supportdesk.console.main.screen import MainScreen
    from supportdesk.console.notifications.controller import NoticeController
    from supportdesk.console.preferences.store import Preferences
    from supportdesk.console.terminal.host import HostTerminal
    from supportdesk.console.watching.host import WatcherHost, Watching
    from supportdesk.desk_api import DeskApi
    from supportdesk.settings.files import SettingsFiles

LONGEST_SPLASH = 2.0
"""Seconds after which the main screen is drawn even without its queue."""


def run(console: Console) -> int:
    """Run the console until the operator quits; return the exit code of the process."""
    console.run()
    return console.return_code or 0


def _palette() -> type[Provider]:
    from supportdesk.console.main.command_palette import CommandProvider

    return CommandProvider


def _views() -> type[Provider]:
    from supportdesk.console.main.view_palette import ViewCommands

    return ViewCommands


class StartupReady(Message):
    """The modules that the queue needs are imported, and the desk is being opened."""

    def __init__(
        self, client: DeskClient, personal: Preferences | None, drafts: Drafts, faults: Sequence[str]
    ) -> None:
        super().__init__()
        self.client, self.personal, self.drafts, self.faults = client, personal, drafts, faults


class Console(PreferencesApp, TerminalApp, SerializedKeys):
    """The application: the splash screen, then the main screen and the screens pushed over it.

    `connect` is called on a thread after the first frame, and again while it raises DeskUnavailableError; slow imports
    belong in it. A desk with `controls` (see `supportdesk.playback`) is replayed. `name` is the desk's name in the
    header. `files` says where the operator's settings are; without them the defaults apply and nothing is remembered.
    `drafts` is the folder in which unsent forms are saved, `calls` the folders of which one holds the socket for the
    softphone, `open_first` the reference of the ticket to open first. `watching` says where the heartbeat of the desk's
    watcher is, and starts one; without it, who watches is not shown. `locked` begins with the lock screen.
    """

    TITLE = "supportdesk"
    COMMANDS: ClassVar[set[Callable[[], type[Provider]]]] = {_palette, _views}  # type: ignore[assignment]
    ENABLE_COMMAND_PALETTE = True
    DEFAULT_MODE = "desk"  # Textual does not let its own be switched to
    # Before all others: it works in forms and dialogs, too.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "answer", "Answer", show=False, priority=True, id="desk.answer"),
        Binding("f7", "notice('act')", "Act on the notice", show=False, priority=True, id="notice.act"),
        Binding("f5", "notice('open')", "Open its ticket", show=False, priority=True, id="notice.open"),
        Binding("f12", "notice('dismiss')", "Dismiss", show=False, priority=True, id="notice.dismiss"),
        Binding("shift+f11,f23", "lock", "Lock", show=False, priority=True, id="desk.lock_anywhere"),
    ]

    def __init__(
        self,
        connect: Callable[[], DeskApi],
        *,
        username: str,
        name: str,
        files: SettingsFiles | None = None,
        drafts: Path | None = None,
        open_first: str = "",
        calls: Sequence[Path] = (),
        watching: Watching | None = None,
        locked: bool = False,
    ) -> None:
        super().__init__(files)
        self._locked_first = locked
        self._lock: ScreenLock | None = None
        self._watching = watching
        self._watcher_host: WatcherHost | None = None
        self._calls = calls
        self._incoming_calls: IncomingCalls | None = None
        self._notices: NoticeController | None = None
        self._drafts_place = drafts
        self._drafts: Drafts | None = None
        self.queue_screen: MainScreen | None = None
        """The queue; None until it is on the screen."""
        self._opening = self.typed.hold()
        self._connect = connect
        self._username = username
        self._desk_name = name
        self._open_first = open_first
        self._client: DeskClient | None = None
        self._queue_ready = threading.Event()
        self._undrawn = ExitStack()
        """Ends when the main screen may be drawn."""
        self._is_preloading = False
        self._terminal: HostTerminal | None = None

    def get_default_screen(self) -> Screen[None]:
        """Return the splash screen, which is shown until the queue is ready."""
        return SplashScreen()

    def on_mount(self) -> None:
        """Exit cleanly when the terminal hangs up or the system shuts down."""
        if not self.is_headless:
            exit_on_signals(self._leave, self._driver)

    def _leave(self, code: int = 0) -> None:
        """Exit; the contents of open forms are saved as drafts."""
        for screen in self.get_screen_stack(self.DEFAULT_MODE):
            keep = getattr(screen, "save_draft", None)
            if keep is not None:
                keep()
        self.exit(return_code=code)

    def on_ready(self) -> None:
        """Start the desk's thread, now that the first frame is on the screen; quitting does not wait for a daemon."""
        threading.Thread(target=self._serve, name="desk", daemon=True).start()

    def _serve(self) -> None:
        try:
            self._open_desk()
        except Exception as error:  # noqa: BLE001 - an error in this thread must end the console
            self.call_from_thread(self._handle_exception, error)

    def _open_desk(self) -> None:
        from datetime import UTC, datetime

        from supportdesk.console.desk_client import DeskClient
        from supportdesk.console.desk_watch import DeskWatch
        from supportdesk.console.drafts.folder import drafts_at
        from supportdesk.console.watching.host import WatcherHost

        self._watcher_host = WatcherHost(self._watching)
        watch = DeskWatch(self._connect, self._username, self._post_to_queue, self._watcher_host.heartbeat)
        personal = None
        if self._files is not None:
            from supportdesk.console.preferences.store import read_preferences

            personal = read_preferences(self._files)
        self.post_message(
            StartupReady(DeskClient(watch), personal, *drafts_at(self._drafts_place, datetime.now(UTC)))
        )
        watch.run()

    def _post_to_queue(self, message: Message) -> None:
        """Post a message of the desk to the main screen once that exists. Called on the desk's threads."""
        self._queue_ready.wait()
        if self.queue_screen is not None:
            self.queue_screen.post_message(message)
            if not self._is_preloading:
                self.queue_screen.call_later(self._draw, self.queue_screen)

    def _draw(self, screen: MainScreen) -> None:
        """Draw the main screen; then listen for calls and, if it has its queue, import what the first key needs."""
        self._undrawn.close()
        screen.call_after_refresh(self._listen_for_calls)
        if screen.session is not None and not self._is_preloading:
            self._is_preloading = True
            screen.call_after_refresh(self._preload)

    def _preload(self) -> None:
        from supportdesk.console.main.preload import import_all

        def preload() -> None:
            import_all(lambda: not self.is_running)
            if self._watcher_host is not None:
                self._watcher_host.start()

        threading.Thread(target=preload, name="preload", daemon=True).start()

    async def on_startup_ready(self, message: StartupReady) -> None:
        """Show the main screen, with an empty queue."""
        from supportdesk.console.lock.console_lock import console_lock
        from supportdesk.console.main.controllers import StartOptions
        from supportdesk.console.main.screen import MainScreen
        from supportdesk.console.terminal.host import HostTerminal
        from supportdesk.settings.inbox_marks import InboxMarks
        from supportdesk.settings.settings import DEFAULTS

        # The splash screen needs no filter: it shows no text from outside.
        self.filter_control_sequences()
        self._client, personal, self._drafts = message.client, message.personal, message.drafts
        self._terminal = HostTerminal(self._write_to_terminal)
        options = StartOptions(
            username=self._username,
            desk=self._desk_name,
            settings=personal.settings if personal is not None else DEFAULTS,
            drafts=message.drafts,
            inbox_marks=personal.inbox_marks if personal is not None else InboxMarks(),
            terminal=self._terminal,
            open_first=self._open_first,
            own_replies=self._files.replies if self._files is not None else None,
        )
        screen = MainScreen(
            message.client,
            self.typed,
            options,
            remember_pane=lambda pane: self.remember(pane=pane),
            find_calls=lambda: self._incoming_calls,
        )
        self._notices = screen.controllers.notices
        # Neither drawn nor laid out before its queue is there, unless that takes long.
        self._undrawn.enter_context(self.batch_update())
        call_after(self, LONGEST_SPLASH, self._undrawn.close)
        await self.push_screen(screen)
        self.queue_screen = screen
        self._lock = console_lock(self, screen, options, lambda: self._incoming_calls, self._prepare)
        if personal is not None:
            self.apply_preferences(personal)
        if self._locked_first or (self._lock.asks and personal and personal.remembered.locked):
            self._lock.lock()
        self._warn("Unfinished forms", message.faults)
        self._queue_ready.set()
        self._opening.release()

    def action_lock(self) -> None:
        """Lock the console: its screens stay as they are behind the lock screen."""
        if self._lock is not None:
            self._lock.lock()

    @property
    def is_locked(self) -> bool:
        """Whether the lock screen is shown: no key of the console works."""
        return self.current_mode != self.DEFAULT_MODE

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not self.is_locked and super().check_action(action, parameters)

    async def on_event(self, event: Event) -> None:
        """Let the lock handle what was pressed; what is typed on the lock screen does not wait for the desk."""
        if self._lock is not None and self._lock.handle(event):
            return
        if self.is_locked:
            await super(SerializedKeys, self).on_event(event)
        else:
            await super().on_event(event)

    def _warn(self, title: str, faults: Sequence[str]) -> None:
        for fault in faults:
            self.notify(fault, title=title, severity="warning", timeout=15, markup=False)

    def _listen_for_calls(self) -> None:
        """Listen for incoming calls, unless it has begun or the main screen is not there yet."""
        from supportdesk.console.calls.incoming import IncomingCalls

        if self._incoming_calls is None and (screen := self.queue_screen) is not None:
            self._incoming_calls = calls = IncomingCalls(self, self._calls, lambda: screen.session)
            self._warn("Incoming calls", [calls.fault] if calls.fault is not None else [])

    def on_call_received(self, message: CallReceived) -> None:
        """Look up the caller and show the call."""
        self._listen_for_calls()
        if self._incoming_calls is not None:
            start_worker(self, self._incoming_calls.receive, message.number, group="ring")

    def action_notice(self, response: str) -> None:
        """Respond to the notice that is shown: `act`, `open` or `dismiss`."""
        if self._notices is not None:
            self.leave_palette()
            self._notices.respond(response)

    def on_incoming_call_bar_answered(self) -> None:
        """Answer the call when the line is clicked."""
        self.action_answer()

    def action_answer(self) -> None:
        """Answer the call that is ringing; an open form stays below the call screen."""
        from supportdesk.console.calls.incoming import DESTINATION

        self._listen_for_calls()
        screen = self.queue_screen
        if self._incoming_calls is None or screen is None:
            return
        if screen.session is None:
            screen.foot.show_message("The desk is not open yet.", refused=True)
        elif (offer := self._incoming_calls.answer()) is None:
            screen.foot.show_message("There is no incoming call.", refused=True)
        else:
            self.leave_palette()
            screen.action_visit(DESTINATION, offer.text)

    def action_command_palette(self) -> None:
        """Open the command palette, unless one is open on any screen of the stack."""
        from supportdesk.console.dialogs.palette_screen import Palette

        if self.use_command_palette and not self.palette_is_open:
            self.push_screen(Palette())

    def push_screen(self, screen: Any, *further: Any, **how: Any) -> Any:
        """Push a screen, and show an incoming call and the notice on it."""
        self._prepare(screen)
        # Behind the lock screen, if that is shown.
        pushed = super().push_screen(screen, *further, **{**how, "mode": self.DEFAULT_MODE})
        if self._incoming_calls is not None:
            self._incoming_calls.show_on(screen)
        if self._notices is not None:
            self._notices.follow(screen)
        if self.queue_screen is not None:
            self.queue_screen.updates.overdue.follow(screen)
        return pushed

    def _prepare(self, screen: Any) -> None:
        self._read_styles(screen)
        self.set_breakpoints(screen)

    def _read_styles(self, screen: Any) -> None:
        # Textual would parse the styles of every screen and widget again, to add those of one screen.
        for path in getattr(screen, "css_path", ()):
            if not self.stylesheet.has_source(str(path)):
                self.stylesheet.read(path)
                self.stylesheet.parse()

    def _write_to_terminal(self, sequence: str) -> None:
        # Textual has a public way to the bell, and none to the title or the desktop.
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)

    def on_unmount(self) -> None:
        """Close the desk, the drafts and the opened attachments, and restore the terminal's title."""
        if self._terminal is not None:
            self._terminal.leave()
        self._queue_ready.set()
        if self._watcher_host is not None:
            self._watcher_host.stop()
        if self._client is not None:
            self._client.watch.stop()
        if self._drafts is not None:
            self._drafts.close()
        if self._incoming_calls is not None:
            self._incoming_calls.close()
        if self.queue_screen is not None and self.queue_screen.session is not None:
            self.queue_screen.session.open_files.close()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the line filters without Textual's for the sixteen ANSI colours.

        The console's themes have none of them, and every line passes here.
        """
        return [each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)]

    async def action_quit(self) -> None:
        """Quit; ask first if there is unsent text that cannot be saved."""
        drafts = self._drafts
        if drafts is None or not drafts.unsent or not drafts.is_volatile:
            self._leave()
        else:
            from supportdesk.console.dialogs.sequence import begin_dialogs

            begin_dialogs(self, self._ask_to_quit, drafts)

    async def _ask_to_quit(self, dialogs: DialogSequence, drafts: Drafts) -> None:
        from supportdesk.console.dialogs.confirm import Confirm

        unsent = ", ".join(f"{verb} {ref}".strip() for verb, ref in drafts.unsent)
        lost = f"You would lose what you typed and did not send: {unsent}."
        if await dialogs.ask(Confirm("Quit?", lost, "Quit")):
            self._leave()
