"""The help screen: the keys that work here, by section, and why a key does not work at the moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from supportdesk.console.dialogs.dialog import ReadOnlyDialog
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.keys.key import Key
from supportdesk.console.keys.names import display_all
from supportdesk.console.terminal.safe_text import safe

_KEY_WIDTH, _TITLE_WIDTH, _GAP = 12, 16, 2
"""The cells of the columns before the explanation, and of the gap within the second."""
_COLUMN = 42
"""The approximate number of characters per line in one of two columns."""
_WIDE = 130
"""The width, in cells, from which there are two columns."""


class HelpEntry(msgspec.Struct, frozen=True):
    """A key: `place` heads its section, `key` is its display name, `refused` is why it is unavailable now."""

    place: str
    key: str
    title: str
    text: str = ""
    refused: str = ""


def entries_of(keys: Iterable[Key], refused: Mapping[str, str] | None = None) -> Iterator[HelpEntry]:
    """Yield the entries of a screen's own keys; `refused` says by a key's id why it does not work at present."""
    for key in keys:
        why = (refused or {}).get(key.id, "")
        yield HelpEntry(key.scope.value, display_all(key.keys), "", key.help, refused=why)


class KeyRow(Widget):
    """One key with its title and its explanation beside each other.

    It is one widget: each takes part in every layout, and a screen has some seventy keys.
    """

    def __init__(self, entry: HelpEntry) -> None:
        super().__init__()
        self.entry = entry
        text = entry.text
        if entry.refused:
            text += ("  " if text else "") + f"not now: {entry.refused}"
        self._key = safe(entry.key, "$faint" if entry.refused else "bold")
        self._title = safe(entry.title, "$faint" if entry.refused else "")
        self._text = safe(text, "$quiet")

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines at a width in cells."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[Content]:
        before = [(self._key, _KEY_WIDTH, 0)]
        if self.entry.title:
            before.append((self._title, _TITLE_WIDTH, _GAP))
        rest = max(1, width - sum(cells for _, cells, _ in before))
        columns = [
            [line.pad_right(cells - line.cell_length) for line in text.wrap(cells - gap)]
            for text, cells, gap in (*before, (self._text, rest, 0))
        ]
        blanks = [Content(" " * cells) for _, cells, _ in before]
        return [
            Content("").join(part or blank for part, blank in zip_longest(parts, blanks, fillvalue=Content()))
            for parts in zip_longest(*columns)
        ]


class HelpScreen(ReadOnlyDialog[None]):
    """All entries in their order, in two columns where there is room."""

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
        """Set the width class before the first layout, so that the many lines are laid out only once."""
        self.set_class(self.app.size.width < _WIDE, "-narrow")

    def heading(self) -> Content:
        return Content("The keys that work here")

    def body(self) -> ComposeResult:
        """Yield the sections in two columns of about the same height; a section may continue in the second."""
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
        """Return the key hints."""
        pages = f"{key_for(self, 'dialog.page_up')} {key_for(self, 'dialog.page_down')}"
        return key_hints((f"↑ ↓ {pages}", "move"), (key_for(self, "dialog.leave"), "leave"))


def _height(entry: HelpEntry) -> int:
    """Return the approximate number of lines of an entry in one of two columns."""
    return 1 + (len(entry.text) + len(entry.refused)) // _COLUMN


def _middle(heights: Sequence[int]) -> int:
    """Return the index that cuts a list into two parts of equal height, or the first a little higher."""
    half, above = sum(heights) / 2, 0
    for place, height in enumerate(heights):
        if above >= half:
            return place
        above += height
    return len(heights)
