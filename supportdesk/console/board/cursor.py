"""How the cursor goes from figure to figure: to the nearest one in the direction of the key."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.console.board.layout import Placed

ASIDE = 4
"""How many cells one line up or down is worth, when the way goes left or right; the other way round it is one."""


def neighbour(places: Sequence[Placed], at: Placed, right: int, down: int) -> Placed | None:
    """The nearest figure to the right (1) or left (-1), or below (1) or above (-1); None at the edge."""
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
    """The first figure of the next panel, or of the one before; None behind the last and before the first."""
    panels = list(dict.fromkeys(each.spot.key[0] for each in places))
    wanted = panels.index(at.spot.key[0]) + by
    if not 0 <= wanted < len(panels):
        return None
    return next(each for each in places if each.spot.key[0] == panels[wanted])


def _end(place: Placed) -> int:
    """Figures are right-aligned, so the cursor follows the column in which they end."""
    return place.x + place.width
