"""Upcoming breaches, and the missed targets of the month by cause and by owner."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from supportdesk.console.board.context import BoardContext
from supportdesk.console.charts.bars import bar
from supportdesk.console.charts.blocks import Block, Hotspot, TextRun, figure_runs, fit, panel_heading

_FIGURE = 6
_LEAST_OWNER = 20
"""The least width of the owners' names, in cells."""


def draw_upcoming(context: BoardContext, width: int) -> Block:
    """Return the breaches of the next hours; each bar includes the one above it."""
    spots = [
        Hotspot(("ahead", str(each.hours)), f"Breaching within {each.hours} hours", "breaches", each.figure)
        for each in context.board.ahead
    ]
    rows = [(f"within {each.hours} h", spot) for each, spot in zip(context.board.ahead, spots, strict=True)]
    return [panel_heading("BREACHING SOON", width), *_bars(rows, context, width, 12, "bar")]


def draw_causes(context: BoardContext, width: int) -> Block:
    """Return the missed targets of the month by cause."""
    rows = [
        (str(cause), Hotspot(("causes", cause), f"Missed in {context.month}: {cause}", "missed", figure))
        for cause, figure in context.board.breaches.causes
    ]
    return [panel_heading("MISSED BY CAUSE", width), *_bars(rows, context, width, 20, "breached")]


def draw_owners(context: BoardContext, width: int) -> Block:
    """Return the missed targets of the month by the owner at the time."""
    rows = []
    for holder, figure in context.board.breaches.owners:
        name = context.person(holder.owner) if holder.owner else f"Unassigned, {context.team(holder.team)}"
        key = ("holders", holder.owner or "", holder.team)
        rows.append((name, Hotspot(key, f"Missed in {context.month}, owner: {name}", "missed", figure)))
    return [
        panel_heading("MISSED BY OWNER", width),
        *_bars(rows, context, width, _owner_width(rows, width), "breached"),
    ]


def _owner_width(rows: Sequence[tuple[str, Hotspot]], width: int) -> int:
    """Return the width of the owners' names: of the longest one, up to half of the panel."""
    return max(_LEAST_OWNER, min(max((cell_len(name) for name, _ in rows), default=0), width // 2))


def _bars(
    rows: Sequence[tuple[str, Hotspot]], context: BoardContext, width: int, label: int, style_name: str
) -> Block:
    if not rows:
        return [[TextRun(fit("none so far", width), "faint")]]
    most = max(spot.figure.value for _, spot in rows)
    room = width - label - 1 - _FIGURE
    return [
        [
            TextRun(fit(name, label), "text" if spot.figure.value else "quiet"),
            TextRun(" "),
            *bar(
                [(spot.figure.value, style_name)],
                most,
                room,
                plain=context.plain,
                colourless=context.colourless,
            ),
            *_count(spot, style_name, context),
        ]
        for name, spot in rows
    ]


def _count(spot: Hotspot, style_name: str, context: BoardContext) -> list[TextRun]:
    symbol = context.symbol(style_name)
    return figure_runs(spot, _FIGURE, style_name if symbol else "text", symbol)
