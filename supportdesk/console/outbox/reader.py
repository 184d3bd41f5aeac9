"""Reads a page of what goes out, and the attempts at one delivery, on a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from supportdesk.console.outbox.views import Counts, OutboxView
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.desk_api import OutboxQueries
    from supportdesk.tickets.outbox.entry import DeliveryAttempt, ListedDelivery

PAGE = 100
"""How many deliveries are read at a time."""


class DeliveryPage(msgspec.Struct, frozen=True):
    """Deliveries of a view, the newest first; `has_more` where there may be older ones. `counts` are of all."""

    view: OutboxView
    deliveries: tuple[ListedDelivery, ...]
    has_more: bool
    counts: Counts


def read_page(
    desk: OutboxQueries, view: OutboxView, before: ListedDelivery | None, limit: int
) -> DeliveryPage | Refusal:
    """Return at most `limit` deliveries, those behind `before` if it is given, or why they cannot be read. Blocks."""
    try:
        found = desk.deliveries(fate=view.fate, before=before, limit=limit)
        counts = desk.count_deliveries()
    except DeskUnavailableError as error:
        return Refusal(str(error))
    return DeliveryPage(view, tuple(found), len(found) == limit, counts)


def read_attempts(desk: OutboxQueries, delivery: ListedDelivery) -> tuple[DeliveryAttempt, ...] | Refusal:
    """Return the attempts at a delivery, the oldest first, or why they cannot be read. Blocks."""
    try:
        return tuple(desk.delivery_attempts(delivery))
    except DeskUnavailableError as error:
        return Refusal(str(error))
