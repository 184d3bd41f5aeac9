"""Where messages reach a member of staff. Apart from what parses addresses, so that a queue is shown without that."""

from __future__ import annotations

from supportdesk.tickets.documents import Address, Person

MAIL = "mail"
"""The method by which a person without addresses is reached, at their email address."""


def list_addresses(person: Person) -> tuple[Address, ...]:
    """Return where messages reach a person, in order: at their email address where nothing else is given."""
    if person.addresses:
        return person.addresses
    return (Address(MAIL, person.email),) if person.email else ()
