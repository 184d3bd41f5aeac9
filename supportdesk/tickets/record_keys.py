"""Makes keys of records from their names; two records never share a key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from supportdesk.tickets.folding import same_name
from supportdesk.tickets.transliteration import latin

CUSTOMER, CONTACT, PERSON = "customer", "contact", "person"
"""The key for a name that has no letter for a key."""

_LONGEST = 60
_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")


def slug(name: str, otherwise: str) -> str:
    """Return a name as a key: lower-case Latin words joined by dashes; `otherwise` where nothing is left."""
    written = _NOT_IN_KEYS.sub("-", latin(name)).strip("-")[:_LONGEST].rstrip("-")
    return written or otherwise


def free_key(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """Return a key that is not taken: `wanted`, with the next free number added if necessary."""
    key, number = wanted, 1
    while is_taken(key):
        number += 1
        key = f"{wanted}-{number}"
    return key


def keys_named(name: str, among: Iterable[tuple[str, str]]) -> list[str]:
    """Return the keys of the (key, name) pairs with exactly this name; accents count, case and spacing do not."""
    wanted = same_name(name)
    return [key for key, other in among if same_name(other) == wanted]
