"""Selects the tabs of views to show when not all of them fit."""

from __future__ import annotations

from collections.abc import Sequence

MARK = 2
"""Cells for the symbol at either end that says that there are more tabs."""


def tabs_that_fit(widths: Sequence[int], chosen: int, room: int) -> range:
    """Return the indices of the tabs to show: the chosen one and as many neighbours as fit, evenly on both sides.

    `widths` and `room` are in cells; at each end where tabs are left out, `MARK` cells are reserved for the symbol.
    """
    if sum(widths) <= room:
        return range(len(widths))
    first, after = chosen, chosen + 1
    left = room - widths[chosen] - 2 * MARK
    while True:
        right_fits = after < len(widths) and widths[after] <= left
        left_fits = first > 0 and widths[first - 1] <= left
        if right_fits and (not left_fits or after - chosen <= chosen - first + 1):
            left -= widths[after]
            after += 1
        elif left_fits:
            first -= 1
            left -= widths[first]
        else:
            return range(first, after)
