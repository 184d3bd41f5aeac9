"""What may be done: whether an actor may erase a contact, and whether what was begun before an erasure may be sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from supportdesk.store import schema
from supportdesk.store.decision_inputs import load_case_records
from supportdesk.store.erasure.attestation import has_erasure_since
from supportdesk.store.reference_data import ReferenceData
from supportdesk.tickets.actors import Actor
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.permissions import refuse_actor
from supportdesk.tickets.records.commands import EraseContact
from supportdesk.tickets.records.contact_rules import refuse_erasure
from supportdesk.tickets.refusal import Refusal


def find_contact(
    connection: Connection, actor: Actor, command: EraseContact, data: ReferenceData, now: datetime
) -> Contact | Refusal:
    """Return the contact that the command erases, or why not.

    Raises DeskUnavailableError on the desk of a newer program: its events may have something of the contact elsewhere.
    """
    schema.require_complete(connection, "an erasure")
    records = load_case_records(connection, data, command, None, {})
    case = DecisionContext(now, actor, data.policy_at(now), records)
    refusal = refuse_actor(case, EraseContact) or refuse_erasure(case, command)
    return refusal or records.contacts[command.contact]


def refuse_begun_before(connection: Connection, begun: int) -> Refusal | None:
    """Return why nothing may be sent that was begun when event number `begun` was the last; None where it may.

    Nobody can tell any more whom a text names that was typed before an erasure.
    """
    if not has_erasure_since(connection, begun):
        return None
    return Refusal(
        "a contact was erased after this was begun, and may be named in it: nothing was saved; begin again"
    )
