"""What the board is drawn with: pieces of text in a role's colours, some of which can be opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import msgspec
from rich.cells import cell_len, set_cell_size

from supportdesk.reports.figure import Figure


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A figure that the cursor can be put on.

    `key` stays the same while the figure changes; its first part is the panel. `title` says what the figure counts,
    `when` what happened at the instant of each of its items.
    """

    key: tuple[str, ...]
    title: str
    when: str
    figure: Figure = field(compare=False)


class TextRun(msgspec.Struct, frozen=True):
    """Some text of a line. `under` is the role whose colour is its ground, where that is not the page's."""

    text: str
    role: str = "text"
    under: str = ""
    spot: Hotspot | None = None

    @property
    def width(self) -> int:
        """In cells."""
        return cell_len(self.text)


Line = Sequence[TextRun]
Block = list[Line]


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """A text in exactly so many cells, cut with a sign where it is longer; breaks and controls are no letters."""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + ellipsis if width > 1 else " " * width


def counted(spot: Hotspot, width: int = 0, role: str = "text", sign: str = "") -> list[TextRun]:
    """A figure, right-aligned, that can be opened where there is something behind it; a `sign` stands before it."""
    value = spot.figure.value
    if not value:
        return [TextRun("0".rjust(width), "faint")]
    told = f"{sign} {value:,}" if sign else f"{value:,}"
    if width <= len(told) + 1:
        return [TextRun(told.rjust(width), role, spot=spot)]
    return [TextRun(" " * (width - len(told) - 1)), TextRun(f" {told}", role, spot=spot)]


def heading(title: str, width: int, *columns: str) -> Line:
    """A panel's title, and the names of the columns of figures at its right."""
    right = "".join(columns)
    return [
        TextRun(title, "heading"),
        TextRun(" " * (width - cell_len(title) - len(right))),
        TextRun(right, "faint"),
    ]


def width_of(line: Line) -> int:
    """In cells."""
    return sum(piece.width for piece in line)


def padded(line: Line, width: int) -> Line:
    """The line with blank cells up to a width."""
    return [*line, TextRun(" " * max(0, width - width_of(line)))]


def beside(left: Block, right: Block, width: int, gap: int) -> Block:
    """Two blocks side by side; the left one is `width` cells wide."""
    pairs = zip_longest(left, right, fillvalue=())
    return [[*padded(one, width), TextRun(" " * gap), *other] for one, other in pairs]


def below(blocks: Iterable[Block], gap: int = 1) -> Block:
    """Blocks one below the other; those without a line leave no gap."""
    found: Block = []
    for block in blocks:
        if block:
            found += [[]] * gap if found else []
            found += block
    return found
