"""The lock screen: the header's figures, the alarms, and how to unlock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from supportdesk.console.keys.focus import focus_at_once
from supportdesk.console.lock.alarms import find_alarms
from supportdesk.console.lock.unlock_command import refuse_password
from supportdesk.console.main.header import DeskHeader
from supportdesk.console.main.header_data import header_data, watcher_text
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.widgets.big_letters import BigText
from supportdesk.console.workers import start_worker
from supportdesk.resources import style_path

if TYPE_CHECKING:
    from supportdesk.console.lock.behind import Behind

SECOND = 1.0
ONLY_HIDES = (
    "This hides the desk, and anybody can unlock it.\nThe setting unlock_command asks for a password."
)
GOES_ON = "No key reaches what is behind. Forms keep their text; bell and figures go on."


class LockScreen(Screen[None]):
    """Shows no text of customers and tickets. With a `command` it asks for the password that the command accepts.

    `unlock` is called when a password was accepted; without a command, keys do not arrive here.
    """

    CSS_PATH = style_path("lock.tcss")
    ALLOW_SELECT = False
    AUTO_FOCUS = "Input"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012 - as the base class has it

    def __init__(self, behind: Behind, command: Sequence[str], unlock: Callable[[], None]) -> None:
        super().__init__()
        self.refused = 0
        """How many passwords were refused since the console was locked."""
        self._behind = behind
        self._command = command
        self._unlock = unlock
        self.header = DeskHeader()
        self._since, self._alarms = Static(classes="since"), Static(classes="alarms")
        self._said = Static(classes="said")
        self._password = Input(password=True, placeholder="Password")

    def compose(self) -> ComposeResult:
        """Yield the header, the alarms, and the field of the password where there is one."""
        yield self.header
        with Vertical(classes="lock"):
            yield BigText("LOCKED")
            yield self._since
            yield self._alarms
            if self._command:
                yield self._password
            yield self._said
            yield Static(GOES_ON if self._command else f"{ONLY_HIDES}\n{GOES_ON}", classes="note")

    def on_mount(self) -> None:
        """Follow the desk."""
        self._say_how()
        self.update_status()
        self.set_interval(SECOND, self.update_status)

    def _say_how(self) -> None:
        how = f"Type the password of {self._behind.username} to unlock." if self._command else ""
        self._said.update(safe(how or "Press any key to unlock."))

    def update_status(self) -> None:
        """Show what is true at the desk now."""
        session = self._behind.session()
        if session is None:
            self._since.update("The desk is not open yet.")
            return
        now = session.now()
        data = header_data(session, self._behind.desk, now)
        # A view of the operator's own may be named after a customer.
        self.header.data = replace(data, views=(), view="")
        self.header.watcher = watcher_text(session, now)
        self._since.update(safe(f"The console of {data.operator} at {self._behind.desk}"))
        sign = terminal_symbols().at_risk
        lines = [
            safe(f"{sign} {line}")
            for line in find_alarms(session, self._behind.overdue(), rings=self._behind.rings())
        ]
        self._alarms.display = bool(lines)
        self._alarms.update(Content("\n").join(lines))

    def begin(self) -> None:
        """Begin again: the console has just been locked."""
        self.refused = 0
        if self.is_mounted:
            self._password.value = ""
            self._say_how()
            self.update_status()

    @on(Input.Submitted)
    def _check(self, event: Input.Submitted) -> None:
        """Ask the command; until it has answered, nothing more is typed."""
        password, self._password.value = event.value, ""
        self._password.disabled = True
        self._said.update("Checking …")
        start_worker(self, self._ask, password, group="unlock", exclusive=True)

    async def _ask(self, password: str) -> None:
        ask = partial(refuse_password, self._command, password)
        refusal = await self.run_worker(ask, thread=True, group="unlock command").wait()
        self._password.disabled = False
        focus_at_once(self._password)
        if refusal:
            self.refused += 1
            self._said.update(safe(f"{terminal_symbols().refused} {refusal}"))
        else:
            self._unlock()


def describe_refused(count: int) -> str:
    """Return how many passwords were refused while the console was locked; empty for none."""
    passwords = "wrong password was" if count == 1 else "wrong passwords were"
    return f"{count} {passwords} typed while the console was locked." if count else ""
