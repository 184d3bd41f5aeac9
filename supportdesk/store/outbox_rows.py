"""The rows that an event gives to the outbox: its messages, each with its deliveries, as they are at first.

Who writes them and who verifies them make them here, from the same facts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from supportdesk.sla.clocks import epoch
from supportdesk.sla.ladder import NOTIFY
from supportdesk.sla.policy import Policy
from supportdesk.tickets.documents import MAIL, NOTICE, PAGE, Address, Person
from supportdesk.tickets.events import MailPlanned, Paged, StepTaken
from supportdesk.tickets.events.escalation import FIRED
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.tickets.outbox.delivery import DeliveryState
from supportdesk.tickets.outbox.plan import PlannedDelivery, find_hand_off_limit, plan_deliveries
from supportdesk.tickets.records.events import NoticeSent

INFORMING = (Paged, StepTaken, NoticeSent, MailPlanned)
"""The types of the events that may inform people outside the desk."""

_ID_LENGTH = 32


class MessageEvent(msgspec.Struct, frozen=True):
    """An event that may inform people, and where it is in the ledger. `ref` is its ticket, None for one about none."""

    event: object
    seq: int
    at: datetime
    ref: str | None
    command_id: str


class Reach(msgspec.Struct, frozen=True):
    """What decides when and where an event's messages go: the staff at the end of its command, and a time zone.

    `urgent` is whether the ticket is of a severity that pages; it does not matter to a notice about no ticket.
    """

    find_person: Callable[[str], Person | None]
    timezone: str
    urgent: bool = False


class MessageRows(msgspec.Struct, frozen=True):
    """The row of a message, and those of its deliveries."""

    message: dict[str, Any]
    deliveries: list[dict[str, Any]]


class _Message(msgspec.Struct, frozen=True):
    """A message to one person, as an event makes it."""

    person: str
    kind: str
    text: str
    urgent: bool


def find_newest_policy(policies: Iterable[Policy]) -> Policy:
    """Return the policy by whose wall clock a message about no ticket is sent."""
    return max(policies, key=lambda policy: policy.effective)


def make_message_rows(source: MessageEvent, reach: Reach) -> Iterator[MessageRows]:
    """Yield the rows of the messages of an event."""
    at = epoch(source.at)
    if isinstance(source.event, MailPlanned):
        yield _make_mail_rows(source, source.event)
        return
    for message in _list_messages(source.event, urgent=reach.urgent):
        identity = _make_id(source.command_id, source.seq, message.person)
        person = reach.find_person(message.person)
        planned = (
            plan_deliveries(person, at, reach.timezone, urgent=message.urgent) if person is not None else []
        )
        is_awaited = message.kind == PAGE and source.ref is not None and person is not None
        limit = find_hand_off_limit(planned, at) if is_awaited else None
        yield MessageRows(
            _make_message_row(source, identity, message, limit),
            [_make_delivery_row(identity, each, urgent=message.urgent) for each in planned],
        )


def _make_mail_rows(source: MessageEvent, event: MailPlanned) -> MessageRows:
    """Return the rows of a mail to a contact, who may be erased: its identity does not depend on them."""
    identity = _make_id(source.command_id, source.seq, MAIL)
    message = _Message(event.contact, MAIL, event.kind, urgent=False)
    way = PlannedDelivery(1, Address(CUSTOMER_MAIL, event.address), epoch(source.at))
    return MessageRows(
        _make_message_row(source, identity, message, None), [_make_delivery_row(identity, way, urgent=False)]
    )


def _make_message_row(
    source: MessageEvent, identity: str, message: _Message, hand_off_due: int | None
) -> dict[str, Any]:
    return {
        "id": identity,
        "seq": source.seq,
        "ref": source.ref,
        **msgspec.structs.asdict(message),
        "at": epoch(source.at),
        "hand_off_due": hand_off_due,
    }


def _make_delivery_row(message: str, planned: PlannedDelivery, *, urgent: bool) -> dict[str, Any]:
    return {
        "id": _make_id(message, planned.place),
        "message": message,
        "place": planned.place,
        "method": planned.address.method,
        "target": planned.address.target,
        "urgent": urgent,
        "state": DeliveryState.WAITING.value,
        "due_at": planned.due,
        "held": planned.held,
        "attempts": 0,
        "bundled": False,
        "detail": "",
    }


def _list_messages(event: object, *, urgent: bool) -> Iterator[_Message]:
    """Yield the messages of an event. What is about a ticket of a severity that pages is urgent."""
    if isinstance(event, NoticeSent):
        notice = event.notice
        for username in notice.people:
            yield _Message(username, notice.kind, notice.text, notice.urgent)
    elif isinstance(event, Paged) and event.person is not None:
        yield _Message(event.person, PAGE, event.why, urgent)
    elif isinstance(event, StepTaken) and (event.outcome, event.action) == (FIRED, NOTIFY):
        for username in event.people:
            yield _Message(username, NOTICE, event.description, urgent)


def _make_id(*parts: object) -> str:
    """Return an identity that no other message or delivery has, on this desk or another."""
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:_ID_LENGTH]
