"""Fills the outbox: the messages that events make, written in the transaction of the events themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from supportdesk.sla.clocks import epoch
from supportdesk.store import tables
from supportdesk.store.ledger import NewEvent
from supportdesk.store.outbox_reopened import send_open_pages
from supportdesk.store.outbox_rows import (
    INFORMING,
    MessageEvent,
    Reach,
    find_newest_policy,
    make_message_rows,
)
from supportdesk.store.outbox_wanted import find_end_of_notice, make_cancelled
from supportdesk.store.reference_data import ReferenceData
from supportdesk.store.statements import Write, execute_writes
from supportdesk.tickets.documents import DeskNotice
from supportdesk.tickets.events import PageUnsent, Reopened, Undone
from supportdesk.tickets.outbox.delivery import DeliveryState
from supportdesk.tickets.records.events import NoticeEnded
from supportdesk.tickets.ticket import Ticket

_messages, _deliveries, _ledger = tables.messages.c, tables.deliveries.c, tables.ledger.c
_INSERT_MESSAGE = insert(tables.messages)
_INSERT_DELIVERY = insert(tables.deliveries)
_ESCALATED = (
    update(tables.messages)
    .where(
        _messages.ref == bindparam("of_ref"),
        _messages.person == bindparam("of_person"),
        _messages.hand_off_due <= bindparam("by"),
    )
    .values(hand_off_due=None)
)


def save_messages(
    connection: Connection,
    events: Iterable[tuple[int, NewEvent]],
    command_id: str,
    tickets: Mapping[str, Ticket],
    reference_data: ReferenceData,
) -> None:
    """Save the messages that events make, given with their numbers, each with its deliveries.

    `tickets` are the tickets of the events as they are after them.
    """
    messages: list[dict[str, Any]] = []
    deliveries: list[dict[str, Any]] = []
    for seq, new in events:
        if isinstance(new.event, PageUnsent):
            connection.execute(
                _ESCALATED, {"of_ref": new.ref, "of_person": new.event.person, "by": epoch(new.at)}
            )
        if isinstance(new.event, NoticeEnded):
            _cancel_waiting(connection, new.event.notice)
        if isinstance(new.event, Undone | Reopened) and new.ref is not None:
            send_open_pages(connection, tickets[new.ref], epoch(new.at), reference_data)
        if not isinstance(new.event, INFORMING):
            continue
        source = MessageEvent(new.event, seq, new.at, new.ref, command_id)
        for rows in make_message_rows(source, _find_reach(new.ref, tickets, reference_data)):
            messages.append(rows.message)
            deliveries += rows.deliveries
    if messages:
        writes = (Write(_INSERT_MESSAGE, messages), Write(_INSERT_DELIVERY, deliveries))
        execute_writes(connection, [each for each in writes if each.rows])


def _cancel_waiting(connection: Connection, notice: DeskNotice) -> None:
    """Cancel what waits to be sent of a notice that was acknowledged or withdrawn."""
    sent = select(_ledger.seq).where(
        _ledger.subject == "notice", _ledger.payload.contains(f'"{notice.key}"', autoescape=True)
    )
    theirs = select(_messages.id).where(_messages.ref.is_(None), _messages.seq.in_(sent))
    connection.execute(
        update(tables.deliveries)
        .where(_deliveries.message.in_(theirs), _deliveries.state == DeliveryState.WAITING.value)
        .values(make_cancelled(find_end_of_notice(notice)))
    )


def _find_reach(ref: str | None, tickets: Mapping[str, Ticket], data: ReferenceData) -> Reach:
    """Return where the messages of an event go: about a ticket by its policy, about none by the newest."""
    if ref is None:
        return Reach(data.staff.get, find_newest_policy(data.policies.values()).timezone)
    ticket = tickets[ref]
    policy = data.policies[ticket.policy]
    return Reach(data.staff.get, policy.timezone, policy.severity(ticket.severity).pages)
