"""A line of a dialog that is only read: a label and what stands for it, aligned as the fields are."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static


class LabelledLine(Horizontal):
    """A label with one or more lines beside it; the caller makes foreign text safe."""

    def __init__(self, label: str, text: Content, *, classes: str = "") -> None:
        super().__init__(classes=f"fact {classes}")
        self._label = label
        self._text = Static(text, classes="fact-text")

    def compose(self) -> ComposeResult:
        """Both."""
        yield Static(Content(self._label), classes="field-label")
        yield self._text

    def show(self, text: Content) -> None:
        """Says something else; where that is nothing, the label goes, too."""
        self._text.update(text)
        self.display = bool(text)
