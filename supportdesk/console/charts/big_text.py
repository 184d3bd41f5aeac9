"""Text as large as there is room for it."""

from __future__ import annotations

from supportdesk.console.charts.blocks import Block, Line, TextRun, width_of
from supportdesk.console.terminal import big_font


def big_text(text: str, role: str, width: int, height: int, *, plain: bool) -> Block:
    """A text in the largest letters that fit; as it is where none do, or where the terminal has no blocks."""
    for lines in _sizes(text) if not plain and big_font.has_glyphs(text) else ():
        if len(lines) <= height and max(map(len, lines)) <= width:
            widest = max(map(len, lines))
            return [[TextRun(line.ljust(widest), role)] for line in lines]
    return [[TextRun(text, role)]]


def _sizes(text: str) -> tuple[list[str], ...]:
    return (
        big_font.full_block_lines(text),
        big_font.half_block_lines(text),
        big_font.half_block_lines(text, gap=1),
    )


def centred(block: Block, width: int) -> Block:
    """The block, as it is, in the middle of a width."""
    indent = TextRun(" " * max(0, (width - max(map(width_of, block))) // 2))
    return [[indent, *line] for line in block]


def band(block: Block, width: int, role: str) -> Block:
    """The block in the middle of a band in a role's ground, a line above it and a line below."""
    rows: list[Line] = [[], *centred(block, width), []]
    found: Block = []
    for line in rows:
        pieces = [TextRun(piece.text, role) for piece in line]
        found.append([*pieces, TextRun(" " * (width - width_of(line)), role)])
    return found
