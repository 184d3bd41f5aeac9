"""The console as a program: it draws its first frame, and only then brings in the rest of itself and opens the desk.

`run` is its way in: the command line hands it a `connect` that imports the database and opens a door. Nothing that the
first frame does not need is imported here, nor are the looks read for it.

`TEXTUAL=debug` in the environment loads `styles/` anew whenever a file in it changes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.filter import ANSIToTruecolor
from textual.message import Message

from supportdesk.console.dialogs.splash import SplashScreen
from supportdesk.console.keys.type_ahead import SerializedKeys
from supportdesk.console.preferences.app import PreferencesApp
from supportdesk.console.terminal.crash_handler import CrashHandler
from supportdesk.console.terminal.signals import exit_on_signals

if TYPE_CHECKING:
    from pathlib import Path

    from textual.command import Provider
    from textual.filter import LineFilter
    from textual.screen import Screen

    from supportdesk.console.calls.incoming import CallReceived, IncomingCalls
    from supportdesk.console.desk_client import DeskClient
    from supportdesk.console.drafts.drafts import Drafts
    from supportdesk.console.main.screen import MainScreen
    from supportdesk.console.notifications.controller import NoticeController
    from supportdesk.console.preferences.store import Preferences
    from supportdesk.console.terminal.host import HostTerminal
    from supportdesk.desk_api import DeskApi
    from supportdesk.settings.files import SettingsFiles


def run(
    connect: Callable[[], DeskApi],
    *,
    username: str,
    name: str,
    files: SettingsFiles | None = None,
    drafts: Path | None = None,
    begin_at: str = "",
    calls: Sequence[Path] = (),
) -> int:
    """Runs the console until it is left; returns the process's exit code.

    `connect` is called on a thread after the first frame, again and again while it raises DeskUnavailableError;
    whatever is slow to import belongs in it. A door with `controls` (see `supportdesk.playback`) is a past desk: the
    console plays it back. `name` says in a word which desk it is, `files` where the operator's settings are; without
    them the defaults hold and nothing is remembered. `drafts` is the folder in which what was typed and not sent
    outlives the console, `calls` the folders of which one is to have the socket at which a softphone rings, `begin_at`
    the reference of the ticket to open first.
    """
    console = Console(
        connect,
        username=username,
        name=name,
        files=files,
        drafts=drafts,
        calls=calls,
        begin_at=begin_at,
    )
    console.run()
    return console.return_code or 0


def _palette() -> type[Provider]:
    from supportdesk.console.main.command_palette import DeskCommands

    return DeskCommands


def _views() -> type[Provider]:
    from supportdesk.console.main.view_palette import ViewCommands

    return ViewCommands


class StartupReady(Message):
    """What the queue needs has been imported, and the desk is being opened."""

    def __init__(
        self, link: DeskClient, personal: Preferences | None, drafts: Drafts, faults: Sequence[str]
    ) -> None:
        super().__init__()
        self.link = link
        self.personal = personal
        self.drafts = drafts
        self.faults = faults


class Console(PreferencesApp, CrashHandler, SerializedKeys):
    """The console: an opening screen, then the queue and what is pushed over it."""

    TITLE = "supportdesk"
    COMMANDS: ClassVar[set[Callable[[], type[Provider]]]] = {_palette, _views}  # type: ignore[assignment]
    ENABLE_COMMAND_PALETTE = True
    # Before all others: it works in forms and dialogs, too.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "answer", "Answer", show=False, priority=True, id="desk.answer"),
        Binding("f7", "notice('act')", "Act on the notice", show=False, priority=True, id="notice.act"),
        Binding("f5", "notice('open')", "Open its ticket", show=False, priority=True, id="notice.open"),
        Binding("f12", "notice('dismiss')", "Dismiss", show=False, priority=True, id="notice.dismiss"),
    ]

    def __init__(
        self,
        connect: Callable[[], DeskApi],
        *,
        username: str,
        name: str,
        files: SettingsFiles | None = None,
        drafts: Path | None = None,
        begin_at: str = "",
        calls: Sequence[Path] = (),
    ) -> None:
        super().__init__(files)
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
        self._begin_at = begin_at
        self._link: DeskClient | None = None
        self._settled = threading.Event()
        self._plain_output: LineFilter | None = None
        self._terminal: HostTerminal | None = None

    def get_default_screen(self) -> Screen[None]:
        """What is seen before the queue."""
        return SplashScreen()

    def on_mount(self) -> None:
        """Ends in good order when the terminal goes away or the system shuts down."""
        if not self.is_headless:
            exit_on_signals(self._leave, self._driver)

    def _leave(self, code: int = 0) -> None:
        """Ends the console; what stands in forms that are open is kept."""
        for screen in self.screen_stack:
            keep = getattr(screen, "save_draft", None)
            if keep is not None:
                keep()
        self.exit(return_code=code)

    def on_ready(self) -> None:
        """Brings in the rest, now that the first frame is on the screen.

        The thread is a daemon, not a worker: it watches the desk for as long as the console runs, and quitting must not
        wait for it.
        """
        threading.Thread(target=self._serve, name="desk", daemon=True).start()

    def _serve(self) -> None:
        try:
            self._open_desk()
        except Exception as error:  # noqa: BLE001 - a thread that ends in silence would leave a screen without a key
            self.call_from_thread(self._handle_exception, error)

    def _open_desk(self) -> None:
        from datetime import UTC, datetime

        from supportdesk.console.desk_client import DeskClient
        from supportdesk.console.drafts.folder import drafts_at

        link = DeskClient(self._connect, self._username, self._tell_queue)
        personal = None
        if self._files is not None:
            from supportdesk.console.preferences.store import read_personal

            personal = read_personal(self._files)
        self.post_message(StartupReady(link, personal, *drafts_at(self._drafts_place, datetime.now(UTC))))
        link.run()

    def _tell_queue(self, message: Message) -> None:
        """Hands what the desk tells to the queue, which may not be there yet. For the desk's threads."""
        self._settled.wait()
        if self.queue_screen is not None:
            self.queue_screen.post_message(message)

    async def on_startup_ready(self, message: StartupReady) -> None:
        """Shows the queue, still empty."""
        from supportdesk.console.calls.incoming import IncomingCalls
        from supportdesk.console.main.screen import MainScreen
        from supportdesk.console.terminal.host import HostTerminal
        from supportdesk.console.terminal.safe_text import SanitizingFilter
        from supportdesk.settings.settings import DEFAULTS

        self._link, self._plain_output = message.link, SanitizingFilter()
        self._drafts = message.drafts
        self._terminal = HostTerminal(self._tell_terminal)
        screen = MainScreen(
            message.link,
            self.typed,
            username=self._username,
            desk=self._desk_name,
            terminal=self._terminal,
            drafts=message.drafts,
            settings=message.personal.settings if message.personal is not None else DEFAULTS,
            remember_pane=lambda pane: self.remember(pane=pane),
            begin_at=self._begin_at,
            dismiss_calls=self._dismiss_calls,
        )
        self._notices = screen.notices
        await self.push_screen(screen)
        self.queue_screen = screen
        self._incoming_calls = IncomingCalls(self, self._calls, lambda: screen.session)
        if message.personal is not None:
            self.take_in(message.personal)
        faults = [("Unfinished forms", fault) for fault in message.faults]
        if self._incoming_calls.fault is not None:
            faults.append(("Incoming calls", self._incoming_calls.fault))
        for title, fault in faults:
            self.notify(fault, title=title, severity="warning", timeout=15, markup=False)
        self._settled.set()
        self._opening.release()

    def on_call_received(self, message: CallReceived) -> None:
        """Offers a call."""
        if self._incoming_calls is not None:
            self.run_worker(self._incoming_calls.receive(message.number), group="ring")

    def action_notice(self, way: str) -> None:
        """Responds to the notice that is shown: `act`, `open` or `dismiss`."""
        if self._notices is not None:
            self.leave_palette()
            self._notices.respond(way)

    def on_incoming_call_bar_answered(self) -> None:
        """The mouse answers, too."""
        self.action_answer()

    def action_answer(self) -> None:
        """Answers the call that rings; a form that is being written stays as it is below."""
        from supportdesk.console.calls.incoming import DESTINATION

        screen = self.queue_screen
        if self._incoming_calls is None or screen is None:
            return
        if screen.session is None:
            screen.foot.say("The desk is not open yet.", refused=True)
        elif (offer := self._incoming_calls.answer()) is None:
            screen.foot.say("There is no incoming call.", refused=True)
        else:
            self.leave_palette()
            screen.action_visit(DESTINATION, offer.text)

    def action_command_palette(self) -> None:
        """Opens the command palette, unless one is open: here, or below a screen that was opened over it."""
        from supportdesk.console.dialogs.palette_screen import Palette

        if self.use_command_palette and not self.palette_is_open:
            self.push_screen(Palette())

    def _dismiss_calls(self) -> bool:
        return self._incoming_calls is not None and self._incoming_calls.dismiss_all()

    def push_screen(self, screen: Any, *further: Any, **how: Any) -> Any:
        """As every application does it; a call that rings is told of on the new screen, too."""
        pushed = super().push_screen(screen, *further, **how)
        if self._incoming_calls is not None:
            self._incoming_calls.show_on(self.screen)
        if self._notices is not None:
            self._notices.follow(self.screen)
        return pushed

    def _tell_terminal(self, sequence: str) -> None:
        # Textual has a public way to the bell, and none to the title or the desktop.
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)

    def on_unmount(self) -> None:
        """Lets the desk go, and gives the terminal its title back."""
        if self._terminal is not None:
            self._terminal.leave()
        self._settled.set()
        if self._link is not None:
            self._link.stop()
        if self._drafts is not None:
            self._drafts.close()
        if self._incoming_calls is not None:
            self._incoming_calls.close()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Lets nothing reach the terminal that it would obey, whatever widget drew it.

        The opening screen needs no filter: it shows nothing from outside. Textual's own that turns the sixteen colours
        of a terminal into others is left out, for the console's looks have none of them and each line passes here.
        """
        if self._plain_output is None:
            return super().get_line_filters()
        others = [each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)]
        return [*others, self._plain_output]

    async def action_quit(self) -> None:
        """Quits; asks first where something was typed that cannot be kept for the next time."""
        drafts = self._drafts
        if drafts is None or not drafts.unsent or not drafts.is_volatile:
            self._leave()
        else:
            self.run_worker(self._ask_to_quit(drafts), group="dialog")

    async def _ask_to_quit(self, drafts: Drafts) -> None:
        from supportdesk.console.dialogs.confirm import Confirm

        unsent = ", ".join(f"{verb} {ref}".strip() for verb, ref in drafts.unsent)
        lost = f"You would lose what you typed and did not send: {unsent}."
        agreed: bool | None = await self.push_screen_wait(Confirm("Quit?", lost, "Quit"))
        if agreed:
            self._leave()
