"""The columns of the queue for a width: which there are, in which order, and their widths in cells."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from supportdesk.settings.settings import UserColumn

TIMER = 10
"""The width of the timer: a minus sign, three digits of hours, minutes and seconds."""
LEFT = 1 + 1 + 1 + TIMER + 1
"""The width of cursor, symbol of the state, mark, timer and a blank: the only part that a tick changes."""
STATE = 9
WITH_CLOCK = 5
"""Extra cells of the state where the clock has no column and `resp` marks the response clock."""
REFERENCE = 10
"""The width of a reference: nine characters, or ten from about 750,000 tickets on."""
SUMMARY = "summary"
_ROOMY = 90
"""The width of the queue from which there are two cells between columns."""


class ColumnSpec(msgspec.Struct, frozen=True):
    """The default width of a column on a narrow screen, and at most on a wide one.

    `leaves` is the least width of the summary beside it; an important column leaves less. 0: it is always shown.
    """

    narrow: int
    wide: int
    leaves: int = 0


COLUMN_SPECS = {
    "clock": ColumnSpec(7, 7, 21),
    "state": ColumnSpec(STATE, STATE),
    "reference": ColumnSpec(REFERENCE, REFERENCE),
    "organisation": ColumnSpec(10, 18, 19),
    SUMMARY: ColumnSpec(0, 0),
    "owner": ColumnSpec(6, 8, 14),
    "contact": ColumnSpec(10, 16, 24),
    "team": ColumnSpec(10, 17, 25),
    "age": ColumnSpec(6, 6, 26),
    "severity": ColumnSpec(8, 14, 27),
    "channel": ColumnSpec(9, 9, 28),
    "stage": ColumnSpec(10, 10, 29),
}
"""The columns to choose from, by name. The timer always comes first."""
USUAL = ("clock", "state", "reference", "organisation", SUMMARY, "owner")


class Column(msgspec.Struct, frozen=True):
    """A column as it is drawn; `gap` is the number of empty cells before it."""

    name: str
    width: int
    gap: int


@lru_cache(maxsize=32)
def columns_for(width: int, wanted: tuple[UserColumn, ...] = ()) -> tuple[Column, ...]:
    """Return the columns of a queue of this width: those of the settings, or the usual ones.

    Columns that do not fit are left out, the least important first. The summary takes what the others leave, and one
    cell is free at the end.
    """
    own = {column.name: column.width for column in wanted if column.name in COLUMN_SPECS}
    names = list(own) or list(USUAL)
    while True:
        fixed = _placed(names, own, width)
        room = width - LEFT - 1 - sum(column.gap + column.width for column in fixed)
        least = max(names, key=lambda name: COLUMN_SPECS[name].leaves)
        needed = COLUMN_SPECS[least].leaves if SUMMARY in names else 0
        if room >= needed or COLUMN_SPECS[least].leaves == 0 or len(names) == 1:
            return _cut_to_fit(fixed, own.get(SUMMARY), room)
        names.remove(least)


def _placed(names: Sequence[str], own: dict[str, int | None], width: int) -> list[Column]:
    """Return the columns with their widths; that of the summary is still 0."""
    placed: list[Column] = []
    for name in names:
        gap = 2 if width >= _ROOMY else 1
        if not placed:
            gap = 0
        elif name == "state" and placed[-1].name == "clock":
            gap = 1
        natural = _default_width(name, width) + (
            WITH_CLOCK if name == "state" and "clock" not in names else 0
        )
        placed.append(Column(name, own.get(name) or natural if name != SUMMARY else 0, gap))
    return placed


def _default_width(name: str, width: int) -> int:
    spec = COLUMN_SPECS[name]
    if width < _ROOMY:
        return spec.narrow
    return min(spec.wide, spec.narrow + 2 + (width - _ROOMY) // 6)


def _cut_to_fit(columns: Sequence[Column], summary: int | None, room: int) -> tuple[Column, ...]:
    """Return the columns with the summary's width; the others are cut if even those always shown do not fit."""
    fitted = []
    for column in columns:
        width = column.width
        if column.name == SUMMARY:
            width = max(0, min(room, summary or room))
        elif room < 0:
            cut = min(width, -room)
            width, room = width - cut, room + cut
        fitted.append(Column(column.name, width, column.gap))
    return tuple(fitted)
