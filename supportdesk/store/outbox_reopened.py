"""Sends after all what waited of a page whose acknowledgement was undone, or whose ticket is open again."""

from __future__ import annotations

from sqlalchemy import Connection, and_, select, update

from supportdesk.sla.clocks import epoch
from supportdesk.store import tables
from supportdesk.store.outbox_models import make_unsent_id
from supportdesk.store.outbox_wanted import ACKNOWLEDGED, CLOSED
from supportdesk.store.processed_commands import find_processed
from supportdesk.store.reference_data import ReferenceData
from supportdesk.tickets.documents import PAGE
from supportdesk.tickets.outbox.delivery import ACCEPTED, DeliveryState
from supportdesk.tickets.outbox.plan import HAND_OFF_LIMIT, find_hand_off_limit, plan_deliveries
from supportdesk.tickets.ticket import Page, Ticket

_messages, _deliveries = tables.messages.c, tables.deliveries.c
_HANDED_OFF = tuple(each.value for each in ACCEPTED)


def send_open_pages(connection: Connection, ticket: Ticket, at: int, data: ReferenceData) -> None:
    """Let what was cancelled of the open pages of a ticket wait again, as if they went out `at`, in UTC epoch seconds.

    A page that no method has handed off escalates if none does in time, unless it has escalated before.
    """
    for page in ticket.open_pages:
        if page.person is not None:
            _send_page(connection, ticket, page, at, data)


def _send_page(connection: Connection, ticket: Ticket, page: Page, at: int, data: ReferenceData) -> None:
    theirs = and_(
        _messages.ref == ticket.ref,
        _messages.person == page.person,
        _messages.kind == PAGE,
        _messages.at >= epoch(page.since),
    )
    for message in connection.execute(select(_messages.id, _messages.urgent).where(theirs)).all():
        person = data.staff.get(page.person or "")
        zone = data.policies[ticket.policy].timezone
        planned = plan_deliveries(person, at, zone, urgent=message.urgent) if person is not None else []
        due = {(each.address.method, each.address.target): each.due for each in planned}
        rows = connection.execute(select(tables.deliveries).where(_deliveries.message == message.id)).all()
        for row in rows:
            if row.state == DeliveryState.CANCELLED.value and row.detail in (ACKNOWLEDGED, CLOSED):
                again = due.get((row.method, row.target), at)
                connection.execute(
                    update(tables.deliveries)
                    .where(_deliveries.id == row.id)
                    .values(state=DeliveryState.WAITING.value, due_at=again, detail="")
                )
        has_escalated = find_processed(connection, make_unsent_id(message.id)) is not None
        if not has_escalated and all(row.state not in _HANDED_OFF for row in rows):
            limit = find_hand_off_limit(planned, at) if rows else at + HAND_OFF_LIMIT
            connection.execute(
                update(tables.messages).where(_messages.id == message.id).values(hand_off_due=limit)
            )
