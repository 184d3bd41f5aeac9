"""The keys that work where the person is, by place, and why one does not work just now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.dialogs.dialog import ReadOnlyDialog, key_for, key_hints
from supportdesk.console.terminal.safe_text import safe

_COLUMN = 42
"""About how many characters of a sentence stand in one line of two columns."""
_WIDE = 130
"""The width from which there is room for two columns."""


@dataclass(frozen=True, slots=True)
class HelpEntry:
    """A key: `place` heads its section, `key` is as it stands on the screen, `refused` says why it does nothing now."""

    place: str
    key: str
    title: str
    text: str = ""
    refused: str = ""


class KeyRow(Horizontal):
    """One key with what it does."""

    def __init__(self, entry: HelpEntry) -> None:
        super().__init__(classes="refused" if entry.refused else "")
        self._entry = entry

    def compose(self) -> ComposeResult:
        """The key, its title, and the sentence that may take more lines than one."""
        entry = self._entry
        yield Static(safe(entry.key), classes="key")
        if entry.title:
            yield Static(safe(entry.title), classes="key-title")
        told = safe(entry.text)
        if entry.refused:
            told = Content.assemble(told, "  " if entry.text else "", safe(f"not now: {entry.refused}"))
        yield Static(told, classes="key-text")


class HelpScreen(ReadOnlyDialog[None]):
    """All entries, in their order; two columns where there is room."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1,enter,q", "leave", "Leave", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012 - as the base class declares it

    def __init__(self, entries: Iterable[HelpEntry]) -> None:
        super().__init__()
        self.add_class("help")
        sections: dict[str, list[HelpEntry]] = {}
        for entry in entries:
            sections.setdefault(entry.place, []).append(entry)
        self._entries = [entry for section in sections.values() for entry in section]

    def on_mount(self) -> None:
        """So many lines are laid out once: Textual says how wide the screen is only when they have been."""
        self.set_class(self.app.size.width < _WIDE, "-narrow")

    def heading(self) -> Content:
        """What this is."""
        return Content("The keys that work here")

    def body(self) -> ComposeResult:
        """The sections, in two columns of about the same height; one may go on in the second."""
        cut = _middle([_height(entry) for entry in self._entries])
        with Horizontal(classes="columns"):
            yield from self._column(self._entries[:cut], before=None)
            yield from self._column(self._entries[cut:], before=self._entries[cut - 1] if cut else None)

    def _column(self, entries: Sequence[HelpEntry], before: HelpEntry | None) -> ComposeResult:
        place = None
        with Vertical(classes="column"):
            for entry in entries:
                if entry.place != place:
                    goes_on = place is None and before is not None and before.place == entry.place
                    first = " first" if place is None else ""
                    yield Static(safe(entry.place), classes="place" + first + (" goes-on" if goes_on else ""))
                    place = entry.place
                yield KeyRow(entry)

    def keys(self) -> Content:
        """How to move and leave."""
        pages = f"{key_for(self, 'dialog.page_up')} {key_for(self, 'dialog.page_down')}"
        return key_hints((f"↑ ↓ {pages}", "move"), (key_for(self, "dialog.leave"), "leave"))


def _height(entry: HelpEntry) -> int:
    """About how many lines an entry takes in one of two columns."""
    return 1 + (len(entry.text) + len(entry.refused)) // _COLUMN


def _middle(heights: Sequence[int]) -> int:
    """Where a list is cut so that the first part is just as high as the second, or a little higher."""
    half, above = sum(heights) / 2, 0
    for place, height in enumerate(heights):
        if above >= half:
            return place
        above += height
    return len(heights)
