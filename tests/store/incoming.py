"""Messages that arrived, for tests."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import msgspec
from sqlalchemy import select

from supportdesk.desk import Desk
from supportdesk.store import tables
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState
from supportdesk.tickets.records.incoming_commands import AccountMessage
from tests.store.desks import database_of, done
from tests.tickets.scenario import MONDAY_NINE

SUPPORT = "support@claritum.example"


def mail(text: str = "It does not print.", sender: str = "jo@acme.example", name: str = "Jo Smith") -> bytes:
    """A mail as it is sent."""
    message = EmailMessage()
    message["From"] = f"{name} <{sender}>"
    message["To"] = SUPPORT
    message["Subject"] = "The printer"
    message.set_content(text)
    return message.as_bytes()


def arrival(
    number: int = 1, state: MessageState = MessageState.QUARANTINE, *, original: bytes = b"", **fields: Any
) -> AccountMessage:
    """The command that records a message; its number tells it from others."""
    content = original or mail(f"Message {number}")
    known: dict[str, Any] = {
        "key": "",
        "source": SUPPORT,
        "source_kind": "imap",
        "identity": f"7:{number}",
        "state": state,
        "received_at": MONDAY_NINE,
        "message_id": f"<{number}@acme.example>",
        "content_digest": hashlib.sha256(content).hexdigest(),
        "sender_address": "jo@acme.example",
        "sender_name": "Jo Smith",
        "subject": "The printer",
        "reason": "the sender is not known",
    }
    return AccountMessage(IncomingMessage(**{**known, **fields}), content)


def account(desk: Desk, command: AccountMessage) -> IncomingMessage:
    """Record a message, and return it as it is stored."""
    done(desk, command, by=INTAKE.key)
    return next(
        each for each in stored(desk) if each.original == hashlib.sha256(command.original).hexdigest()
    )


def stored(desk: Desk) -> list[IncomingMessage]:
    """Every message of a desk, in the order in which they were recorded or settled last."""
    table = tables.incoming_messages.c
    found = database_of(desk).read(
        lambda connection: (
            connection.execute(select(table.document).order_by(table.changed_seq)).scalars().all()
        )
    )
    return [msgspec.json.decode(each, type=IncomingMessage) for each in found]


def originals(desk: Desk) -> dict[str, bytes]:
    """The attachments of a desk, by digest."""
    found = database_of(desk).read(lambda connection: connection.execute(select(tables.attachments)).all())
    return {row.digest: row.content for row in found}


def at(hour: int) -> datetime:
    """An hour of the tests' Monday."""
    return MONDAY_NINE.replace(hour=hour)
