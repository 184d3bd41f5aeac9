"""Which columns the queue has at a width, and how wide each of them is, in cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

TIMER = 10
"""Room for a minus sign, three digits of hours, minutes and seconds."""
LEFT = 1 + 1 + 1 + TIMER + 1
"""The mark of the cursor, the state's sign and the timer: all that a tick ever changes."""
REFERENCE = 10


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells; 0 for a column that is left out. A gap stands before each but the first."""

    clock: int
    state: int
    reference: int
    organisation: int
    summary: int
    owner: int
    gap: int


@lru_cache(maxsize=32)
def columns_for(width: int) -> Columns:
    """The columns of a queue of this width.

    What does not fit is left out in the order in which it is missed least: the clock's name (the state's word stands
    in its place), the organisation, the owner.
    """
    if width >= 90:
        clock, state, organisation, owner, gap = 7, 8, min(18, 12 + (width - 90) // 6), 10, 2
    elif width >= 74:
        clock, state, organisation, owner, gap = 0, 8, 10, 7, 1
    elif width >= 56:
        clock, state, organisation, owner, gap = 0, 8, 0, 6, 1
    else:
        clock, state, organisation, owner, gap = 0, 8, 0, 0, 1
    taken = sum(
        1 + each if each == clock else gap + each for each in (clock, state, organisation, owner) if each
    )
    summary = max(0, width - LEFT - taken - gap - REFERENCE - gap - 1)
    return Columns(clock, state, REFERENCE, organisation, summary, owner, gap)
