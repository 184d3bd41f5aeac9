"""The pieces that the board and the wall are drawn with: text in named styles, some of it clickable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import msgspec
from rich.cells import cell_len, set_cell_size

from supportdesk.reports.figure import Figure


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A figure that the cursor can be on and that can be opened.

    `key` identifies it while its value changes; the first part names the panel. `title` says what it counts, `when`
    what happened at the instant of each of its items.
    """

    key: tuple[str, ...]
    title: str
    when: str
    figure: Figure = field(compare=False)


class TextRun(msgspec.Struct, frozen=True):
    """A piece of a line in one named style. `under` is the name of its background's style, empty for the page's."""

    text: str
    style_name: str = "text"
    under: str = ""
    spot: Hotspot | None = None

    @property
    def width(self) -> int:
        """The width in cells."""
        return cell_len(self.text)


TextLine = Sequence[TextRun]
Block = list[TextLine]


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """Return a text in exactly `width` cells, cut with an ellipsis if longer; control characters become blanks."""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + ellipsis if width > 1 else " " * width


def figure_runs(spot: Hotspot, width: int = 0, style_name: str = "text", sign: str = "") -> list[TextRun]:
    """Return a figure right-aligned in `width` cells, after `sign`; it can be opened unless it is zero."""
    value = spot.figure.value
    if not value:
        return [TextRun("0".rjust(width), "faint")]
    text = f"{sign} {value:,}" if sign else f"{value:,}"
    if width <= len(text) + 1:
        return [TextRun(text.rjust(width), style_name, spot=spot)]
    return [TextRun(" " * (width - len(text) - 1)), TextRun(f" {text}", style_name, spot=spot)]


def panel_heading(title: str, width: int, *columns: str) -> TextLine:
    """Return a line with the title of a panel, and the names of its columns of figures at the right."""
    right = "".join(columns)
    return [
        TextRun(title, "heading"),
        TextRun(" " * (width - cell_len(title) - len(right))),
        TextRun(right, "faint"),
    ]


def width_of(line: TextLine) -> int:
    """Return the width of a line in cells."""
    return sum(piece.width for piece in line)


def padded(line: TextLine, width: int) -> TextLine:
    """Return the line filled with blank cells up to `width`."""
    return [*line, TextRun(" " * max(0, width - width_of(line)))]


def beside(left: Block, right: Block, width: int, gap: int) -> Block:
    """Return two blocks side by side; the left one is `width` cells wide, with `gap` cells after it."""
    pairs = zip_longest(left, right, fillvalue=())
    return [[*padded(one, width), TextRun(" " * gap), *other] for one, other in pairs]


def below(blocks: Iterable[Block], gap: int = 1) -> Block:
    """Return blocks one below the other, with `gap` empty lines between them; empty blocks are left out."""
    found: Block = []
    for block in blocks:
        if block:
            found += [[]] * gap if found else []
            found += block
    return found
