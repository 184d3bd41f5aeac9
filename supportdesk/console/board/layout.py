"""The panels laid out: one broad page where there is room for all of them, else one page after the other."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from supportdesk.console.board import breach_panels, flow_panels, load_panel, month_panels
from supportdesk.console.board.context import BoardContext
from supportdesk.console.charts.blocks import Block, Hotspot, Line, TextRun, below, beside, fit

BROAD, HIGH = 140, 42
"""From which size of the view, in cells, everything stands on one page."""
_MARGIN, _GAP, _APART = 2, 5, 2
_LEAST_COLUMNS, _MOST_COLUMNS, _AROUND_COLUMNS = 4, 9, 4
"""The height of the columns of the weeks, and of the title and the figures that belong to them."""


class Placed(msgspec.Struct, frozen=True):
    """Where a figure stands on its page: from `x` on, `width` cells of line `y`."""

    x: int
    y: int
    width: int
    spot: Hotspot


class BoardPage(msgspec.Struct, frozen=True):
    """A page's lines, and its figures in reading order."""

    name: str
    lines: tuple[Line, ...]
    places: tuple[Placed, ...]


def build_pages(subject: BoardContext, width: int, height: int) -> tuple[BoardPage, ...]:
    """The pages of a board for a view of this size."""
    room = width - 2 * _MARGIN
    warning = _nobody_paged(subject, room)
    height -= len(warning)
    if width >= BROAD and height >= HIGH:
        return (_page("", [*warning, *_broadsheet(subject, room, height)]),)
    return (
        _page("Month", [*warning, *_month(subject, room, height)]),
        _page("Breaches", [*warning, *_breaches(subject, room)]),
        _page(
            "Load", [*warning, *below([load_panel.people(subject, room), load_panel.teams(subject, room)])]
        ),
        _page("Flow", [*warning, *_flow(subject, room, height)]),
    )


def _nobody_paged(subject: BoardContext, room: int) -> Block:
    """A line for the tickets whose page found nobody; no line where there is none."""
    unpaged = subject.board.unpaged
    return [[TextRun(fit(f"nobody paged: {', '.join(unpaged)}", room), "breached")]] if unpaged else []


def _broadsheet(subject: BoardContext, room: int, height: int) -> Block:
    right = (room - _GAP) * 43 // 100
    left = room - _GAP - right
    justify = below(
        [
            month_panels.attainment(subject, left, spaced=True),
            load_panel.people(subject, left),
            load_panel.teams(subject, left),
        ],
        _APART,
    )
    top = month_panels.masthead(subject)
    others = [
        breach_panels.ahead(subject, right),
        breach_panels.causes(subject, right),
        breach_panels.holders(subject, right),
        flow_panels.ages(subject, right),
    ]
    # The columns of the weeks take what height the rest leaves.
    spare = height - len(top) - _APART - sum(len(each) + 1 for each in others) - _AROUND_COLUMNS
    flow = flow_panels.flow(subject, right, max(_LEAST_COLUMNS, min(_MOST_COLUMNS, spare)))
    return below([top, beside(justify, below([*others[:-1], flow, others[-1]]), left, _GAP)], _APART)


def _month(subject: BoardContext, room: int, height: int) -> Block:
    spaced = height >= 24
    return below([month_panels.masthead(subject), month_panels.attainment(subject, room, spaced=spaced)])


def _breaches(subject: BoardContext, room: int) -> Block:
    half = (room - _GAP) // 2
    by_cause, by_holder = breach_panels.causes(subject, half), breach_panels.holders(subject, half)
    return below([breach_panels.ahead(subject, room), beside(by_cause, by_holder, half, _GAP)])


def _flow(subject: BoardContext, room: int, height: int) -> Block:
    tall = max(_LEAST_COLUMNS, min(_MOST_COLUMNS, height - 12))
    return below([flow_panels.flow(subject, room, tall), flow_panels.ages(subject, room)])


def _page(name: str, block: Sequence[Line]) -> BoardPage:
    lines = tuple((TextRun(" " * _MARGIN), *line) for line in block)
    return BoardPage(name, lines, tuple(_places(lines)))


def _places(lines: Sequence[Line]) -> list[Placed]:
    found = []
    for y, line in enumerate(lines):
        x = 0
        for piece in line:
            if piece.spot is not None:
                found.append(Placed(x, y, piece.width, piece.spot))
            x += piece.width
    return found
