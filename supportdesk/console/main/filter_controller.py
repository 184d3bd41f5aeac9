"""What `/` does: filters the queue as the operator types, and opens a ticket by its reference, closed ones too."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from supportdesk.console.keys.focus import focus_at_once
from supportdesk.console.keys.key import Key
from supportdesk.console.keys.keymap import KEYS
from supportdesk.console.main.closed_loader import ClosedTicketLoader
from supportdesk.console.main.find_controller import FindController
from supportdesk.console.main.name_lookup import DeskNames
from supportdesk.console.queue.filter.filter import Filter
from supportdesk.console.queue.filter.vocabulary import Vocabulary
from supportdesk.console.queue.filter_bar import FINDS, NARROWS, FilterBar
from supportdesk.console.workers import start_worker

if TYPE_CHECKING:
    from supportdesk.console.dialogs.sequence import DialogSequence
    from supportdesk.console.queue.filter.completion import Completions
    from supportdesk.console.queue.filter.errors import FilterError
    from supportdesk.console.queue.save_view_dialog import SaveViewDialog
    from supportdesk.console.queue.widget import QueueList
    from supportdesk.console.session import Session
    from supportdesk.store.read_models import TicketView

LoadTicket = Callable[[str], Awaitable["TicketView | None"]]
"""Reads a ticket by its reference; shows why and returns None if it cannot be read."""


class FilterController:
    """Applies what is typed in the filter bar to the queue: as a filter, a search, a reference or a new view."""

    def __init__(
        self,
        filter_bar: FilterBar,
        queue: QueueList,
        load_ticket: LoadTicket,
        show_message: Callable[[str, bool], None],
    ) -> None:
        self._filter_bar = filter_bar
        self._queue = queue
        self._load_ticket = load_ticket
        self._show_message = show_message
        filter_bar.complete, filter_bar.on_typed, filter_bar.on_save = (
            self._completions,
            self._apply_typed,
            self._ask_for_view_name,
        )
        self._session: Session | None = None
        self.vocabulary = Vocabulary()
        self._text = ""
        """The text of the filter that is applied to the queue."""
        self._names = DeskNames()
        self._find = FindController(queue, show_message, self._keys)
        self._closed = ClosedTicketLoader(filter_bar, queue, show_message, self.show_count)

    def _keys(self) -> Sequence[Key]:
        return self._session.keys if self._session is not None else KEYS

    def begin(self, session: Session) -> None:
        """Add the views of the operator's settings; notify which of them are ignored, and why."""
        from supportdesk.console.queue.views import parse_user_views, standard_views

        self._session = session
        self._update_vocabulary()
        texts = [(view.name, view.filter) for view in session.settings.views]
        if texts:
            views = standard_views(self.vocabulary)
            user_views, errors = parse_user_views(texts, views, self.vocabulary)
            session.model.set_views([*views, *user_views])
            if errors:
                self._filter_bar.notify(
                    "\n".join(errors),
                    title="Ignored in your settings",
                    severity="warning",
                    timeout=15,
                    markup=False,
                )

    def _update_vocabulary(self) -> None:
        """Read the names that exist at the desk now."""
        from supportdesk.console.queue.desk_vocabulary import vocabulary_of

        session = self._session
        if session is not None:
            self._names.clear()
            self.vocabulary = vocabulary_of(
                session.username,
                session.desk.policies.values(),
                session.roster,
                session.model.index,
                look_up=self._names.look_up,
                zone=session.zone,
                now=session.now,
            )

    def _completions(self, text: str, cursor: int) -> Completions:
        from supportdesk.console.queue.filter.completion import completions

        return completions(text, cursor, self.vocabulary)

    def open(self) -> None:
        """Open the filter bar to type a filter."""
        self._find.end()
        self._update_vocabulary()
        self._filter_bar.open(NARROWS, self._text)
        self.show_count()

    def find(self, by: int) -> None:
        """Open the filter bar to type a search; with 1 go to the next match, with -1 to the previous one."""
        if by:
            self._find.step(by)
            return
        self._find.begin()
        self._update_vocabulary()
        self._filter_bar.open(FINDS, "")
        self.show_count()

    def show_tickets(self, text: str) -> None:
        """Apply a filter, and focus the queue."""
        self._filter_by(text)
        focus_at_once(self._queue)

    def _filter_by(self, text: str) -> None:
        from supportdesk.console.queue.filter.parser import parse

        self._text = text
        self._find.end()
        self._filter_bar.show_text(NARROWS, text)
        self._queue.apply_filter(parse(text, self.vocabulary).filter)
        self.show_count()

    def _apply_typed(self, text: str) -> None:
        """Filter the queue by a text, or move to its first match. A faulty part is shown; the rest applies."""
        from supportdesk.console.queue.filter.parser import parse

        parsed = parse(text, self.vocabulary)
        self._filter_bar.set_error(self._fault(text))
        if self._names.has_pending and self._session is not None:
            start_worker(
                self._filter_bar, self._ask_for_names, self._session, text, group="names", exclusive=True
            )
        if self._find.is_active:
            self._find.search(parsed.filter)
        else:
            self._text = text
            self._queue.apply_filter(parsed.filter)
        self.show_count()

    def _fault(self, text: str) -> FilterError | None:
        """Return the first error in a text, or None."""
        from supportdesk.console.queue.filter.parser import parse

        parsed = parse(text, self.vocabulary)
        if parsed.faults:
            return parsed.faults[0]
        return self._find.fault(text, parsed.filter) if self._find.is_active else None

    async def _ask_for_names(self, session: Session, text: str) -> None:
        """Ask the desk for the names that are not in the queue, and parse the text again."""
        from supportdesk.desk_api import DeskUnavailableError

        try:
            await asyncio.to_thread(self._names.ask, session.desk)
        except DeskUnavailableError:
            return
        if self._filter_bar.text != text:
            return
        if self._filter_bar.is_typed_in:
            self._apply_typed(text)
            return
        from supportdesk.console.queue.filter.parser import parse

        if faults := parse(text, self.vocabulary).faults:
            self._show_message(f"{faults[0].message}.", True)

    def close(self) -> bool:
        """Clear the filter, or cancel the search. Returns False if neither is open."""
        if not self._filter_bar.is_open:
            return False
        if self._find.is_active:
            self._find.cancel()
            self._show_filter()
        else:
            self._filter_by("")
        focus_at_once(self._queue)
        return True

    def apply(self, text: str) -> bool:
        """Return to the queue with the filter applied, or to the match. Returns False if the text has an error.

        An empty filter is closed.
        """
        if self._fault(text) is not None:
            self._filter_bar.flag_error()
            return False
        if self._find.is_active:
            self._find.end()
            self._show_filter()
        elif not text.strip():
            self._filter_by("")
        focus_at_once(self._queue)
        return True

    def _ask_for_view_name(self, text: str) -> None:
        """Ask for the name of a view with the tickets that match."""
        from supportdesk.console.dialogs.sequence import begin_dialogs
        from supportdesk.console.queue.filter.parser import parse
        from supportdesk.console.queue.save_view_dialog import SaveViewDialog

        model, parsed = self._queue.model, parse(text, self.vocabulary)
        if parsed.faults:
            self._filter_bar.flag_error()
        elif model is None or not parsed.filter:
            self._show_message("Type a filter first, then save it as a view.", True)
        else:
            within = Filter() if self._find.is_active else model.view.filter
            condition = within + parsed.filter
            names = [view.name for view in model.index.views]
            self._show_message("", False)
            begin_dialogs(self._filter_bar, self._save_view, SaveViewDialog(names, str(condition)), condition)

    async def _save_view(self, dialogs: DialogSequence, dialog: SaveViewDialog, condition: Filter) -> None:
        name, model = await dialogs.ask(dialog), self._queue.model
        if name is None or model is None:
            return
        from supportdesk.console.main.header import DeskHeader
        from supportdesk.console.queue.views import View

        model.set_views([*model.index.views, View(name, condition)])
        self._filter_by("")
        self._filter_bar.post_message(DeskHeader.ViewChosen(name))
        focus_at_once(self._queue)
        self._filter_bar.post_message(FilterBar.Named(name, str(condition)))

    def _show_filter(self) -> None:
        """Show the filter in the bar again after a search."""
        self._filter_bar.show_text(NARROWS, self._text)
        self.show_count()

    def show_count(self) -> None:
        """Show how many tickets match, or that none was found."""
        model = self._queue.model
        self._closed.refresh(self._session)
        if model is None or not self._filter_bar.is_open:
            return
        if self._find.is_active:
            self._filter_bar.show_count(self._find.status(self._filter_bar.text))
            return
        if not (model.filter or self._filter_bar.is_typed_in):
            # The operator went to a ticket that the filter had hidden.
            self._text = ""
            self._filter_bar.show_text(NARROWS, "")
        if model.includes_closed:
            self._filter_bar.show_count(model.index.closed.count_text(model.matches))
            return
        total = model.index.view_counts[model.view.name]
        self._filter_bar.show_count(f"{model.matches:,}{'…' if model.is_searching else ''} of {total:,}")

    async def go_to(self, text: str, sign: str) -> TicketView | None:
        """Move the cursor to the ticket of a reference, or return the ticket if it is not in the queue.

        Any other text keeps the meaning of `sign`, a filter or a search; so does a word that could be a reference while
        tickets match it.
        """
        from supportdesk.tickets import reference

        model = self._queue.model
        if model is None:
            return None
        hit = self._find.match is not None if sign == FINDS else model.matches > 0
        is_reference = reference.looks_like_reference(text)
        try:
            ref = reference.parse(text)
        except reference.BadReferenceError as error:
            if is_reference and not hit:
                self._show_message(str(error), True)
                if sign == NARROWS:
                    # The reference was misheard; the text stays so that it can be corrected.
                    self._filter_bar.open()
            return None
        if hit and not is_reference and len(text.split()) > 1:
            return None
        if self._queue.find(ref):
            if sign == NARROWS:
                self._filter_by("")
            self.show_count()
            return None
        view = None if hit else await self._load_ticket(ref)
        if view is not None and sign == NARROWS:
            self._filter_by("")
        return view
