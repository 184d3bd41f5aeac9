"""Reads which mail to customers came back after a server had accepted it, and was not sent again since."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, TextClause, select

from supportdesk.store import payloads, tables
from supportdesk.tickets.events import MailUndelivered, RetryRequested

UNDELIVERED, RETRY_REQUESTED = (str(each.__struct_config__.tag) for each in (MailUndelivered, RetryRequested))
_ledger = tables.ledger.c


def load_bounces(
    connection: Connection, *, ref: str | None = None, since: int | None = None
) -> dict[str, str]:
    """Return why mail came back, by the identity of its delivery: that of one ticket, or what came back since.

    `since` is in UTC epoch seconds.
    """
    conditions: list[ColumnElement[bool] | TextClause] = [tables.UNDELIVERED, _ledger.payload.is_not(None)]
    if ref is not None:
        conditions.append(_ledger.ref == ref)
    if since is not None:
        conditions.append(_ledger.at > since)
    found: dict[str, tuple[int, str, str]] = {}
    query = select(_ledger.seq, _ledger.ref, _ledger.payload).where(*conditions).order_by(_ledger.seq)
    for seq, of, payload in connection.execute(query):
        event = payloads.decode(payload)
        if isinstance(event, MailUndelivered) and event.bounced:
            found[event.delivery] = seq, of, event.reason
    if not found:
        return {}
    retries = select(_ledger.seq, _ledger.payload).where(
        _ledger.ref.in_({of for _, of, _ in found.values()}), _ledger.event == RETRY_REQUESTED
    )
    for seq, payload in connection.execute(retries):
        event = payloads.decode(payload)
        if isinstance(event, RetryRequested) and event.delivery in found and seq > found[event.delivery][0]:
            del found[event.delivery]
    return {delivery: reason for delivery, (_, _, reason) in found.items()}


def find_last_retry(connection: Connection, ref: str, delivery: str) -> RetryRequested | None:
    """Return the last time that somebody asked for a delivery about a ticket to be sent again; None for never."""
    query = (
        select(_ledger.payload)
        .where(
            _ledger.ref == ref,
            _ledger.event == RETRY_REQUESTED,
            _ledger.payload.contains(delivery, autoescape=True),
        )
        .order_by(_ledger.seq.desc())
        .limit(1)
    )
    payload = connection.execute(query).scalar()
    event = payloads.decode(payload) if payload is not None else None
    return event if isinstance(event, RetryRequested) else None


def has_alarm(connection: Connection, ref: str, delivery: str) -> bool:
    """Return whether the last word on a mail is that it did not arrive: nobody has let it be sent again since."""
    query = (
        select(_ledger.event)
        .where(
            _ledger.ref == ref,
            _ledger.event.in_((UNDELIVERED, RETRY_REQUESTED)),
            _ledger.payload.contains(delivery, autoescape=True),
        )
        .order_by(_ledger.seq.desc())
        .limit(1)
    )
    return connection.execute(query).scalar() == UNDELIVERED
