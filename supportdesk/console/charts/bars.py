"""Bars and columns of block characters, to an eighth of a cell; of signs or letters where colours or blocks fail."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from supportdesk.console.charts.blocks import TextRun
from supportdesk.console.terminal.symbols import NARROW, PLAIN, Symbols, role_symbol

_LYING = " ▏▎▍▌▋▊▉█"
_STANDING = " ▁▂▃▄▅▆▇█"

Part = tuple[int, str]
"""How much, and in which role's colour."""


def bar(
    parts: Sequence[Part],
    whole: int,
    width: int,
    *,
    plain: bool,
    colourless: bool = False,
    tracked: bool = False,
) -> list[TextRun]:
    """A lying bar of some parts, one after the other, `width` cells long where they make up the `whole`.

    Every part that is not nought is seen. The rest of the width is blank, or `tracked`: in the role of that name. Where
    the terminal is `plain` or `colourless`, each cell is a sign that tells its part from the others; else a block.
    """
    signs = PLAIN if plain else NARROW if colourless else None
    steps = 1 if signs else 8
    ends, end, total = [], 0, 0
    for amount, role in parts:
        total += amount
        if amount:
            reached = round(total * width * steps / whole) if whole else 0
            end = min(max(reached, end + 1), width * steps)
            ends.append((end, role))
    track = "track" if tracked else ""
    cells = [_cell(ends, place * steps, steps, track, signs) for place in range(width)]
    return [
        TextRun("".join(text for text, *_ in run), role, under)
        for (role, under), run in (
            (look, list(cells)) for look, cells in groupby(cells, key=lambda each: each[1:])
        )
    ]


def _cell(
    ends: Sequence[tuple[int, str]], start: int, steps: int, track: str, signs: Symbols | None
) -> tuple[str, str, str]:
    """A cell's character, its role and the role under it."""
    inside = [(end, role) for end, role in ends if end > start]
    if not inside:
        return (signs.empty if signs and track else " ", track or "text", "" if signs else track)
    end, role = inside[0]
    if signs:
        return role_symbol(signs, role) or signs.full, role, ""
    if end >= start + steps:
        return _LYING[-1], role, ""
    under = inside[1][1] if len(inside) > 1 else track
    return _LYING[end - start], role, under


def column(amount: int, whole: int, height: int, *, plain: bool) -> list[str]:
    """A standing bar, its characters from the top down; it reaches `height` lines where it is the `whole`."""
    steps = 1 if plain else 8
    reached = max(round(amount * height * steps / whole), 1) if amount and whole else 0
    found = []
    for line in range(height - 1, -1, -1):
        filled = min(max(reached - line * steps, 0), steps)
        found.append(("#" if filled else " ") if plain else _STANDING[filled])
    return found
