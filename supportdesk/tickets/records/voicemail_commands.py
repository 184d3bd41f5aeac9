"""The commands on voicemails and missed calls, besides those on every message that arrives."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.command import EVERYBODY, ArgumentType, Command, argument
from supportdesk.tickets.documents import Role
from supportdesk.tickets.incoming_message import IncomingMessage


@dataclass(frozen=True, slots=True)
class RecordMissedCall(Command):
    """Record a call that rang and that nobody answered, so that somebody calls back.

    The `message` has the caller as its sender and when they called; it needs no key, no state and nobody who decided.
    """

    tag = "record missed call"
    needs = EVERYBODY

    message: IncomingMessage


@dataclass(frozen=True, slots=True)
class MarkHeard(Command):
    """Say that you have listened to a voicemail; what becomes of it is still to be decided."""

    tag = "mark voicemail heard"
    title = "Mark a voicemail as heard"
    needs = EVERYBODY

    key: str = argument("the voicemail, by key", value_type=ArgumentType.KEY)


@dataclass(frozen=True, slots=True)
class AddTranscript(Command):
    """Add what a program wrote down of a voicemail. It decides nothing."""

    tag = "add transcript"
    needs = frozenset({Role.ADMINISTRATOR})
    open_to_services = frozenset({INTAKE.key})

    key: str = argument("the voicemail, by key", value_type=ArgumentType.KEY)
    text: str = argument("what the program wrote down", value_type=ArgumentType.TEXT)
