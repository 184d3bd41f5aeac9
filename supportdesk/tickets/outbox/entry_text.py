"""What becomes of a delivery, in words."""

from __future__ import annotations

from datetime import datetime

from supportdesk.sla.clocks import epoch, instant
from supportdesk.sla.formatting import at_near_time, near_time
from supportdesk.tickets.outbox.entry import Fate, ListedDelivery, OutboxEntry
from supportdesk.tickets.outbox.plan import LIMIT, QUIET_HOURS

OVERDUE_AFTER = 60
"""Seconds after which something that is due has waited for too long."""

_HELD = {QUIET_HOURS: "quiet hours", LIMIT: "much was sent to this address"}


def describe_state(entry: OutboxEntry, zone: str, now: datetime) -> str:
    """Return what becomes of a delivery: when it is sent and why not earlier, or why it was not delivered.

    What an attempt came to is quoted as it is: what was accepted may have come back, and somebody asked for it again.
    """
    if entry.due_at is None:
        return f"{Fate.UNDELIVERED}: {entry.detail}" if entry.detail else str(Fate.UNDELIVERED)
    due_at = instant(entry.due_at)
    due = near_time(due_at, zone, now)
    if entry.held:
        return f"held until {due}: {_HELD.get(entry.held, entry.held)}"
    last = f" (last attempt: {entry.detail})" if entry.attempts and entry.detail else ""
    if epoch(now) - entry.due_at > OVERDUE_AFTER:
        return f"due since {due}: no watcher sends by {entry.method}{last}"
    return f"to be sent {'again ' if entry.attempts else ''}{at_near_time(due_at, zone, now)}{last}"


def describe_fate(delivery: ListedDelivery, zone: str, now: datetime) -> str:
    """Return why a delivery is where it is, in words; empty where its fate says all."""
    match delivery.fate:
        case Fate.BOUNCED:
            return f"a server accepted it and sent it back: {delivery.bounce or 'it did not say why'}"
        case Fate.WAITING if delivery.needless:
            return f"not sent any more: {delivery.needless}"
        case Fate.WAITING:
            return describe_state(delivery, zone, now)
        case Fate.UNCONFIRMED:
            return f"it may have arrived: {delivery.detail or 'nothing confirms it'}"
    return delivery.detail
