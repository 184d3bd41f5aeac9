"""Bars and columns of block characters, to an eighth of a cell; of symbols where there are no blocks or colours."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from supportdesk.console.charts.blocks import TextRun
from supportdesk.console.terminal.symbols import NARROW, PLAIN, Symbols, symbol_of_style

_HORIZONTAL = " ▏▎▍▌▋▊▉█"
_VERTICAL = " ▁▂▃▄▅▆▇█"

BarPart = tuple[int, str]
"""An amount, and the name of the style that gives its colour."""


def bar(
    parts: Sequence[BarPart],
    whole: int,
    width: int,
    *,
    plain: bool,
    colourless: bool = False,
    tracked: bool = False,
) -> list[TextRun]:
    """Return a horizontal bar of parts, one after the other, that is `width` cells long if they make up the `whole`.

    Every part above zero is at least one step long. The rest of the width is blank, or with `tracked` drawn
    in the style `track`. Where the terminal is `plain` or `colourless`, each cell is its part's symbol, not a block.
    """
    symbols = PLAIN if plain else NARROW if colourless else None
    steps = 1 if symbols else 8
    ends, end, total = [], 0, 0
    for amount, style_name in parts:
        total += amount
        if amount:
            reached = round(total * width * steps / whole) if whole else 0
            end = min(max(reached, end + 1), width * steps)
            ends.append((end, style_name))
    track = "track" if tracked else ""
    cells = [_cell(ends, place * steps, steps, track, symbols) for place in range(width)]
    return [
        TextRun("".join(text for text, *_ in run), style_name, under)
        for (style_name, under), run in (
            (style, list(cells)) for style, cells in groupby(cells, key=lambda each: each[1:])
        )
    ]


def _cell(
    ends: Sequence[tuple[int, str]], start: int, steps: int, track: str, symbols: Symbols | None
) -> tuple[str, str, str]:
    """Return the character of a cell, the name of its style, and that of its background, empty for the page's."""
    inside = [(end, style_name) for end, style_name in ends if end > start]
    if not inside:
        return (symbols.empty if symbols and track else " ", track or "text", "" if symbols else track)
    end, style_name = inside[0]
    if symbols:
        return symbol_of_style(symbols, style_name) or symbols.full, style_name, ""
    if end >= start + steps:
        return _HORIZONTAL[-1], style_name, ""
    under = inside[1][1] if len(inside) > 1 else track
    return _HORIZONTAL[end - start], style_name, under


def column(amount: int, whole: int, height: int, *, plain: bool) -> list[str]:
    """Return a vertical bar as characters from the top down, `height` lines high if `amount` is the `whole`."""
    steps = 1 if plain else 8
    reached = max(round(amount * height * steps / whole), 1) if amount and whole else 0
    found = []
    for line in range(height - 1, -1, -1):
        filled = min(max(reached - line * steps, 0), steps)
        found.append(("#" if filled else " ") if plain else _VERTICAL[filled])
    return found
