"""Which columns the queue has at a width, in which order, and how wide each of them is, in cells."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from supportdesk.settings.settings import UserColumn

TIMER = 10
"""Room for a minus sign, three digits of hours, minutes and seconds."""
LEFT = 1 + 1 + 1 + TIMER + 1
"""The cursor's mark, the state's sign, the ticket's mark and the timer: all that a tick ever changes."""
STATE = 8
WITH_CLOCK = 2
"""Extra cells of the state where the clock has no column and an `R` marks the response clock."""
REFERENCE = 10
"""Nine, and ten from the ticket after three quarters of a million on."""
SUMMARY = "summary"
_ROOMY = 90
"""The width from which columns stand further apart."""


class ColumnSpec(msgspec.Struct, frozen=True):
    """A column without a configured width: on a small screen, and at most on a wide one.

    `leaves` is how many cells of the summary it must leave to be shown at all: the more it is missed, the fewer.
    """

    narrow: int
    wide: int
    leaves: int = 0


KINDS = {
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
    """A column as it is drawn; `gap` are the empty cells before it."""

    name: str
    width: int
    gap: int


@lru_cache(maxsize=32)
def columns_for(width: int, wanted: tuple[UserColumn, ...] = ()) -> tuple[Column, ...]:
    """The columns of a queue of this width, those that are wanted or else the usual ones.

    What does not fit is left out in the order in which it is missed least; the summary has what the others leave, and a
    cell is free at the end.
    """
    own = {column.name: column.width for column in wanted if column.name in KINDS}
    names = list(own) or list(USUAL)
    while True:
        fixed = _placed(names, own, width)
        room = width - LEFT - 1 - sum(column.gap + column.width for column in fixed)
        least = max(names, key=lambda name: KINDS[name].leaves)
        needed = KINDS[least].leaves if SUMMARY in names else 0
        if room >= needed or KINDS[least].leaves == 0 or len(names) == 1:
            return _fitted(fixed, own.get(SUMMARY), room)
        names.remove(least)


def _placed(names: Sequence[str], own: dict[str, int | None], width: int) -> list[Column]:
    """The columns with their widths; the summary has none yet."""
    placed: list[Column] = []
    for name in names:
        gap = 2 if width >= _ROOMY else 1
        if not placed:
            gap = 0
        elif name == "state" and placed[-1].name == "clock":
            gap = 1
        natural = _natural(name, width) + (WITH_CLOCK if name == "state" and "clock" not in names else 0)
        placed.append(Column(name, own.get(name) or natural if name != SUMMARY else 0, gap))
    return placed


def _natural(name: str, width: int) -> int:
    kind = KINDS[name]
    if width < _ROOMY:
        return kind.narrow
    return min(kind.wide, kind.narrow + 2 + (width - _ROOMY) // 6)


def _fitted(columns: Sequence[Column], summary: int | None, room: int) -> tuple[Column, ...]:
    """The columns with the summary's width, cut where even those that always stand are too wide."""
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
