"""What waits in the outbox, what has failed, and what became of an attempt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, or_, select, update

from supportdesk.sla.clocks import epoch
from supportdesk.store import record_tables, tables
from supportdesk.store.mail_bounces import find_last_retry, load_bounces
from supportdesk.store.mail_queries import read_planned_mail
from supportdesk.store.outbox_models import UnsentPage
from supportdesk.store.outbox_wanted import (
    DELIVERIES,
    HAS_FAILED,
    IS_WAITING,
    STALE_AFTER,
    find_name,
    find_reason_against,
)
from supportdesk.store.reference_data import ReferenceData
from supportdesk.tickets.documents import MAIL, Contact
from supportdesk.tickets.events.sending import NOT_DELIVERED, SendAttempted
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.tickets.outbox.delivery import Delivery, DeliveryState, find_state_after
from supportdesk.tickets.outbox.entry import OutboxEntry
from supportdesk.tickets.outbox.pacing import CLAIM_LENGTH, find_last_series

FAILURES_SHOWN = 7 * 24 * 3_600
"""For how many seconds what has failed is listed."""

_messages, _deliveries, _tickets = tables.messages.c, tables.deliveries.c, tables.tickets.c
_STORED = ("id", "ref", "kind", "person", "method", "target", "urgent", "attempts", "detail")


def load_outbox(connection: Connection, data: ReferenceData, now: int, limit: int) -> list[OutboxEntry]:
    """Return what waits and what has failed lately: what is urgent first, then by when it is due.

    What waits and is no longer wanted, so that it will be cancelled, is not among it.
    """
    is_wanted = or_(_deliveries.due_at >= now - STALE_AFTER, _deliveries.method == CUSTOMER_MAIL)
    rows: list[RowMapping] = []
    # One query for each index.
    for at, condition in (
        (_deliveries.due_at, and_(IS_WAITING, is_wanted)),
        (_deliveries.tried_at, and_(HAS_FAILED, _deliveries.tried_at > now - FAILURES_SHOWN)),
    ):
        query = DELIVERIES.where(condition).order_by(_deliveries.urgent.desc(), at, _deliveries.id)
        rows += _read_unsent(connection, query, now, limit)
    rows.sort(key=_urgency)
    names = [name for name in OutboxEntry.__struct_fields__ if name != "person_name"]
    return [
        OutboxEntry(person_name=find_name(row, data), **{name: row[name] for name in names})
        for row in rows[:limit]
    ]


def _read_unsent(connection: Connection, query: Select[Any], now: int, limit: int) -> list[RowMapping]:
    """Return the first deliveries of a query without those that will be cancelled: fewer than `limit` are all."""
    found: list[RowMapping] = []
    for start in count(0, limit):
        rows = connection.execute(query.limit(limit).offset(start)).mappings().all()
        found += (row for row in rows if row["due_at"] is None or find_reason_against(row, now) is None)
        if len(rows) < limit or len(found) >= limit:
            break
    return found[:limit]


def _urgency(row: RowMapping) -> tuple[bool, int, str]:
    """Sort what is urgent first, then by when it is due or was tried."""
    return (not row["urgent"], row["due_at"] if row["due_at"] is not None else row["tried_at"], row["id"])


def find_ticket(connection: Connection, delivery: str) -> str | None:
    """Return the reference of the ticket that a delivery is about; None for none, and for an unknown delivery."""
    query = select(_messages.ref).join(tables.deliveries, _deliveries.message == _messages.id)
    return connection.execute(query.where(_deliveries.id == delivery)).scalar()


def load_delivery(connection: Connection, delivery: str, now: int) -> Delivery | None:
    """Return a delivery by its identity, as it is `now`, in UTC epoch seconds; None for an unknown one."""
    query = DELIVERIES.add_columns(_messages.seq).where(_deliveries.id == delivery)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    is_mail, until = row["kind"] == MAIL, row["claimed_until"]
    return Delivery(
        **{name: row[name] for name in _STORED},
        state=DeliveryState(row["state"]),
        mail=read_planned_mail(connection, row["seq"]) if is_mail else None,
        needless=find_reason_against(row, now) or "",
        is_under_way=until is not None and now < until <= now + CLAIM_LENGTH,
        is_bounced=is_mail and delivery in load_bounces(connection, ref=row["ref"]),
        asked_after=_find_asked_after(connection, row),
        present_address=_load_address(connection, row["person"]) if is_mail else None,
    )


def _load_address(connection: Connection, contact: str) -> str | None:
    """Return the email address of a contact; None where there is no such contact."""
    found = record_tables.load(connection, Contact, [contact]).get(contact)
    return found.email if found is not None else None


def _find_asked_after(connection: Connection, row: Mapping[Any, Any]) -> int:
    """Return how many attempts at a delivery there were when somebody last asked for another one.

    The ledger has that of deliveries about a ticket only.
    """
    if row["ref"] is None or not row["attempts"]:
        return find_last_series(row["attempts"], urgent=row["urgent"])
    retry = find_last_retry(connection, row["ref"], row["id"])
    return retry.attempts if retry is not None else 0


def save_retry(connection: Connection, delivery: str, at: int) -> None:
    """Let a delivery, given by its identity, be sent at once, from `at` on, in UTC epoch seconds."""
    values = {"state": DeliveryState.WAITING.value, "due_at": at, "held": ""}
    connection.execute(
        update(tables.deliveries)
        .where(_deliveries.id == delivery)
        .values(**values, claimed_by=None, claimed_until=None)
    )


def save_attempt(connection: Connection, delivery: Delivery, attempt: SendAttempted, at: datetime) -> None:
    """Save what became of an attempt."""
    again = epoch(attempt.retry_at) if attempt.retry_at is not None else None
    connection.execute(
        update(tables.deliveries)
        .where(_deliveries.id == delivery.id)
        .values(
            state=find_state_after(delivery.state, attempt.outcome, again).value,
            due_at=again,
            held="",
            attempts=attempt.attempt,
            tried_at=epoch(at),
            bundled=attempt.bundled,
            detail=attempt.detail,
            claimed_by=None,
            claimed_until=None,
        )
    )
    if attempt.outcome != NOT_DELIVERED:
        message = select(_deliveries.message).where(_deliveries.id == delivery.id).scalar_subquery()
        connection.execute(update(tables.messages).where(_messages.id == message).values(hand_off_due=None))


def has_unsent_pages(connection: Connection, now: int) -> bool:
    """Return whether a page should have been sent by now and was not, or was no longer to be."""
    due = select(_messages.id).where(_messages.hand_off_due <= now).limit(1)
    return connection.execute(due).first() is not None


def settle_unsent_pages(connection: Connection, now: int) -> list[UnsentPage]:
    """Return the open pages that were not sent in time, and forget those to which somebody has responded."""
    query = (
        select(_messages.id, _messages.ref, _messages.person, _tickets.in_queue, _tickets.paged)
        .join(tables.tickets, _tickets.ref == _messages.ref)
        .where(_messages.hand_off_due <= now)
        .order_by(_messages.hand_off_due)
        .limit(100)
    )
    found: dict[tuple[str, str], UnsentPage] = {}
    settled: list[str] = []
    for row in connection.execute(query).mappings():
        ref, person = row["ref"], row["person"]
        if row["in_queue"] and person in (row["paged"] or "").split(" "):
            page = UnsentPage(row["id"], ref, person, _find_last_detail(connection, row))
            found.setdefault((ref, person), page)
        else:
            settled.append(row["id"])
    if settled:
        connection.execute(update(tables.messages).where(_messages.id.in_(settled)).values(hand_off_due=None))
    return list(found.values())


def _find_last_detail(connection: Connection, row: Mapping[Any, Any]) -> str:
    """Return what the last attempts at a message came to: `sms: the gateway refused it`."""
    query = (
        select(_deliveries.method, _deliveries.detail, _deliveries.attempts)
        .where(_deliveries.message == row["id"])
        .order_by(_deliveries.place)
    )
    tried = connection.execute(query).all()
    if not tried:
        return "no address is known"
    return "; ".join(
        f"{method}: {detail}" if detail else f"{method}: {'not delivered' if attempts else 'not tried'}"
        for method, detail, attempts in tried
    )
