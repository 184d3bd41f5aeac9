"""Lists what goes out and what went out, with what became of each delivery and the attempts at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, literal, not_, select, tuple_

from supportdesk.sla.clocks import epoch
from supportdesk.store import payloads, tables
from supportdesk.store.mail_bounces import load_bounces
from supportdesk.store.outbox_wanted import (
    BY_MESSAGE,
    DELIVERIES,
    DELIVERIES_BY_MESSAGE,
    IS_WAITING,
    find_name,
    find_reason_against,
)
from supportdesk.store.reference_data import ReferenceData
from supportdesk.tickets.events import MailUndelivered, RetryRequested, SendAttempted
from supportdesk.tickets.outbox.delivery import DeliveryState
from supportdesk.tickets.outbox.entry import (
    AttemptOutcome,
    DeliveryAttempt,
    Fate,
    ListedDelivery,
    OutboxEntry,
)

LISTED_FOR = 30 * 24 * 3_600
"""For how many seconds a message that waits no longer is listed."""

_AFTER_DIGITS = "g"
"""Sorts behind every hexadecimal digit."""

_messages, _deliveries, _ledger = tables.messages.c, tables.deliveries.c, tables.ledger.c
_STATES = {
    Fate.WAITING: DeliveryState.WAITING,
    Fate.SENT: DeliveryState.DELIVERED,
    Fate.UNCONFIRMED: DeliveryState.POSSIBLY_DELIVERED,
    Fate.UNDELIVERED: DeliveryState.FAILED,
    Fate.CANCELLED: DeliveryState.CANCELLED,
}
_FATES = {state.value: fate for fate, state in _STATES.items()}
_ATTEMPTS = tuple(
    str(each.__struct_config__.tag) for each in (SendAttempted, MailUndelivered, RetryRequested)
)
_FIELDS = [name for name in OutboxEntry.__struct_fields__ if name != "person_name"]


def list_deliveries(
    connection: Connection,
    data: ReferenceData,
    now: int,
    *,
    fate: Fate | None,
    before: ListedDelivery | None,
    limit: int,
) -> list[ListedDelivery]:
    """Return deliveries, those of the newest messages first; see `OutboxQueries`. `now` is in UTC epoch seconds."""
    bounces = load_bounces(connection, since=now - LISTED_FOR)
    rows: list[RowMapping] = []
    for is_recent, condition in _list_conditions(fate, now):
        query = (DELIVERIES_BY_MESSAGE if is_recent else DELIVERIES).where(condition)
        if fate is not None:
            query = query.where(_has_fate(fate, bounces))
        if before is not None:
            last = tuple_(literal(before.at), literal(before.id))
            query = query.where(tuple_(_messages.at, _deliveries.id) < last)
        newest_first = query.order_by(_messages.at.desc(), _deliveries.id.desc()).limit(limit - len(rows))
        rows += connection.execute(newest_first).mappings()
        if len(rows) == limit:
            break
    return [
        ListedDelivery(
            person_name=find_name(row, data),
            fate=Fate.BOUNCED if row["id"] in bounces else _FATES[row["state"]],
            bounce=bounces.get(row["id"], ""),
            needless=(find_reason_against(row, now) or "") if row["due_at"] is not None else "",
            **{name: row[name] for name in _FIELDS},
        )
        for row in rows
    ]


def count_deliveries(connection: Connection, now: int) -> dict[Fate, int]:
    """Return how many of the deliveries that are listed have each fate; see `OutboxQueries`."""
    waiting = tables.deliveries.join(tables.messages, _messages.id == _deliveries.message)
    by_state = select(_deliveries.state, func.count()).group_by(_deliveries.state)
    counts = dict.fromkeys(Fate, 0)
    bounces = load_bounces(connection, since=now - LISTED_FOR)
    for is_recent, condition in _list_conditions(None, now):
        listed = by_state.select_from(BY_MESSAGE if is_recent else waiting).where(condition)
        for state, count in connection.execute(listed):
            counts[_FATES[state]] += count
        if not bounces:
            continue
        for state, count in connection.execute(listed.where(_deliveries.id.in_(bounces))):
            counts[_FATES[state]] -= count
            counts[Fate.BOUNCED] += count
    return {fate: count for fate, count in counts.items() if count}


def find_deliveries(connection: Connection, beginning: str) -> list[str]:
    """Return the identities that begin with some hexadecimal digits, however old; see `OutboxQueries`."""
    begun = _deliveries.id.between(beginning, beginning + _AFTER_DIGITS)
    return list(connection.execute(select(_deliveries.id).where(begun).order_by(_deliveries.id)).scalars())


def load_attempts(connection: Connection, ref: str, delivery: str) -> list[DeliveryAttempt]:
    """Return the attempts at a delivery about a ticket, the oldest first, that it came back and was asked for again."""
    query = (
        select(_ledger.at, _ledger.payload)
        .where(
            _ledger.ref == ref,
            _ledger.event.in_(_ATTEMPTS),
            _ledger.payload.contains(delivery, autoescape=True),
        )
        .order_by(_ledger.seq)
    )
    return [
        attempt
        for at, payload in connection.execute(query)
        for attempt in _read_attempt(at, payloads.decode(payload), delivery)
    ]


def _read_attempt(at: int, event: object, delivery: str) -> Iterator[DeliveryAttempt]:
    match event:
        case SendAttempted() if event.delivery == delivery:
            again = epoch(event.retry_at) if event.retry_at is not None else None
            yield DeliveryAttempt(at, AttemptOutcome(event.outcome), event.detail, again)
        case MailUndelivered(bounced=True) if event.delivery == delivery:
            yield DeliveryAttempt(at, AttemptOutcome.CAME_BACK, event.reason)
        case RetryRequested() if event.delivery == delivery:
            yield DeliveryAttempt(at, AttemptOutcome.ASKED_AGAIN)


def _list_conditions(fate: Fate | None, now: int) -> list[tuple[bool, ColumnElement[bool]]]:
    """Return the conditions for what is listed, one for each index: what is recent, then what waits since longer.

    Each has whether it is for what is recent, and so on the messages.
    """
    if fate is Fate.WAITING:
        return [(False, IS_WAITING)]
    recent = _messages.at > now - LISTED_FOR
    return [(True, recent), *([(False, and_(IS_WAITING, not_(recent)))] if fate is None else [])]


def _has_fate(fate: Fate, bounces: Mapping[str, str]) -> ColumnElement[bool]:
    if fate is Fate.BOUNCED:
        return _deliveries.id.in_(bounces)
    return and_(_deliveries.state == _STATES[fate].value, _deliveries.id.not_in(bounces))
