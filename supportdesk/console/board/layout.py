"""Lays out the panels: on one page where there is room for all of them, otherwise on several pages."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from supportdesk.console.board import breach_panels, flow_panels, load_panel, month_panels
from supportdesk.console.board.context import BoardContext
from supportdesk.console.charts.blocks import Block, Hotspot, TextLine, TextRun, below, beside, fit
from supportdesk.tickets.mail_alarm import MAIL_UNDELIVERED

BROAD, HIGH = 140, 42
"""The width and height of the view, in cells, from which everything is on one page."""
_MARGIN, _GAP, _APART = 2, 5, 2
_LEAST_COLUMNS, _MOST_COLUMNS, _AROUND_COLUMNS = 4, 9, 4
"""Lines: the least and most for the columns of the weeks, and those for their title and figures."""


class Placed(msgspec.Struct, frozen=True):
    """A figure and its place on the page, in cells: `width` cells of line `y`, from column `x`."""

    x: int
    y: int
    width: int
    spot: Hotspot


class BoardPage(msgspec.Struct, frozen=True):
    """A page with its lines, and its figures in reading order. `name` is empty for a single page."""

    name: str
    lines: tuple[TextLine, ...]
    places: tuple[Placed, ...]


def build_pages(context: BoardContext, width: int, height: int) -> tuple[BoardPage, ...]:
    """Return the pages of a board for a view of this size, in cells."""
    room = width - 2 * _MARGIN
    warning = _list_alarms(context, room)
    height -= len(warning)
    if width >= BROAD and height >= HIGH:
        return (_page("", [*warning, *_single_page(context, room, height)]),)
    return (
        _page("Month", [*warning, *_month(context, room, height)]),
        _page("Breaches", [*warning, *_breaches(context, room)]),
        _page(
            "Load",
            [*warning, *below([load_panel.draw_people(context, room), load_panel.draw_teams(context, room)])],
        ),
        _page("Flow", [*warning, *_flow(context, room, height)]),
    )


def _list_alarms(context: BoardContext, room: int) -> Block:
    """Return a line with the tickets whose page found nobody (rule 18), and one with those of undelivered mail."""
    alarms = (("nobody paged", context.board.unpaged), (MAIL_UNDELIVERED, context.board.undelivered))
    return [[TextRun(fit(f"{name}: {', '.join(refs)}", room), "breached")] for name, refs in alarms if refs]


def _single_page(context: BoardContext, room: int, height: int) -> Block:
    right = (room - _GAP) * 43 // 100
    left = room - _GAP - right
    left_half = below(
        [
            month_panels.draw_attainment(context, left, spaced=True),
            load_panel.draw_people(context, left),
            load_panel.draw_teams(context, left),
        ],
        _APART,
    )
    top = month_panels.draw_masthead(context)
    others = [
        breach_panels.draw_upcoming(context, right),
        breach_panels.draw_causes(context, right),
        breach_panels.draw_owners(context, right),
        flow_panels.draw_ages(context, right),
    ]
    # The columns of the weeks take the height that the rest leaves.
    spare = height - len(top) - _APART - sum(len(each) + 1 for each in others) - _AROUND_COLUMNS
    flow = flow_panels.draw_flow(context, right, max(_LEAST_COLUMNS, min(_MOST_COLUMNS, spare)))
    return below([top, beside(left_half, below([*others[:-1], flow, others[-1]]), left, _GAP)], _APART)


def _month(context: BoardContext, room: int, height: int) -> Block:
    spaced = height >= 24
    return below(
        [month_panels.draw_masthead(context), month_panels.draw_attainment(context, room, spaced=spaced)]
    )


def _breaches(context: BoardContext, room: int) -> Block:
    half = (room - _GAP) // 2
    by_cause, by_owner = breach_panels.draw_causes(context, half), breach_panels.draw_owners(context, half)
    return below([breach_panels.draw_upcoming(context, room), beside(by_cause, by_owner, half, _GAP)])


def _flow(context: BoardContext, room: int, height: int) -> Block:
    tall = max(_LEAST_COLUMNS, min(_MOST_COLUMNS, height - 12))
    return below([flow_panels.draw_flow(context, room, tall), flow_panels.draw_ages(context, room)])


def _page(name: str, block: Sequence[TextLine]) -> BoardPage:
    lines = tuple((TextRun(" " * _MARGIN), *line) for line in block)
    return BoardPage(name, lines, tuple(_places(lines)))


def _places(lines: Sequence[TextLine]) -> list[Placed]:
    found = []
    for y, line in enumerate(lines):
        x = 0
        for piece in line:
            if piece.spot is not None:
                found.append(Placed(x, y, piece.width, piece.spot))
            x += piece.width
    return found
