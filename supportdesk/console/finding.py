"""What `/` does: narrows the queue as one types, and goes to a ticket whose reference was typed, be it closed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supportdesk.console.widgets.filter_line import FilterLine
    from supportdesk.console.widgets.queue_list import QueueList
    from supportdesk.store.views import TicketView

Read = Callable[[str], Awaitable["TicketView | None"]]
"""Reads a ticket; says why and gives None where it cannot be read."""


class Finding:
    """Joins the line in which one types to the queue."""

    def __init__(
        self, line: FilterLine, queue: QueueList, read: Read, say: Callable[[str, bool], None]
    ) -> None:
        self._line = line
        self._queue = queue
        self._read = read
        self._say = say

    def open(self) -> None:
        """Begins to type."""
        self._line.open()
        self.tell()

    def narrow(self, text: str) -> None:
        """Shows what a text leaves of the queue."""
        from supportdesk.console.queue import filter as filters

        self._queue.narrow(filters.parse(text))
        self.tell()

    def close(self) -> bool:
        """Takes the filter back; False where there is none."""
        if not self._line.is_open:
            return False
        self._line.clear()
        self._queue.focus()
        return True

    def keep(self, text: str) -> None:
        """Goes back to the queue with the filter on; one without words is closed."""
        if not text.strip():
            self._line.clear()
        self._queue.focus()

    def tell(self) -> None:
        """Says how many tickets are left."""
        model = self._queue.model
        if model is not None and self._line.is_open:
            self._line.found(model.matches, model.book.views[model.view], more=model.unfinished)

    async def go_to(self, text: str) -> TicketView | None:
        """Puts the cursor on the ticket of a reference, or reads it where it is not in the queue.

        Any other text stays a filter, and so does a word that happens to be a reference while tickets have it.
        """
        from supportdesk.tickets import reference

        try:
            ref = reference.parse(text)
        except reference.BadReferenceError as error:
            if (
                _is_meant_as_reference(text)
                and self._queue.model is not None
                and not self._queue.model.matches
            ):
                self._say(str(error), True)
            return None
        if self._queue.find(ref):
            self._line.clear()
            return None
        if self._queue.model is None or self._queue.model.matches:
            return None
        view = await self._read(ref)
        if view is not None:
            self._line.clear()
        return view


def _is_meant_as_reference(text: str) -> bool:
    """Whether somebody seems to read a reference out: one word with a digit, that begins as references do."""
    word = text.strip().upper()
    return word.startswith("CD") and " " not in word and any(character.isdigit() for character in word)
