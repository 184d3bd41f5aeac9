"""Which references a desk has given out, as far as its file, which may be damaged, still tells."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from supportdesk.store.sqlite import journal
from supportdesk.tickets import reference

_HIGHEST = (
    "SELECT ref FROM tickets ORDER BY length(ref) DESC, ref DESC LIMIT 1",
    "SELECT ref FROM ledger WHERE ref IS NOT NULL ORDER BY length(ref) DESC, ref DESC LIMIT 1",
)
_PLAUSIBLE = 100_000
"""How far the number in a damaged head may be above those of all tickets."""


def find_next_number(path: Path) -> int | None:
    """Return the number of the ticket that a desk would log next, or the highest it may be; None if nothing tells it.

    A journal beside the file is left alone: a ticket that was not committed was not given out.
    """
    highest = [found for query in _HIGHEST if (found := _number_after(path, query)) is not None]
    stated = _value(path, "SELECT next_ticket FROM head")
    known = max(highest, default=None)
    if type(stated) is int and 0 <= stated - (known or 0) <= _PLAUSIBLE:
        return stated
    return known


def _number_after(path: Path, query: str) -> int | None:
    """Return the number after that of the reference which a query finds."""
    found = _value(path, query)
    if isinstance(found, str):
        with suppress(reference.BadReferenceError):
            return reference.number(found) + 1
    return None


def _value(path: Path, query: str) -> object:
    """Return the value that a query finds; None where there is none, or the file cannot be read that far."""
    try:
        with closing(journal.open_raw(path, "mode=ro&immutable=1")) as desk:
            found = desk.execute(query).fetchone()
    except (sqlite3.Error, ValueError):
        return None
    return found[0] if found is not None else None
