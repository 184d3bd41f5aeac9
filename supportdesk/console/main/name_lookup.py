"""Names that nothing in the queue has, looked up on the desk: a customer may be there without a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.queue.filter.vocabulary import LookedUp

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskApi

_LOOKED_THROUGH = 200
_NEAR = 3


class DeskNames:
    """What the desk has said of names, and which it is still to be asked about."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], LookedUp] = {}
        self._wanted: dict[tuple[str, str], None] = {}

    @property
    def wanted(self) -> bool:
        """Whether there is something to ask."""
        return bool(self._wanted)

    def clear(self) -> None:
        """Forgets everything: the desk may know others by now."""
        self._said, self._wanted = {}, {}

    def look_up(self, field: str, value: str) -> LookedUp | None:
        """Returns what the desk knows of a name; None while it is to be asked."""
        found = self._said.get((field, value))
        if found is None:
            self._wanted[field, value] = None
        return found

    def ask(self, door: DeskApi) -> None:
        """Asks for every wanted name. It blocks; raises DeskUnavailableError."""
        for field, value in list(self._wanted):
            found = _customers(door, value) if field == "org" else _contacts(door, value)
            self._said[field, value] = found
            self._wanted.pop((field, value), None)


def _customers(door: DeskApi, value: str) -> LookedUp:
    from supportdesk.tickets.documents import Organisation
    from supportdesk.tickets.folding import begins

    listed = door.listed(Organisation, value, _LOOKED_THROUGH).documents
    if any(begins(value, each.name) for each in listed if isinstance(each, Organisation)):
        return LookedUp(exists=True)
    return LookedUp(exists=False, near=tuple(each.name for each in door.find_organisations(value, _NEAR)))


def _contacts(door: DeskApi, value: str) -> LookedUp:
    from supportdesk.tickets.documents import Contact
    from supportdesk.tickets.folding import begins

    listed = door.listed(Contact, value, _LOOKED_THROUGH).documents
    if any(begins(value, each.name) for each in listed if isinstance(each, Contact)):
        return LookedUp(exists=True)
    near = tuple(each.contact.name for each in door.find_callers(value, _NEAR))
    return LookedUp(exists=False, near=near)
