"""Finds the figure to which an arrow key moves the cursor: the nearest one in its direction."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.console.board.layout import Placed

ASIDE = 4
"""Cells that count as far as one line up or down, when the cursor moves left or right."""


def neighbour(places: Sequence[Placed], at: Placed, right: int, down: int) -> Placed | None:
    """Return the nearest figure: `right` is 1 or -1 (left), else `down` is 1 or -1 (up); None at the edge."""
    if right:
        ahead = [each for each in places if (each.x - at.x) * right > 0 and each.y == at.y] or [
            each for each in places if (each.x - at.x) * right > 0 and abs(each.x - at.x) > abs(each.y - at.y)
        ]
        return min(
            ahead, key=lambda each: abs(each.y - at.y) * ASIDE + abs(_end(each) - _end(at)), default=None
        )
    ahead = [each for each in places if (each.y - at.y) * down > 0]
    return min(ahead, key=lambda each: abs(_end(each) - _end(at)) + abs(each.y - at.y) * 2, default=None)


def next_panel(places: Sequence[Placed], at: Placed, by: int) -> Placed | None:
    """Return the first figure of the panel `by` panels further; None after the last and before the first."""
    panels = list(dict.fromkeys(each.spot.key[0] for each in places))
    wanted = panels.index(at.spot.key[0]) + by
    if not 0 <= wanted < len(panels):
        return None
    return next(each for each in places if each.spot.key[0] == panels[wanted])


def _end(place: Placed) -> int:
    """Return the column in which a figure ends: figures are right-aligned, and the cursor follows that column."""
    return place.x + place.width
