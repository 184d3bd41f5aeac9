"""A line into which several lines can be pasted: they become one."""

from __future__ import annotations

from textual.events import Paste
from textual.widgets import Input

from supportdesk.console.terminal.safe_text import one_line


class LineInput(Input):
    """A single line; lines that are pasted are joined with spaces, where Textual keeps only the first of them."""

    def _on_paste(self, event: Paste) -> None:
        event.prevent_default()
        event.stop()
        self._insert(event.text)

    def action_paste(self) -> None:
        """Pastes what was copied in the console."""
        self._insert(self.app.clipboard)

    def _insert(self, text: str) -> None:
        self.replace(one_line(text), *self.selection)
