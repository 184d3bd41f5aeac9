"""A request from somebody the desk does not know yet: who is taken in with it, and under what key."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace

from supportdesk.tickets.people import Contact, Organisation
from supportdesk.tickets.process.triage import Log

_LONGEST_SLUG = 60
_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")


def slug(name: str) -> str:
    """A name as a key: lower case, without accents, words joined by dashes; `unnamed` where nothing is left."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return _NOT_IN_SLUGS.sub("-", plain).strip("-")[:_LONGEST_SLUG].rstrip("-") or "unnamed"


def organisation_named(name: str, taken: Callable[[str], bool]) -> Organisation:
    """A new customer; `taken` tells whether a key is in use."""
    return Organisation(_free(slug(name), taken), name)


def contact_named(command: Log, organisation: str, taken: Callable[[str], bool]) -> Contact:
    """The contact that a request names, not checked by anybody yet."""
    return Contact(
        key=_free(f"{organisation}.{slug(command.contact)}", taken),
        organisation=organisation,
        name=command.contact,
        telephone=command.contact_telephone,
        email=command.contact_email,
        registered=False,
    )


def same_name(name: str, among: Iterable[tuple[str, str]]) -> str | None:
    """The key, of (key, name) pairs, that goes with a name whatever its case; None where none does."""
    wanted = name.casefold()
    return next((key for key, other in among if other.casefold() == wanted), None)


def with_keys(command: Log, organisation: str, contact: str) -> Log:
    """The request with keys in place of names."""
    return replace(command, organisation=organisation, contact=contact, new_organisation=False)


def _free(wanted: str, taken: Callable[[str], bool]) -> str:
    key, number = wanted, 1
    while taken(key):
        number += 1
        key = f"{wanted}-{number}"
    return key
