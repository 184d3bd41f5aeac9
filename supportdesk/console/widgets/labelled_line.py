"""A read-only line of a dialog: a label and a text, aligned with the fields."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static


class LabelledLine(Horizontal):
    """A label with one or more lines of text beside it. The caller makes text from outside safe."""

    def __init__(self, label: str, text: Content, *, classes: str = "") -> None:
        super().__init__(classes=f"fact {classes}")
        self._label = label
        self._text = Static(text, classes="fact-text")

    def compose(self) -> ComposeResult:
        """Yield the label and the text."""
        yield Static(Content(self._label), classes="field-label")
        yield self._text

    def show(self, text: Content) -> None:
        """Show another text; an empty one hides the line."""
        self._text.update(text)
        self.display = bool(text)
