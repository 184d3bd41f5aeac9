"""The commands by which every message that arrives is accounted for, and what waits is settled."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.command import EVERYBODY, ArgumentType, Command, argument
from supportdesk.tickets.documents import Role
from supportdesk.tickets.incoming_message import SETTLED, IncomingMessage


@dataclass(frozen=True, slots=True)
class AccountMessage(Command):
    """Record a message that arrived, what became of it and why, and keep its original.

    The `message` needs no key, no digest and size of its `original`, and nobody who decided: these follow. A message
    that was recorded before stays as it is, and the command counts as repeated.
    """

    tag = "account message"
    needs = frozenset({Role.ADMINISTRATOR})
    open_to_services = frozenset({INTAKE.key})

    message: IncomingMessage
    original: bytes


@dataclass(frozen=True, slots=True)
class SettleMessage(Command):
    """Settle a message in quarantine, one that was set aside because it could not be read, or a voicemail.

    Its ticket was logged, it is a customer's message on a ticket, or it is refused (a voicemail: dismissed) with a
    reason.
    """

    tag = "settle message"
    title = "Settle a message"
    needs = EVERYBODY

    key: str = argument("the message, by key", value_type=ArgumentType.KEY)
    state: str = argument("what became of it", choices=tuple(each.value for each in SETTLED))
    ref: str | None = argument("the ticket that it is on", value_type=ArgumentType.TICKET, default=None)
    reason: str = argument("why, in a sentence", default="")
    contact: str | None = argument(
        "the contact who sent it, by key", value_type=ArgumentType.CONTACT, default=None
    )
