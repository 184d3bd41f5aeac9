"""How somebody is reached: which telephone numbers and mail addresses can be kept at all."""

from __future__ import annotations

from supportdesk.sla.policy import Policy
from supportdesk.tickets import mail_address, telephone
from supportdesk.tickets.documents import Contact, Person


def find_new_reach_fault(
    policy: Policy, document: Person | Contact, known: Person | Contact | None
) -> str | None:
    """Return why a number or address of somebody cannot be valid; None where both can.

    What is `known` of them already is left as it is, whatever it is: only what is new is checked.
    """
    telephone_kept = known.telephone if known is not None else ""
    email_kept = known.email if known is not None else ""
    return find_reach_fault(
        policy,
        "" if document.telephone == telephone_kept else document.telephone,
        "" if document.email == email_kept else document.email,
    )


def find_reach_fault(policy: Policy, number: str, address: str) -> str | None:
    """Return why a new number or address cannot be valid; None where both can, or are empty."""
    faults = (telephone.fault(number, telephone.region(policy)), mail_address.fault(address))
    return "; ".join(filter(None, faults)) or None
