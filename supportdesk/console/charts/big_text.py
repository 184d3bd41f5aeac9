"""Text in the largest letters that fit."""

from __future__ import annotations

from supportdesk.console.charts.blocks import Block, TextLine, TextRun, width_of
from supportdesk.console.terminal import big_font


def big_text(text: str, style_name: str, width: int, height: int, *, plain: bool) -> Block:
    """Return a text in the largest letters that fit into `width` cells and `height` lines.

    It is returned as plain text if none fit, if a character has no glyph, or if the terminal is `plain`.
    """
    for lines in _sizes(text) if not plain and big_font.has_glyphs(text) else ():
        if len(lines) <= height and max(map(len, lines)) <= width:
            widest = max(map(len, lines))
            return [[TextRun(line.ljust(widest), style_name)] for line in lines]
    return [[TextRun(text, style_name)]]


def _sizes(text: str) -> tuple[list[str], ...]:
    return (
        big_font.full_block_lines(text),
        big_font.half_block_lines(text),
        big_font.half_block_lines(text, gap=1),
    )


def centred(block: Block, width: int) -> Block:
    """Return the block indented to the middle of a width, in cells."""
    indent = TextRun(" " * max(0, (width - max(map(width_of, block))) // 2))
    return [[indent, *line] for line in block]


def band(block: Block, width: int, style_name: str) -> Block:
    """Return the block in the middle of a band in the colours of a style, with an empty line above and below."""
    rows: list[TextLine] = [[], *centred(block, width), []]
    found: Block = []
    for line in rows:
        pieces = [TextRun(piece.text, style_name) for piece in line]
        found.append([*pieces, TextRun(" " * (width - width_of(line)), style_name)])
    return found
