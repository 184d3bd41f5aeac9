"""Computes how the queue and the ticket share a screen, in cells."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec.structs import replace

from supportdesk.settings.settings import PaneSettings

BESIDE_FROM, BELOW_FROM = 124, 40
"""The width from which the ticket is automatically beside the queue, and else the height for below it."""
QUEUE_WIDTH, TICKET_WIDTH = 74, 40
"""The least width of each pane beside each other: a row with customer and owner, and a readable line."""
QUEUE_HEIGHT, TICKET_HEIGHT = 8, 14
"""The least height of each pane below each other."""
FRAME = 5
"""Lines of the header and the key bar."""
LEAST_BELOW = FRAME + QUEUE_HEIGHT + TICKET_HEIGHT + 3
"""The least height for the ticket below the queue; three lines are reserved for the filter bar."""
BROAD, NARROW_TICKET = 140, 50
"""Below the first width, the ticket pane beside the queue is as wide as the second, unless the operator resized it."""
BESIDE_SHARE, BELOW_SHARE = 35, 45
LEAST_SHARE, MOST_SHARE, STEP = 20, 80, 5
"""Shares of the screen for the ticket pane, in percent."""


class Placement(StrEnum):
    """Where the ticket pane is; ALONE is in place of the queue, when a ticket is open."""

    BESIDE = "beside"
    BELOW = "below"
    ALONE = "alone"


class SplitLayout(msgspec.Struct, frozen=True):
    """Where the ticket pane is, and its width beside the queue or its height below it, in cells."""

    where: Placement
    extent: int = 0


def layout_for(width: int, height: int, pane: PaneSettings) -> SplitLayout:
    """Return the layout of a screen of this size, as near to the operator's `pane` as it can be."""
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


def _where(width: int, height: int, pane: PaneSettings) -> Placement:
    beside, below = width >= QUEUE_WIDTH + TICKET_WIDTH, height >= LEAST_BELOW
    if pane.place == "beside" and beside:
        return Placement.BESIDE
    if pane.place == "below" and below:
        return Placement.BELOW
    if width >= BESIDE_FROM:
        return Placement.BESIDE
    return Placement.BELOW if height >= BELOW_FROM else Placement.ALONE


def grow(width: int, height: int, pane: PaneSettings, by: int) -> PaneSettings | None:
    """Return the pane a step larger (`by` is 1) or smaller (-1); None if that is impossible."""
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


def drag_to(width: int, height: int, pane: PaneSettings, extent: int) -> PaneSettings:
    """Return the pane after its edge is dragged so that the ticket has `extent` cells."""
    if layout_for(width, height, pane).where is Placement.BESIDE:
        return replace(pane, width=_percent(extent, width))
    return replace(pane, height=_percent(extent, height - FRAME))


def _percent(part: int, whole: int) -> int:
    return max(LEAST_SHARE, min(-(-part * 100 // whole), MOST_SHARE))


def next_placement(width: int, height: int, pane: PaneSettings) -> PaneSettings | None:
    """Return the pane in the next place that changes the layout at this size; None if none does."""
    places = ("auto", "beside", "below")
    now, at = layout_for(width, height, pane).where, places.index(pane.place or "auto")
    for place in (*places[at + 1 :], *places[:at]):
        wanted = replace(pane, place=place)
        if layout_for(width, height, wanted).where is not now:
            return wanted
    return None
