"""What `/` does: narrows the queue as one types, and goes to a ticket whose reference was typed, be it closed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from supportdesk.console.queue.filtering.vocabulary import Vocabulary

if TYPE_CHECKING:
    from supportdesk.console.session import Session
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
        self.vocabulary = Vocabulary()

    def begin(self, session: Session) -> None:
        """Learns the names of a desk, and gives the operator the views that the settings name.

        Says which of them are left out, and why.
        """
        from supportdesk.console.desk_vocabulary import vocabulary_of
        from supportdesk.console.queue.views import own_views, standard_views

        model = session.model
        self.vocabulary = vocabulary_of(
            session.username, session.door.policies.values(), session.roster, model.book
        )
        wanted = [(view.name, view.filter) for view in session.settings.views]
        if wanted:
            views = standard_views(self.vocabulary)
            own, wrong = own_views(wanted, views, self.vocabulary)
            model.look_through([*views, *own])
            if wrong:
                self._say(f"In your settings {'; '.join(wrong)}.", True)

    def open(self) -> None:
        """Begins to type."""
        self._line.open()
        self.tell()

    def look_at(self, text: str) -> None:
        """Shows the tickets that a text means, with the cursor among them."""
        self._line.write(text)
        self.narrow(text)
        self._queue.focus()

    def narrow(self, text: str) -> None:
        """Shows what a text leaves of the queue."""
        from supportdesk.console.queue.filtering.parser import parse

        self._queue.narrow(parse(text, self.vocabulary).filter)
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
            self._line.found(model.matches, model.book.held[model.view.name], more=model.unfinished)

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
