"""Fills the outbox: the messages that events make, written in the transaction of the events themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from supportdesk.sla.clocks import epoch
from supportdesk.sla.ladder import NOTIFY
from supportdesk.store import tables
from supportdesk.store.ledger import NewEvent
from supportdesk.store.outbox_reopened import send_open_pages
from supportdesk.store.reference_data import ReferenceData
from supportdesk.tickets.documents import NOTICE, PAGE, DeskNotice
from supportdesk.tickets.events import Paged, PageUnsent, Reopened, StepTaken, Undone
from supportdesk.tickets.events.escalation import FIRED
from supportdesk.tickets.outbox.delivery import DeliveryState
from supportdesk.tickets.outbox.plan import find_hand_off_limit, plan_deliveries
from supportdesk.tickets.records.events import NoticeEnded, NoticeSent
from supportdesk.tickets.ticket import Ticket

_ID_LENGTH = 32
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


class _Message(msgspec.Struct, frozen=True):
    """A message to one person, as an event makes it."""

    person: str
    kind: str
    text: str
    urgent: bool


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
        if not isinstance(new.event, Paged | StepTaken | NoticeSent):
            continue
        ticket = tickets[new.ref] if new.ref is not None else None
        for message in _list_messages(new, ticket, reference_data):
            message_id = _make_id(command_id, seq, message.person)
            rows, hand_off_due = _plan(message_id, message, ticket, epoch(new.at), reference_data)
            deliveries += rows
            messages.append(
                {
                    "id": message_id,
                    "seq": seq,
                    "ref": new.ref,
                    **msgspec.structs.asdict(message),
                    "at": epoch(new.at),
                    "hand_off_due": hand_off_due if message.kind == PAGE and ticket is not None else None,
                }
            )
    if messages:
        connection.execute(_INSERT_MESSAGE, messages)
    if deliveries:
        connection.execute(_INSERT_DELIVERY, deliveries)


def _cancel_waiting(connection: Connection, notice: DeskNotice) -> None:
    """Cancel what waits to be sent of a notice that was acknowledged or withdrawn."""
    sent = select(_ledger.seq).where(
        _ledger.subject == "notice", _ledger.payload.contains(f'"{notice.key}"', autoescape=True)
    )
    theirs = select(_messages.id).where(_messages.ref.is_(None), _messages.seq.in_(sent))
    reason = "it was acknowledged" if notice.acknowledged_at is not None else "its cause is gone"
    connection.execute(
        update(tables.deliveries)
        .where(_deliveries.message.in_(theirs), _deliveries.state == DeliveryState.WAITING.value)
        .values(
            state=DeliveryState.CANCELLED.value,
            due_at=None,
            held="",
            detail=reason,
            claimed_by=None,
            claimed_until=None,
        )
    )


def _list_messages(new: NewEvent, ticket: Ticket | None, reference_data: ReferenceData) -> Iterator[_Message]:
    """Yield the messages of an event. What is about a ticket of a severity that pages is urgent."""
    event = new.event
    if isinstance(event, NoticeSent):
        notice = event.notice
        for username in notice.people:
            yield _Message(username, notice.kind, notice.text, notice.urgent)
        return
    assert ticket is not None
    urgent = reference_data.policies[ticket.policy].severity(ticket.severity).pages
    if isinstance(event, Paged) and event.person is not None:
        yield _Message(event.person, PAGE, event.why, urgent)
    elif isinstance(event, StepTaken) and (event.outcome, event.action) == (FIRED, NOTIFY):
        for username in event.people:
            yield _Message(username, NOTICE, event.description, urgent)


def _plan(
    message_id: str, message: _Message, ticket: Ticket | None, at: int, reference_data: ReferenceData
) -> tuple[list[dict[str, Any]], int | None]:
    """Return the rows of a message's deliveries, and by when it must be handed off."""
    person = reference_data.staff.get(message.person)
    if person is None:
        return [], None
    newest = max(reference_data.policies.values(), key=lambda policy: policy.effective)
    policy = reference_data.policies[ticket.policy] if ticket is not None else newest
    planned = plan_deliveries(person, at, policy.timezone, urgent=message.urgent)
    rows = [
        {
            "id": _make_id(message_id, each.place),
            "message": message_id,
            "place": each.place,
            "method": each.address.method,
            "target": each.address.target,
            "urgent": message.urgent,
            "state": DeliveryState.WAITING.value,
            "due_at": each.due,
            "held": each.held,
            "attempts": 0,
            "bundled": False,
            "detail": "",
        }
        for each in planned
    ]
    return rows, find_hand_off_limit(planned, at)


def _make_id(*parts: object) -> str:
    """Return an identity that no other message or delivery has, on this desk or another."""
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:_ID_LENGTH]
