"""The open tickets of each person and team, and how many of them are urgent."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.console.board.context import UNASSIGNED, BoardContext
from supportdesk.console.charts.bars import bar
from supportdesk.console.charts.blocks import (
    Block,
    Hotspot,
    TextLine,
    TextRun,
    figure_runs,
    fit,
    panel_heading,
)
from supportdesk.reports.load import Load, Urgency

_FIGURE, _NAME = 9, 22
_STYLE_NAMES = {
    Urgency.BREACHED: "breached",
    Urgency.AT_RISK: "at-risk",
    Urgency.DUE_SOON: "due-soon",
    Urgency.CALM: "bar",
    Urgency.WAITING: "waits",
}


def draw_people(context: BoardContext, width: int) -> Block:
    """Return a bar for each person; those without open tickets share a line."""
    loads = context.board.people
    busy = [load for load in loads if load.all.value]
    on_call = context.roster.duty.on_call

    def name(load: Load) -> str:
        is_on_call = on_call is not None and load.key == on_call.username
        return f"{context.person(load.key)}, on call" if is_on_call else context.person(load.key)

    block = _loads("LOAD BY PERSON", "people", [(name(each), each) for each in busy], width, context)
    free = ", ".join(name(load) for load in loads if load.key and not load.all.value)
    return [*block, [TextRun(fit(f"No open tickets: {free}", width), "quiet")]] if free else block


def draw_teams(context: BoardContext, width: int) -> Block:
    """Return a bar for each team."""
    rows = [(context.team(load.key), load) for load in context.board.teams]
    return _loads("LOAD BY TEAM", "teams", rows, width, context)


def _loads(
    title: str, panel: str, rows: Sequence[tuple[str, Load]], width: int, context: BoardContext
) -> Block:
    columns = (word.rjust(_FIGURE) for word in ("open", "urgent", "on hold"))
    block: Block = [panel_heading(title, width, *columns)]
    if not rows:
        return [*block, [TextRun(fit("no open tickets", width), "faint")]]
    most = max(load.all.value for _, load in rows)
    room = width - _NAME - 1 - 3 * _FIGURE
    for name, load in rows:
        parts = [(figure.value, _STYLE_NAMES[urgency]) for urgency, figure in load.by_urgency]
        label = [TextRun(fit(name, _NAME), "strong" if name == UNASSIGNED else "text"), TextRun(" ")]
        drawn = bar(parts, most, room, plain=context.plain, colourless=context.colourless)
        block.append([*label, *drawn, *_figures(panel, name, load, context)])
    return block


def _figures(panel: str, name: str, load: Load, context: BoardContext) -> TextLine:
    worst = next((_STYLE_NAMES[each] for each, figure in load.by_urgency if figure.value), "text")
    figures = (
        ("open", load.all, "text"),
        ("urgent", load.urgent, worst),
        ("on hold", load.waiting, "quiet"),
    )
    return [
        piece
        for word, figure, style_name in figures
        for piece in figure_runs(
            Hotspot((panel, load.key, word), f"{name}: {word}", "received", figure),
            _FIGURE,
            style_name,
            context.symbol(style_name),
        )
    ]
