"""Which of the views' tabs are shown where there is no room for all of them."""

from __future__ import annotations

from collections.abc import Sequence

MARK = 2
"""The width of the sign that there are more, at either end."""


def tabs_that_fit(widths: Sequence[int], chosen: int, room: int) -> range:
    """The places of the tabs to show: the chosen one and as many of its neighbours as fit, on both sides alike.

    `widths` and `room` are in cells; at each end where tabs are left out, room is kept for a sign that says so.
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
