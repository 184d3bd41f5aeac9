"""The line at the top of every screen that says what no watcher has done in time."""

from __future__ import annotations

from textual.widgets import Static

from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.widgets.screen_bar import ScreenBar


class OverdueBar(ScreenBar, Static, can_focus=False):
    """Shows what is overdue on lines of its own, for which the rest of the screen makes room.

    It has no key: it leaves when somebody has done what is overdue.
    """

    ALLOW_SELECT = False

    def show(self, text: str) -> None:
        """Show a text, which says what is overdue, behind the sign of danger."""
        self.update(safe(f"{terminal_symbols().at_risk} {text}"))
