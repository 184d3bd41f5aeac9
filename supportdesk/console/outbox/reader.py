"""Reads a page of what goes out, and the attempts at one delivery, on a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.commands.message_page import MessagePage, Wanted
from supportdesk.console.outbox.views import OutboxView
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.tickets.outbox.entry import ListedDelivery
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.desk_api import OutboxQueries
    from supportdesk.tickets.outbox.entry import DeliveryAttempt

DeliveryPage = MessagePage[OutboxView, ListedDelivery]
"""A page of deliveries."""


def read_page(
    desk: OutboxQueries, wanted: Wanted[OutboxView], before: ListedDelivery | None, limit: int
) -> DeliveryPage | Refusal:
    """Return at most `limit` deliveries, those behind `before` if it is given, or why they cannot be read. Blocks."""
    try:
        found = desk.deliveries(fate=wanted.view.fate, before=before, limit=limit)
        counts = desk.count_deliveries()
    except DeskUnavailableError as error:
        return Refusal(str(error))
    return MessagePage(wanted, tuple(found), len(found) == limit, counts)


def read_attempts(desk: OutboxQueries, delivery: ListedDelivery) -> tuple[DeliveryAttempt, ...] | Refusal:
    """Return the attempts at a delivery, the oldest first, or why they cannot be read. Blocks."""
    try:
        return tuple(desk.delivery_attempts(delivery))
    except DeskUnavailableError as error:
        return Refusal(str(error))
