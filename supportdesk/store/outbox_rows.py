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
from supportdesk.tickets.documents import NOTICE, PAGE, Person
from supportdesk.tickets.events import Paged, StepTaken
from supportdesk.tickets.events.escalation import FIRED
from supportdesk.tickets.outbox.delivery import DeliveryState
from supportdesk.tickets.outbox.plan import find_hand_off_limit, plan_deliveries
from supportdesk.tickets.records.events import NoticeSent

INFORMING = (Paged, StepTaken, NoticeSent)
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
    for message in _list_messages(source.event, urgent=reach.urgent):
        identity = _make_id(source.command_id, source.seq, message.person)
        person = reach.find_person(message.person)
        planned = (
            plan_deliveries(person, at, reach.timezone, urgent=message.urgent) if person is not None else []
        )
        is_awaited = message.kind == PAGE and source.ref is not None and person is not None
        row = {
            "id": identity,
            "seq": source.seq,
            "ref": source.ref,
            **msgspec.structs.asdict(message),
            "at": at,
            "hand_off_due": find_hand_off_limit(planned, at) if is_awaited else None,
        }
        deliveries = [
            {
                "id": _make_id(identity, each.place),
                "message": identity,
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
        yield MessageRows(row, deliveries)


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
