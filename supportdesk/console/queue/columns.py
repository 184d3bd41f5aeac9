"""Which columns the queue has at a width, and how wide each of them is, in cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

TIMER = 10
"""Room for a minus sign, three digits of hours, minutes and seconds."""
LEFT = 1 + 1 + 1 + TIMER + 1
"""The mark of the cursor, the state's sign and the timer: all that a tick ever changes."""
CLOCK = 7
STATE = 8
REFERENCE = 10
"""Nine, and ten from the ticket after three quarters of a million on."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells; 0 for a column that is left out. A gap stands before each but the first, and before the state
    a single cell; one cell is free at the end.
    """

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
    clock, organisation, owner, gap = _kept(width)
    word = clock + 1 + STATE if clock else STATE
    others = [each for each in (REFERENCE, organisation, owner) if each]
    taken = LEFT + word + sum(gap + each for each in others) + gap + 1
    return Columns(clock, STATE, REFERENCE, organisation, max(0, width - taken), owner, gap)


def _kept(width: int) -> tuple[int, int, int, int]:
    """The widths of clock, organisation and owner, and of the gap."""
    if width >= 90:
        return CLOCK, min(18, 12 + (width - 90) // 6), 8, 2
    if width >= 74:
        return 0, 10, 6, 1
    if width >= 56:
        return 0, 0, 6, 1
    return 0, 0, 0, 1
