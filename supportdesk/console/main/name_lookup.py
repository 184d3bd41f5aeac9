"""Looks up names on the desk that no ticket in the queue has: a customer may have no open ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.queue.filter.vocabulary import LookedUp

if TYPE_CHECKING:
    from supportdesk.desk_api import Searches

_LOOKED_THROUGH = 200
_NEAR = 3


class DeskNames:
    """Caches what the desk knows of names, and collects the names to ask about."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], LookedUp] = {}
        self._wanted: dict[tuple[str, str], None] = {}

    @property
    def wanted(self) -> bool:
        """Whether there are names to ask about."""
        return bool(self._wanted)

    def clear(self) -> None:
        """Empty the cache, since customers may have been added."""
        self._said, self._wanted = {}, {}

    def look_up(self, field: str, value: str) -> LookedUp | None:
        """Return what the desk knows of a name; None if it must be asked first, by `ask`."""
        found = self._said.get((field, value))
        if found is None:
            self._wanted[field, value] = None
        return found

    def ask(self, desk: Searches) -> None:
        """Ask the desk for every wanted name. Blocks; raises DeskUnavailableError."""
        for field, value in list(self._wanted):
            found = _customers(desk, value) if field == "org" else _contacts(desk, value)
            self._said[field, value] = found
            self._wanted.pop((field, value), None)


def _customers(desk: Searches, value: str) -> LookedUp:
    from supportdesk.tickets.documents import Organisation
    from supportdesk.tickets.folding import begins

    listed = desk.find_records(Organisation, value, _LOOKED_THROUGH).documents
    if any(begins(value, each.name) for each in listed if isinstance(each, Organisation)):
        return LookedUp(exists=True)
    return LookedUp(exists=False, near=tuple(each.name for each in desk.find_organisations(value, _NEAR)))


def _contacts(desk: Searches, value: str) -> LookedUp:
    from supportdesk.tickets.documents import Contact
    from supportdesk.tickets.folding import begins

    listed = desk.find_records(Contact, value, _LOOKED_THROUGH).documents
    if any(begins(value, each.name) for each in listed if isinstance(each, Contact)):
        return LookedUp(exists=True)
    near = tuple(each.contact.name for each in desk.find_callers(value, _NEAR))
    return LookedUp(exists=False, near=near)
