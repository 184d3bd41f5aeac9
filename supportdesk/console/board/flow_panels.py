"""Tickets received and resolved by week, and the age of the open ones."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.console.board.context import BoardContext
from supportdesk.console.charts.bars import bar, column
from supportdesk.console.charts.blocks import Block, Hotspot, Line, TextRun, counted, heading
from supportdesk.reports.flow import Week
from supportdesk.sla.formatting import day

_LABEL = 9
_FIGURE = 6
_NAMES = {"arrived": "received", "resolved": "resolved"}


def flow(subject: BoardContext, width: int, height: int) -> Block:
    """Two columns for each week, and their figures below them; `height` is that of the columns."""
    weeks = subject.board.weeks
    each = min(10, (width - _LABEL) // len(weeks))
    most = max(max(week.arrived.value, week.resolved.value) for week in weeks)
    block: Block = [heading("RECEIVED AND RESOLVED BY WEEK", width)]
    block += _columns(weeks, most, each, height, plain=subject.plain)
    block.append([TextRun(" " * _LABEL), *(TextRun(name.rjust(each), "faint") for name in _names(weeks))])
    for name, role in (("arrived", "accent"), ("resolved", "text")):
        spots = (
            Hotspot(
                ("flow", name, str(week.period.first)), _told(name, week), _NAMES[name], getattr(week, name)
            )
            for week in weeks
        )
        figures = (piece for spot in spots for piece in counted(spot, each, role))
        block.append([TextRun(_NAMES[name].ljust(_LABEL), role), *figures])
    return block


def _names(weeks: Sequence[Week]) -> list[str]:
    """The Monday of each week; its month only where that is another than that of the week before."""
    mondays = [week.period.first for week in weeks]
    named = [
        day(monday) if before is None or before.month != monday.month else str(monday.day)
        for before, monday in zip([None, *mondays], mondays, strict=False)
    ]
    return [*named[:-1], "now"]


def _told(name: str, week: Week) -> str:
    return f"{_NAMES[name].capitalize()} in the week of {day(week.period.first)}"


def _columns(weeks: Sequence[Week], most: int, each: int, height: int, *, plain: bool) -> list[Line]:
    thick = 2 if each >= 6 else 1
    pairs = [
        (
            column(week.arrived.value, most, height, plain=plain),
            column(week.resolved.value, most, height, plain=plain),
        )
        for week in weeks
    ]
    lines: list[Line] = []
    for y in range(height):
        line = [TextRun(" " * _LABEL)]
        for arrived, resolved in pairs:
            line += [
                TextRun(" " * (each - 2 * thick)),
                TextRun(arrived[y] * thick, "accent"),
                TextRun(resolved[y] * thick, "bar"),
            ]
        lines.append(line)
    return lines


def ages(subject: BoardContext, width: int) -> Block:
    """A bar for each age of what is open."""
    label = 14
    told = subject.board.ages
    most = max(age.figure.value for age in told)
    return [
        heading("OPEN TICKETS BY AGE", width),
        *(
            [
                TextRun(age.name.ljust(label), "text" if age.figure.value else "quiet"),
                *bar(
                    [(age.figure.value, "bar")],
                    most,
                    width - label - _FIGURE,
                    plain=subject.plain,
                    colourless=subject.colourless,
                ),
                *counted(
                    Hotspot(("ages", age.name), f"Open for {age.name}", "received", age.figure), _FIGURE
                ),
            ]
            for age in told
        ),
    ]
