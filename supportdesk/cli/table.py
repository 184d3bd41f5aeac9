"""Tables of aligned columns, on terminals where some characters take two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from supportdesk.cli.output import sanitize_line

GAP = "  "
_MARK, _INDENT = "…", "    "
NAME_WIDTH = 8
"""The width, in columns, to which a name may be cut."""


class TableColumn(msgspec.Struct, frozen=True):
    """How a column is printed.

    Where a line is wider than the terminal, a column may be cut down to its `least` width; without one it is not cut.
    """

    heading: str = ""
    right: bool = False
    least: int | None = None


def table_lines(columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], room: int) -> list[str]:
    """Return the rows as aligned lines, below headings if there are any; `room` is in terminal columns."""
    cells = [[sanitize_line(cell) for cell in row] for row in rows]
    if any(column.heading for column in columns):
        cells.insert(0, [column.heading for column in columns])
    widths = [max((width(row[place]) for row in cells), default=0) for place in range(len(columns))]
    _narrow(widths, {place: column.least for place, column in enumerate(columns) if column.least}, room)
    return [_line(columns, row, widths) for row in cells]


def noted_table_lines(
    columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], room: int, *, notes: int = 1
) -> Iterator[str]:
    """Yield the rows as `table_lines` does; where that would cut them, the last `notes` columns are below each row.

    What is there is whole: it tells why, and is often long. An empty note is `–`.
    """
    widths = [
        max(width(sanitize_line(cell)) for cell in cells)
        for cells in zip(*rows, [column.heading for column in columns], strict=True)
    ]
    if sum(widths) + len(GAP) * (len(widths) - 1) <= room:
        yield from table_lines(columns, rows, room)
        return
    first, *lines = table_lines(columns[:-notes], [row[:-notes] for row in rows], room)
    yield first
    for row, line in zip(rows, lines, strict=True):
        yield line
        yield from _wrap(": ".join(each for each in row[-notes:] if each != "–"), room)


def _wrap(note: str, room: int) -> Iterator[str]:
    """Yield a note as indented lines; characters that may take two columns are given them."""
    import textwrap

    text = sanitize_line(note)
    wide = room if width(text) == len(text) else room // 2
    yield from textwrap.wrap(text, max(20, wide), initial_indent=_INDENT, subsequent_indent=_INDENT)


def _narrow(widths: list[int], least: Mapping[int, int], room: int) -> None:
    """Narrow the column furthest above its least width until the line fits or none can shrink."""
    over = sum(widths) + len(GAP) * (len(widths) - 1) - room
    while over > 0 and least:
        place = max(least, key=lambda place: widths[place] - least[place])
        if widths[place] <= least[place]:
            return
        widths[place] -= 1
        over -= 1


def _line(columns: Sequence[TableColumn], row: Sequence[str], widths: Sequence[int]) -> str:
    set_cells = (
        _set(cell, wide, right=column.right) for column, cell, wide in zip(columns, row, widths, strict=True)
    )
    return GAP.join(set_cells).rstrip()


def _set(cell: str, wide: int, *, right: bool) -> str:
    cell = fit(cell, wide)
    blank = " " * (wide - width(cell))
    return blank + cell if right else cell + blank


def fit(text: str, wide: int) -> str:
    """Return the text, cut with an ellipsis where it takes more than `wide` columns."""
    if width(text) <= wide:
        return text
    used = width(_MARK)
    for place, character in enumerate(text):
        used += width(character)
        if used > wide:
            return text[:place].rstrip() + _MARK
    return text


def width(text: str) -> int:
    """Return how many columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
