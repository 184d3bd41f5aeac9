"""The console as a program: it draws its first frame, and only then brings in the rest of itself and opens the desk.

`run` is its way in: the command line hands it a `connect` that imports the database and opens a door. Nothing that the
first frame does not need is imported here, nor are the looks read for it.

`TEXTUAL=debug` in the environment loads `styles/` anew whenever a file in it changes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.filter import ANSIToTruecolor
from textual.message import Message

from supportdesk.console import themes
from supportdesk.console.leaving import leave_when_told
from supportdesk.console.screens.opening import OpeningScreen
from supportdesk.console.type_ahead import KeyByKey

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.filter import LineFilter
    from textual.screen import Screen

    from supportdesk.console.link import DeskLink
    from supportdesk.console.screens.queue_screen import QueueScreen
    from supportdesk.door import Door


def run(connect: Callable[[], Door], *, username: str, name: str) -> int:
    """Runs the console until it is left; returns the process's exit code.

    `connect` is called on a thread after the first frame, again and again while it raises DeskUnavailableError;
    whatever is slow to import belongs in it. A door with `controls` (see `supportdesk.replay`) is a past desk: the
    console plays it back. `name` says in a word which desk it is.
    """
    console = Console(connect, username=username, name=name)
    console.run()
    return console.return_code or 0


def _palette() -> type[Provider]:
    from supportdesk.console.palette import DeskCommands

    return DeskCommands


class Prepared(Message):
    """What the queue needs has been imported, and the desk is being opened."""

    def __init__(self, link: DeskLink) -> None:
        super().__init__()
        self.link = link


class Console(KeyByKey):
    """The console: an opening screen, then the queue and what is pushed over it."""

    TITLE = "supportdesk"
    COMMANDS: ClassVar[set[Callable[[], type[Provider]]]] = {_palette}  # type: ignore[assignment]
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, connect: Callable[[], Door], *, username: str, name: str) -> None:
        super().__init__()
        for theme in themes.THEMES:
            self.register_theme(theme)
        wanted = os.environ.get("TEXTUAL_THEME", "")
        self.theme = wanted if wanted in self.available_themes else themes.DARK.name
        # The looks are read after this; without it they would be read for one theme and then for the other.
        self.stylesheet.set_variables(self.get_css_variables())
        self.queue_screen: QueueScreen | None = None
        """The queue; None until it is on the screen."""
        self._opening = self.typed.hold()
        self._connect = connect
        self._username = username
        self._desk_name = name
        self._link: DeskLink | None = None
        self._settled = threading.Event()
        self._plain_output: LineFilter | None = None
        self._shown_title = ""
        self._crash: BaseException | None = None

    def get_default_screen(self) -> Screen[None]:
        """What is seen before the queue."""
        return OpeningScreen()

    def on_mount(self) -> None:
        """Ends in good order when the terminal goes away or the system shuts down."""
        if not self.is_headless:
            leave_when_told(lambda code: self.exit(return_code=code))

    def on_ready(self) -> None:
        """Brings in the rest, now that the first frame is on the screen.

        The thread is a daemon, not a worker: it watches the desk for as long as the console runs, and quitting must not
        wait for it.
        """
        threading.Thread(target=self._serve, name="desk", daemon=True).start()

    def _serve(self) -> None:
        from supportdesk.console.link import DeskLink

        link = DeskLink(self._connect, self._username, self._tell_queue)
        self.post_message(Prepared(link))
        link.run()

    def _tell_queue(self, message: Message) -> None:
        """Hands what the desk tells to the queue, which may not be there yet. For the desk's threads."""
        self._settled.wait()
        if self.queue_screen is not None:
            self.queue_screen.post_message(message)

    async def on_prepared(self, message: Prepared) -> None:
        """Shows the queue, still empty."""
        from supportdesk.console.safe_text import PlainOutput
        from supportdesk.console.screens.queue_screen import QueueScreen

        self._link, self._plain_output = message.link, PlainOutput()
        screen = QueueScreen(
            message.link,
            self.typed,
            username=self._username,
            desk=self._desk_name,
            show_title=self.show_title,
        )
        await self.push_screen(screen)
        self.queue_screen = screen
        self._settled.set()
        self._opening.release()

    def show_title(self, title: str) -> None:
        """Shows a title in the terminal's own frame."""
        from supportdesk.console.alarm import KEEP_TITLE, title_sequence

        if title != self._shown_title:
            self._tell_terminal(
                title_sequence(title) if self._shown_title else KEEP_TITLE + title_sequence(title)
            )
        self._shown_title = title

    def _tell_terminal(self, sequence: str) -> None:
        # Textual has a public way to the bell, and none to the title.
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)

    def on_unmount(self) -> None:
        """Lets the desk go, and gives the terminal its title back."""
        from supportdesk.console.alarm import TITLE_BACK

        if self._shown_title:
            self._tell_terminal(TITLE_BACK)
        self._settled.set()
        if self._link is not None:
            self._link.stop()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Lets nothing reach the terminal that it would obey, whatever widget drew it.

        The opening screen needs no filter: it shows nothing from outside. Textual's own that turns the sixteen colours
        of a terminal into others is left out, for the console's looks have none of them and each line passes here.
        """
        if self._plain_output is None:
            return super().get_line_filters()
        others = [each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)]
        return [*others, self._plain_output]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The console's own colours, for themes that do not bring them."""
        theme = self.get_theme(self.theme)
        return themes.variables_without_theme(dark=theme is None or theme.dark)

    async def action_quit(self) -> None:
        """Quits; asks first where something was typed and not sent."""
        if self.queue_screen is None or not self.queue_screen.unsent:
            self.exit()
        else:
            self.run_worker(self._ask_to_quit(self.queue_screen.unsent), group="dialog")

    async def _ask_to_quit(self, unsent: Sequence[str]) -> None:
        from supportdesk.console.screens.confirm import Confirm

        lost = f"What you typed and did not send would be lost: {', '.join(unsent)}."
        agreed: bool | None = await self.push_screen_wait(Confirm("Quit?", lost, "Quit"))
        if agreed:
            self.exit()

    def _handle_exception(self, error: Exception) -> None:
        self._crash = error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual would show local variables, which hold what customers wrote.
        from rich.text import Text
        from textual.worker import WorkerFailed

        from supportdesk.crash_log import write_crash

        error = self._crash
        self.panic(Text(write_crash(error.error if isinstance(error, WorkerFailed) else error)))
