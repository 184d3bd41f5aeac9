"""Tickets received and resolved by week, and the age of the open ones."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.console.board.context import BoardContext
from supportdesk.console.charts.bars import bar, column
from supportdesk.console.charts.blocks import Block, Hotspot, TextLine, TextRun, figure_runs, panel_heading
from supportdesk.reports.flow import Week
from supportdesk.sla.formatting import day

_LABEL = 9
_FIGURE = 6
_NAMES = {"arrived": "received", "resolved": "resolved"}


def draw_flow(context: BoardContext, width: int, height: int) -> Block:
    """Return two columns for each week with their figures below; `height` is that of the columns, in lines."""
    weeks = context.board.weeks
    cells = min(10, (width - _LABEL) // len(weeks))
    most = max(max(week.arrived.value, week.resolved.value) for week in weeks)
    block: Block = [panel_heading("RECEIVED AND RESOLVED BY WEEK", width)]
    block += _columns(weeks, most, cells, height, plain=context.plain)
    block.append([TextRun(" " * _LABEL), *(TextRun(name.rjust(cells), "faint") for name in _names(weeks))])
    for name, style_name in (("arrived", "accent"), ("resolved", "text")):
        spots = (
            Hotspot(
                ("flow", name, str(week.period.first)), _title(name, week), _NAMES[name], getattr(week, name)
            )
            for week in weeks
        )
        figures = (piece for spot in spots for piece in figure_runs(spot, cells, style_name))
        block.append([TextRun(_NAMES[name].ljust(_LABEL), style_name), *figures])
    return block


def _names(weeks: Sequence[Week]) -> list[str]:
    """Return the Monday of each week, with its month where that differs from the week before; the last is `now`."""
    mondays = [week.period.first for week in weeks]
    named = [
        day(monday) if before is None or before.month != monday.month else str(monday.day)
        for before, monday in zip([None, *mondays], mondays, strict=False)
    ]
    return [*named[:-1], "now"]


def _title(name: str, week: Week) -> str:
    return f"{_NAMES[name].capitalize()} in the week of {day(week.period.first)}"


def _columns(weeks: Sequence[Week], most: int, cells: int, height: int, *, plain: bool) -> list[TextLine]:
    thick = 2 if cells >= 6 else 1
    pairs = [
        (
            column(week.arrived.value, most, height, plain=plain),
            column(week.resolved.value, most, height, plain=plain),
        )
        for week in weeks
    ]
    lines: list[TextLine] = []
    for y in range(height):
        line = [TextRun(" " * _LABEL)]
        for arrived, resolved in pairs:
            line += [
                TextRun(" " * (cells - 2 * thick)),
                TextRun(arrived[y] * thick, "accent"),
                TextRun(resolved[y] * thick, "bar"),
            ]
        lines.append(line)
    return lines


def draw_ages(context: BoardContext, width: int) -> Block:
    """Return a bar for each age group of open tickets."""
    label = 14
    groups = context.board.ages
    most = max(age.figure.value for age in groups)
    return [
        panel_heading("OPEN TICKETS BY AGE", width),
        *(
            [
                TextRun(age.name.ljust(label), "text" if age.figure.value else "quiet"),
                *bar(
                    [(age.figure.value, "bar")],
                    most,
                    width - label - _FIGURE,
                    plain=context.plain,
                    colourless=context.colourless,
                ),
                *figure_runs(
                    Hotspot(("ages", age.name), f"Open for {age.name}", "received", age.figure), _FIGURE
                ),
            ]
            for age in groups
        ),
    ]
