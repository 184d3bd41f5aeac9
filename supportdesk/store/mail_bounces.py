"""Reads which mail to customers came back after a server had accepted it, and was not sent again since."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, TextClause, select

from supportdesk.store import payloads, tables
from supportdesk.tickets.events import MailUndelivered
from supportdesk.tickets.outbox.delivery import ACCEPTED

_ledger, _deliveries = tables.ledger.c, tables.deliveries.c


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
    found: dict[str, tuple[int, str]] = {}
    query = select(_ledger.at, _ledger.payload).where(*conditions).order_by(_ledger.seq)
    for at, payload in connection.execute(query):
        event = payloads.decode(payload)
        if isinstance(event, MailUndelivered) and event.bounced:
            found[event.delivery] = at, event.reason
    if not found:
        return {}
    accepted = select(_deliveries.id, _deliveries.tried_at).where(
        _deliveries.id.in_(found), _deliveries.state.in_([each.value for each in ACCEPTED])
    )
    return {
        row.id: found[row.id][1] for row in connection.execute(accepted) if row.tried_at <= found[row.id][0]
    }
