"""How the queue and the ticket share a screen: arithmetic only, in cells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from msgspec.structs import replace

from supportdesk.settings.settings import Pane

BESIDE_FROM, BELOW_FROM = 124, 40
"""The width and the height from which the ticket stands beside the queue, or else below it, by itself."""
QUEUE_WIDTH, TICKET_WIDTH = 74, 40
"""The least that both need beside each other: a row with its customer and owner, and a line one can read."""
QUEUE_HEIGHT, TICKET_HEIGHT = 8, 14
"""The least that both need one below the other."""
FRAME = 5
"""Header and keys."""
LEAST_BELOW = FRAME + QUEUE_HEIGHT + TICKET_HEIGHT + 3
"""The height for which one may ask for it below; three lines are kept for the filter and what it says."""
BROAD, NARROW_TICKET = 140, 50
"""Below this width a ticket beside the queue has as many cells, unless somebody wants it otherwise."""
BESIDE_SHARE, BELOW_SHARE = 35, 45
LEAST_SHARE, MOST_SHARE, STEP = 20, 80, 5
"""In percent."""


class Placement(StrEnum):
    """Where the ticket stands; ALONE is in the place of the queue, when it is open."""

    BESIDE = "beside"
    BELOW = "below"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class SplitLayout:
    """Where the ticket stands, and how many cells it has: of the width beside, of the height below, else none."""

    where: Placement
    extent: int = 0


def layout_for(width: int, height: int, pane: Pane) -> SplitLayout:
    """What becomes of a screen of this size, as far as it can be as `pane` wants it."""
    where = _where(width, height, pane)
    if where is Placement.BESIDE:
        share = pane.width
        wanted = width * (share or BESIDE_SHARE) // 100 if share or width >= BROAD else NARROW_TICKET
        return SplitLayout(where, max(TICKET_WIDTH, min(wanted, width - QUEUE_WIDTH)))
    if where is Placement.BELOW:
        room = height - FRAME
        wanted = room * (pane.height or BELOW_SHARE) // 100
        return SplitLayout(where, max(TICKET_HEIGHT, min(wanted, room - QUEUE_HEIGHT)))
    return SplitLayout(where)


def _where(width: int, height: int, pane: Pane) -> Placement:
    beside, below = width >= QUEUE_WIDTH + TICKET_WIDTH, height >= LEAST_BELOW
    if pane.place == "beside" and beside:
        return Placement.BESIDE
    if pane.place == "below" and below:
        return Placement.BELOW
    if width >= BESIDE_FROM:
        return Placement.BESIDE
    return Placement.BELOW if height >= BELOW_FROM else Placement.ALONE


def grow(width: int, height: int, pane: Pane, by: int) -> Pane | None:
    """The pane a step larger (`by` is 1) or smaller (-1) than it is; None where the other one needs the room."""
    now = layout_for(width, height, pane)
    name, whole = ("width", width) if now.where is Placement.BESIDE else ("height", height - FRAME)
    share = now.extent * 100 // whole
    steps = (
        range(share // STEP + 1, MOST_SHARE // STEP + 1)
        if by > 0
        else range(-(-share // STEP) - 1, LEAST_SHARE // STEP - 1, -1)
    )
    for step in steps:
        wanted = replace(pane, **{name: step * STEP})
        if (layout_for(width, height, wanted).extent - now.extent) * by > 0:
            return wanted
    return None


def drag_to(width: int, height: int, pane: Pane, extent: int) -> Pane:
    """The pane when its edge is drawn so that the ticket has so many cells."""
    if layout_for(width, height, pane).where is Placement.BESIDE:
        return replace(pane, width=_percent(extent, width))
    return replace(pane, height=_percent(extent, height - FRAME))


def _percent(part: int, whole: int) -> int:
    return max(LEAST_SHARE, min(-(-part * 100 // whole), MOST_SHARE))


def next_placement(width: int, height: int, pane: Pane) -> Pane | None:
    """The pane in its next place, of those that make a difference here; None where none does."""
    ways = ("auto", "beside", "below")
    now, at = layout_for(width, height, pane).where, ways.index(pane.place or "auto")
    for place in (*ways[at + 1 :], *ways[:at]):
        wanted = replace(pane, place=place)
        if layout_for(width, height, wanted).where is not now:
            return wanted
    return None
