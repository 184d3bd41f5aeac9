"""Deliveries with what they are about, and whether they are still to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, exists, literal_column, or_, select

from supportdesk.store import tables
from supportdesk.store.reference_data import ReferenceData
from supportdesk.tickets.documents import MAIL, NOTICE, PAGE, DeskNotice
from supportdesk.tickets.outbox.delivery import DeliveryState
from supportdesk.tickets.outbox.pacing import CLAIM_LENGTH, HOUR

STALE_AFTER = 24 * HOUR
"""Seconds after which what should have been sent helps nobody any more."""

TOO_OLD = "too old to help"
CLOSED, ACKNOWLEDGED = "the ticket is closed", "the page was acknowledged"
ARRIVED = "another address has it"
CONTACT_ERASED = "its contact was erased"

_NOTICE_ACKNOWLEDGED, _NOTICE_WITHDRAWN = "it was acknowledged", "its cause is gone"

_messages, _deliveries, _tickets = tables.messages.c, tables.deliveries.c, tables.tickets.c
_earlier = tables.deliveries.alias("earlier").c
_ARRIVED = exists().where(
    _earlier.message == _deliveries.message,
    _earlier.place < _deliveries.place,
    _earlier.state == DeliveryState.DELIVERED.value,
)
_COLUMNS = select(
    tables.deliveries,
    _messages.ref,
    _messages.person,
    _messages.kind,
    _messages.at,
    _messages.text,
    _tickets.in_queue,
    _tickets.paged,
    _tickets.severity,
    _tickets.policy,
    _tickets.organisation_name,
    _tickets.contact_name,
    _tickets.summary,
    _ARRIVED.label("arrived"),
)
_OF_TICKET = _tickets.ref == _messages.ref

DELIVERIES = _COLUMNS.join(tables.messages, _messages.id == _deliveries.message).outerjoin(
    tables.tickets, _OF_TICKET
)
"""Selects deliveries, each with its message and its ticket, if there is one."""

BY_MESSAGE = tables.messages.join(tables.deliveries, _deliveries.message == _messages.id.concat(""))
"""Joins messages with their deliveries. SQLite, which knows no numbers of rows, cannot begin with all deliveries."""

DELIVERIES_BY_MESSAGE = _COLUMNS.select_from(BY_MESSAGE.outerjoin(tables.tickets, _OF_TICKET))
"""Selects the same, for a condition on the messages."""


IS_WAITING, HAS_FAILED = (
    _deliveries.state == literal_column(f"'{state.value}'")
    for state in (DeliveryState.WAITING, DeliveryState.FAILED)
)
"""The conditions for what waits and for what failed, in a form for which a database uses the indexes of these."""


def find_reason_against(row: Mapping[Any, Any], now: int) -> str | None:
    """Return why a delivery is no longer to be sent; None where it is. Mail to a customer always is."""
    if row["kind"] == MAIL:
        return None
    if row["ref"] is not None:
        if not row["in_queue"]:
            return CLOSED
        if row["kind"] == PAGE and row["person"] not in (row["paged"] or "").split(" "):
            return ACKNOWLEDGED
    # Nobody acknowledges a notice, so that a telephone would ring after every message that has arrived.
    if row["kind"] == NOTICE and not row["urgent"] and row["arrived"]:
        return ARRIVED
    if row["due_at"] is not None and now - row["due_at"] > STALE_AFTER:
        return TOO_OLD
    return None


def make_cancelled(reason: str) -> dict[str, Any]:
    """Return the values of the columns of a delivery that is not sent any more, for a reason."""
    return {
        "state": DeliveryState.CANCELLED.value,
        "due_at": None,
        "held": "",
        "detail": reason,
        "claimed_by": None,
        "claimed_until": None,
    }


def is_free(now: int) -> ColumnElement[bool]:
    """Return the condition for what nobody is sending; a claim from the future was made before the clock was set."""
    until = _deliveries.claimed_until
    return or_(until.is_(None), until <= now, until > now + CLAIM_LENGTH)


def find_name(row: Mapping[Any, Any], data: ReferenceData) -> str:
    """Return the name of the person to whom a delivery goes: a member of staff, or the ticket's contact."""
    return row["contact_name"] if row["kind"] == MAIL else data.name(row["person"])


def find_end_of_notice(notice: DeskNotice) -> str:
    """Return why what waits of a notice that has ended is no longer to be sent."""
    return _NOTICE_ACKNOWLEDGED if notice.acknowledged_at is not None else _NOTICE_WITHDRAWN
