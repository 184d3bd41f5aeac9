"""The rules of contacts: who may be saved, and who can be erased."""

from __future__ import annotations

from supportdesk.tickets import remedies
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import ERASED_KEY
from supportdesk.tickets.reach import find_changed_details_fault
from supportdesk.tickets.records.commands import EraseContact, SaveContact
from supportdesk.tickets.records.decision import RecordDecision
from supportdesk.tickets.records.events import ContactSaved
from supportdesk.tickets.refusal import Refusal, either


def save_contact(case: DecisionContext, command: SaveContact) -> RecordDecision:
    """Decide that a contact is saved, unless they were erased."""
    if command.contact.organisation not in case.records.organisations:
        return Refusal(
            f"there is no customer {command.contact.organisation!r}", either(remedies.ADD_CUSTOMER)
        )
    known = case.records.contacts.get(command.contact.key)
    if known is not None and known.is_erased:
        return Refusal("this contact was erased; add them as a new one if they are to be registered again")
    if known is None and command.contact.key.startswith(ERASED_KEY):
        return Refusal(
            f"keys that begin with {ERASED_KEY!r} belong to contacts who were erased; choose another"
        )
    fault = find_changed_details_fault(case.policy, command.contact, known)
    if fault is not None:
        return Refusal(fault)
    return [ContactSaved(command.contact)]


def refuse_erasure(case: DecisionContext, command: EraseContact) -> Refusal | None:
    """Return why a contact cannot be erased; None where they can."""
    contact = case.records.contacts.get(command.contact)
    if contact is None:
        return Refusal(
            f"there is no contact {command.contact!r}: nothing is left of one who was erased before;"
            " `supportdesk contact list` shows the others"
        )
    if contact.is_erased:
        return Refusal("this contact was erased already; nothing of them is left to erase")
    return None
