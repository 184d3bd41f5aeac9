"""Checks how somebody can be reached: which telephone numbers and email addresses can be valid."""

from __future__ import annotations

from supportdesk.sla.policy import Policy
from supportdesk.tickets.documents import Contact, Person


def find_changed_details_fault(
    policy: Policy, document: Person | Contact, known: Person | Contact | None
) -> str | None:
    """Return why a changed number or address cannot be valid; None where both can.

    The values of the `known` record are not checked again.
    """
    old_telephone = known.telephone if known is not None else ""
    old_email = known.email if known is not None else ""
    return find_contact_details_fault(
        policy,
        "" if document.telephone == old_telephone else document.telephone,
        "" if document.email == old_email else document.email,
    )


def find_contact_details_fault(policy: Policy, number: str, address: str) -> str | None:
    """Return why a new number or address cannot be valid; None where both can, or are empty."""
    # Imported here because most commands name neither.
    from supportdesk.tickets import mail_address, telephone

    faults = (telephone.find_fault(number, telephone.home_region(policy)), mail_address.find_fault(address))
    return "; ".join(filter(None, faults)) or None
