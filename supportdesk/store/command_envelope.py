"""A command on its way through a transaction: who gave it, when, and what it is decided on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from supportdesk.store import record_tables
from supportdesk.store.reference_data import ReferenceData
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.tickets.actors import SYSTEM, Actor
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.permissions import find_actor
from supportdesk.tickets.records.commands import SavePerson
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.sanitize import Truncation


class CommandEnvelope(msgspec.Struct, frozen=True):
    """A command with sanitized texts; `by` is the key of its actor, and `digest` tells it from every other command.

    `begun` is the number of the last event that the sender had read when they began to type it; None where nobody did.
    """

    command: Command
    cuts: tuple[Truncation, ...]
    by: str
    id: str
    digest: str
    begun: int | None = None


class HandlerContext(msgspec.Struct, frozen=True):
    """The present, in whole UTC seconds, and the loader of the reference data, called once the tickets are locked.

    `seen` is the last event before the transaction, None for a preview; the desk `is_newer` than this program.
    """

    now: datetime
    load_reference_data: Callable[[Connection], ReferenceData]
    seen: int | None = None
    is_newer: bool = False


def load_actor(unit: UnitOfWork, envelope: CommandEnvelope, context: HandlerContext) -> Actor | Refusal:
    """Load the reference data, and return who gives the command, or why there is nobody who can.

    The person who adds the first member of staff acts as the program itself.
    """
    unit.reference_data = context.load_reference_data(unit.connection)
    staff = unit.reference_data.staff
    is_first = not staff and isinstance(envelope.command, SavePerson)
    return find_actor(
        SYSTEM.key if is_first else envelope.by,
        staff,
        lambda key: record_tables.load(unit.connection, Contact, [key]).get(key),
    )
