"""What `/` does: narrows the queue as one types, and goes to a ticket whose reference was typed, be it closed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from supportdesk.console.keys.refusal_text import bound_key
from supportdesk.console.main.name_lookup import DeskNames
from supportdesk.console.queue.filter.filter import Filter
from supportdesk.console.queue.filter.vocabulary import Vocabulary
from supportdesk.console.queue.filter_bar import FINDS, NARROWS, FilterBar

if TYPE_CHECKING:
    from supportdesk.console.queue.filter.completion import Completions
    from supportdesk.console.queue.filter.errors import FilterError
    from supportdesk.console.queue.find_next import Match
    from supportdesk.console.queue.widget import QueueList
    from supportdesk.console.session import Session
    from supportdesk.store.read_models import TicketView

Read = Callable[[str], Awaitable["TicketView | None"]]
"""Reads a ticket; says why and gives None where it cannot be read."""


class FilterController:
    """Joins the line in which one types to the queue."""

    def __init__(
        self, line: FilterBar, queue: QueueList, read: Read, say: Callable[[str, bool], None]
    ) -> None:
        self._line = line
        self._queue = queue
        self._read = read
        self._say = say
        line.offered, line.typed, line.saved = self._offers, self._typed, self._save
        self._session: Session | None = None
        self.vocabulary = Vocabulary()
        self._narrowed = ""
        self._sought = Filter()
        self._sought_from: str | None = None
        """The ticket from which one seeks, empty for none; None while one does not."""
        self._found: Match | None = None
        self._names = DeskNames()
        self._reads_closed = False
        self._told_of = ""

    def begin(self, session: Session) -> None:
        """Gives the operator the views that the settings name; says which of them are left out, and why."""
        from supportdesk.console.queue.views import own_views, standard_views

        self._session = session
        self._update_vocabulary()
        wanted = [(view.name, view.filter) for view in session.settings.views]
        if wanted:
            views = standard_views(self.vocabulary)
            own, wrong = own_views(wanted, views, self.vocabulary)
            session.model.look_through([*views, *own])
            if wrong:
                self._line.notify(
                    "\n".join(wrong),
                    title="Ignored in your settings",
                    severity="warning",
                    timeout=15,
                    markup=False,
                )

    def _update_vocabulary(self) -> None:
        """Takes in the names that there are at the desk now."""
        from supportdesk.console.queue.vocabulary import vocabulary_of

        session = self._session
        if session is not None:
            self._names.clear()
            self.vocabulary = vocabulary_of(
                session.username,
                session.door.policies.values(),
                session.roster,
                session.model.book,
                look_up=self._names.look_up,
                zone=session.zone,
                now=session.now,
            )

    def _offers(self, text: str, cursor: int) -> Completions:
        from supportdesk.console.queue.filter.completion import offers

        return offers(text, cursor, self.vocabulary)

    def open(self) -> None:
        """Begins to type what the queue is narrowed to."""
        self._sought_from = None
        self._update_vocabulary()
        self._line.open(NARROWS, self._narrowed)
        self.tell()

    def seek(self, by: int) -> None:
        """Begins to type what to go to; with 1 goes to the next ticket that it fits, with -1 to the one before."""
        if by:
            self._go_on(by)
            return
        model = self._queue.model
        self._sought_from = model.ticket.row.ref if model is not None and model.ticket is not None else ""
        self._update_vocabulary()
        self._line.open(FINDS, "")
        self.tell()

    def look_at(self, text: str) -> None:
        """Shows the tickets that a text means, as if it had been typed and kept, with the cursor among them."""
        self._narrow_to(text)
        self._queue.focus()

    def _narrow_to(self, text: str) -> None:
        from supportdesk.console.queue.filter.parser import parse

        self._narrowed, self._sought_from = text, None
        self._line.rest(NARROWS, text)
        self._queue.narrow(parse(text, self.vocabulary).filter)
        self.tell()

    def _typed(self, text: str) -> None:
        """Shows what a text leaves of the queue, or goes to the first ticket that it fits; what cannot be understood is
        said in the line, and the rest of the text holds.
        """
        from supportdesk.console.queue.filter.parser import parse

        read = parse(text, self.vocabulary)
        self._line.wrong(self._fault(text))
        if self._names.wanted and self._session is not None:
            self._line.run_worker(self._ask_for_names(self._session, text), group="names", exclusive=True)
        if self._sought_from is None:
            self._narrowed = text
            self._queue.narrow(read.filter)
        else:
            self._sought = read.filter
            self._queue.go_back_to(self._sought_from)
            if read.filter:
                self._found = self._queue.seek(read.filter, 1, here=True)
        self.tell()

    def _fault(self, text: str) -> FilterError | None:
        """The first thing that is wrong with a text, also that none of what is sought can be found here."""
        from supportdesk.console.queue.filter.parser import parse

        read, model = parse(text, self.vocabulary), self._queue.model
        if read.faults or self._sought_from is None or model is None:
            return read.faults[0] if read.faults else None
        if not read.filter.asks_for_closed or model.asks_for_closed:
            return None
        from supportdesk.console.queue.filter.errors import FilterError

        key = bound_key("desk.filter", self._session.keys) if self._session is not None else NARROWS
        return FilterError(
            0, len(text), f"closed tickets are not in this view; {key} with is:closed lists them"
        )

    async def _ask_for_names(self, session: Session, text: str) -> None:
        """Asks the desk for the names that nothing in the queue has, and reads the text again."""
        from supportdesk.desk_api import DeskUnavailableError

        try:
            await asyncio.to_thread(self._names.ask, session.door)
        except DeskUnavailableError:
            return
        if self._line.text != text:
            return
        if self._line.is_typed_in:
            self._typed(text)
            return
        from supportdesk.console.queue.filter.parser import parse

        if faults := parse(text, self.vocabulary).faults:
            self._say(f"{faults[0].message}.", True)

    def _read_closed(self) -> None:
        """Reads the tickets that were closed last, where they are asked for and not there yet."""
        session, model = self._session, self._queue.model
        if session is None or model is None or self._reads_closed or model.book.closed.loaded or session.lost:
            return
        if model.asks_for_closed or any(view.filter.asks_for_closed for view in model.book.views):
            self._reads_closed = True
            self._line.run_worker(self._load_closed(session), group="closed")

    def _tell_of_closed(self) -> None:
        """Says once of a view that asks for closed tickets that it does not look through all of them."""
        model = self._queue.model
        if model is None or not model.book.closed.loaded:
            return
        view, before, self._told_of = model.view, self._told_of, model.view.name
        if view.name != before and view.filter.asks_for_closed and not model.book.closed.are_all:
            count = len(model.book.closed.entries)
            self._say(f"Only the newest {count:,} closed tickets are searched.", False)

    async def _load_closed(self, session: Session) -> None:
        from supportdesk.console.queue.closed_tickets import NEWEST
        from supportdesk.desk_api import DeskUnavailableError

        try:
            rows = await asyncio.to_thread(session.door.closed, NEWEST + 1)
        except DeskUnavailableError:
            # They are read when the desk is back.
            return
        finally:
            self._reads_closed = False
        self._queue.load_closed(rows)
        self.tell()

    def _go_on(self, by: int) -> None:
        if not self._sought:
            key = bound_key("desk.seek", self._session.keys) if self._session is not None else "'"
            self._say(f"There is no search to repeat; press {key} to start one.", True)
            return
        found = self._queue.seek(self._sought, by)
        if found is None:
            self._say(f"No ticket in this view matches {self._sought}.", True)
        elif found.around:
            self._say(
                "Search continued from the top." if by > 0 else "Search continued from the bottom.", False
            )

    def close(self) -> bool:
        """Takes the filter back, or goes back to where one was before one sought; False where there is neither."""
        if not self._line.is_open:
            return False
        if self._sought_from is not None:
            self._queue.go_back_to(self._sought_from)
            self._end_seeking()
        else:
            self._narrow_to("")
        self._queue.focus()
        return True

    def keep(self, text: str) -> bool:
        """Goes back to the queue with the filter on, or to what was found; False where something is wrong with it.

        A filter without words is closed.
        """
        if self._fault(text) is not None:
            self._line.insist()
            return False
        if self._sought_from is not None:
            self._end_seeking()
        elif not text.strip():
            self._narrow_to("")
        self._queue.focus()
        return True

    def _save(self, text: str) -> None:
        """Asks how the tickets that are left are to be called, as a view."""
        from supportdesk.console.queue.filter.parser import parse
        from supportdesk.console.queue.save_view_dialog import SaveViewDialog

        model, read = self._queue.model, parse(text, self.vocabulary)
        if read.faults:
            self._line.insist()
        elif model is None or not read.filter:
            self._say("Type a filter first, then save it as a view.", True)
        else:
            within = model.view.filter if self._sought_from is None else Filter()
            wanted = within + read.filter
            names = [view.name for view in model.book.views]
            self._line.app.push_screen(SaveViewDialog(names, str(wanted)), partial(self._named, wanted))

    def _named(self, wanted: Filter, name: str | None) -> None:
        model = self._queue.model
        if name is None or model is None:
            return
        from supportdesk.console.queue.views import View

        model.look_through([*model.book.views, View(name, wanted)])
        self._sought_from = None
        self._narrow_to("")
        self._queue.look_at(name)
        self._queue.focus()
        self._line.post_message(FilterBar.Named(name, str(wanted)))

    def _end_seeking(self) -> None:
        self._sought_from = None
        self._line.rest(NARROWS, self._narrowed)
        self.tell()

    def tell(self) -> None:
        """Says how many tickets are left, or whether one was found."""
        model = self._queue.model
        self._read_closed()
        self._tell_of_closed()
        if model is None or not self._line.is_open:
            return
        if self._sought_from is None:
            if not (model.filter or self._line.is_typed_in):
                # Somebody went to a ticket that the filter hid.
                self._narrowed = ""
                self._line.rest(NARROWS, "")
            if model.asks_for_closed:
                self._line.found(model.book.closed.told(model.matches))
                return
            of = model.book.held[model.view.name]
            self._line.found(f"{model.matches:,}{'…' if model.unfinished else ''} of {of:,}")
        elif not self._line.text.strip():
            self._line.found("")
        else:
            self._line.found("no match" if self._found is None else "")

    async def go_to(self, text: str, sign: str) -> TicketView | None:
        """Puts the cursor on the ticket of a reference, or reads it where it is not in the queue.

        Any other text stays what it was typed for, `sign`, and so does a word that happens to be a reference while
        tickets have it.
        """
        from supportdesk.tickets import reference

        model = self._queue.model
        if model is None:
            return None
        hit = self._found is not None if sign == FINDS else model.matches > 0
        meant = reference.is_meant(text)
        try:
            ref = reference.parse(text)
        except reference.BadReferenceError as error:
            if meant and not hit:
                self._say(str(error), True)
                if sign == NARROWS:
                    # It was misheard: whoever asks again has it there to correct.
                    self._line.open()
            return None
        if hit and not meant and len(text.split()) > 1:
            return None
        if self._queue.find(ref):
            if sign == NARROWS:
                self._narrow_to("")
            self.tell()
            return None
        view = None if hit else await self._read(ref)
        if view is not None and sign == NARROWS:
            self._narrow_to("")
        return view
