"""Looks up names on the desk that no ticket in the queue has: a customer may have no open ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.queue.filter.vocabulary import LookedUp

if TYPE_CHECKING:
    from supportdesk.desk_api import Searches

_MOST_SEARCHED = 200
_MOST_SIMILAR = 3


class DeskNames:
    """Caches the desk's answers about names, and collects the names to ask about."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], LookedUp] = {}
        self._pending: dict[tuple[str, str], None] = {}

    @property
    def has_pending(self) -> bool:
        """Whether there are names to ask about."""
        return bool(self._pending)

    def clear(self) -> None:
        """Empty the cache, since customers may have been added."""
        self._answers, self._pending = {}, {}

    def look_up(self, field: str, value: str) -> LookedUp | None:
        """Return what the desk knows of a name; None if it must be asked first, by `ask`."""
        found = self._answers.get((field, value))
        if found is None:
            self._pending[field, value] = None
        return found

    def ask(self, desk: Searches) -> None:
        """Ask the desk for every pending name. Blocks; raises DeskUnavailableError."""
        for field, value in list(self._pending):
            found = _customers(desk, value) if field == "org" else _contacts(desk, value)
            self._answers[field, value] = found
            self._pending.pop((field, value), None)


def _customers(desk: Searches, value: str) -> LookedUp:
    from supportdesk.tickets.documents import Organisation
    from supportdesk.tickets.folding import begins

    listed = desk.find_records(Organisation, value, _MOST_SEARCHED).documents
    if any(begins(value, each.name) for each in listed if isinstance(each, Organisation)):
        return LookedUp(exists=True)
    return LookedUp(
        exists=False, near=tuple(each.name for each in desk.find_organisations(value, _MOST_SIMILAR))
    )


def _contacts(desk: Searches, value: str) -> LookedUp:
    from supportdesk.tickets.documents import Contact
    from supportdesk.tickets.folding import begins

    listed = desk.find_records(Contact, value, _MOST_SEARCHED).documents
    if any(begins(value, each.name) for each in listed if isinstance(each, Contact)):
        return LookedUp(exists=True)
    near = tuple(each.contact.name for each in desk.find_callers(value, _MOST_SIMILAR))
    return LookedUp(exists=False, near=near)
