"""The base of the dialogs with keys of their own: help, and a line at the foot that says what a key has done."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.widgets import Static

from supportdesk.console.dialogs.dialog import ReadOnlyDialog
from supportdesk.console.keys.key import Scope
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols

if TYPE_CHECKING:
    from supportdesk.console.session import Session

Result = TypeVar("Result")


class FeatureDialog(ReadOnlyDialog[Result]):
    """A dialog that stays open while its keys act. What they did, or why they did nothing, is said at its foot."""

    SCOPE: ClassVar[Scope]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def foot(self) -> ComposeResult:
        """Yield the line that says what was done, or why nothing was."""
        yield Static(classes="status")

    @property
    def is_being_left(self) -> bool:
        """Whether its widgets are removed already: what was read or done meanwhile is not shown any more."""
        return not self.query(".status")

    def show_status(self, text: str, refused: bool = False) -> None:
        """Show a message at the foot; with `refused`, why something was not done. An empty text hides it."""
        if self.is_being_left:
            return
        status = self.query_one(".status", Static)
        status.set_class(refused, "refused")
        status.update(safe(f"{terminal_symbols().refused} {text}" if refused else text))
        status.display = bool(text)
        self.fit_to_screen()

    def action_help(self) -> None:
        """Show the keys that work here."""
        from supportdesk.console.dialogs.help_screen import HelpScreen, entries_of

        keys = (key for key in self.session.keys if key.scope in {self.SCOPE, Scope.DIALOG})
        self.app.push_screen(HelpScreen(entries_of(keys)))
