"""Checks how somebody can be reached: which telephone numbers and email addresses can be valid."""

from __future__ import annotations

from supportdesk.sla.policy import Policy
from supportdesk.tickets.documents import Contact, Person
from supportdesk.tickets.person_addresses import MAIL

_BY_TELEPHONE = frozenset({"sms", "call"})
"""The methods whose targets are telephone numbers, as the manual names them."""


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


def find_new_addresses_fault(policy: Policy, person: Person, known: Person | None) -> str | None:
    """Return why a new address of a member of staff cannot be valid; None where each can.

    By `mail` pages go to an email address, by `sms` and `call` to a telephone number. What other methods take as a
    target is only known where their programs and services are set up.
    """
    kept = known.addresses if known is not None else ()
    for each in person.addresses:
        if each in kept:
            continue
        number = each.target if each.method in _BY_TELEPHONE and not _is_uri(each.target) else ""
        fault = find_contact_details_fault(policy, number, each.target if each.method == MAIL else "")
        if fault is not None:
            return f"{each.method}: {fault}"
    return None


def _is_uri(target: str) -> bool:
    return target.startswith(("sip:", "sips:"))


def find_contact_details_fault(policy: Policy, number: str, address: str) -> str | None:
    """Return why a new number or address cannot be valid; None where both can, or are empty."""
    # Imported here because most commands name neither.
    from supportdesk.tickets import mail_address, telephone

    faults = (telephone.find_fault(number, telephone.home_region(policy)), mail_address.find_fault(address))
    return "; ".join(filter(None, faults)) or None
