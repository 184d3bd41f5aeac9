"""A single-line input into which several lines can be pasted: they are joined."""

from __future__ import annotations

from textual.events import Paste
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from supportdesk.console.terminal.safe_text import one_line


class LineInput(Input):
    """A single-line input; pasted lines are joined with spaces, where Textual keeps only the first.

    Its own size does not depend on its text, so that a letter does not lay out the whole screen, as Textual has it.
    """

    virtual_size = Reactive(Size(0, 0))

    def _on_paste(self, event: Paste) -> None:
        event.prevent_default()
        event.stop()
        self._insert(event.text)

    def action_paste(self) -> None:
        """Paste the text that was copied in the console."""
        self._insert(self.app.clipboard)

    def _insert(self, text: str) -> None:
        self.replace(one_line(text), *self.selection)
