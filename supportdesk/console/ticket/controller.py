"""The ticket that is looked at, in the pane beside the queue: what the queue knows at once, the rest as it is read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.ticket.loader import TicketLoader
from supportdesk.console.ticket.selection import TicketSelection
from supportdesk.console.ticket.tabs import Tab
from supportdesk.sla.clocks import epoch

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.desk_client import DeskClient
    from supportdesk.console.messages import ExplanationLoaded, TicketLoaded
    from supportdesk.console.queue.widget import QueueList
    from supportdesk.console.session import Session
    from supportdesk.console.ticket.pane import TicketPane
    from supportdesk.store.read_models import QueueRow, TicketView


class DetailController:
    """Joins the cursor of the queue to the pane in which its ticket is shown."""

    def __init__(self, screen: Screen[None], link: DeskClient, queue: QueueList, detail: TicketPane) -> None:
        self._screen = screen
        self._link = link
        self._queue = queue
        self._detail = detail
        self._signs = terminal_symbols()
        self._selection = TicketSelection()
        self._loader = TicketLoader(screen, link)

    @property
    def row(self) -> QueueRow | None:
        """The ticket that is looked at."""
        return self._selection.row or self._under_cursor

    @property
    def _under_cursor(self) -> QueueRow | None:
        model = self._queue.model
        return model.ticket.row if model is not None and model.ticket is not None else None

    @property
    def _is_hidden(self) -> bool:
        """Whether the queue has all the room."""
        return self._screen.has_class("-alone") and not self._screen.has_class("-opened")

    def show(self, session: Session) -> None:
        """Shows at once what the queue knows of the ticket; the rest is read after a short rest."""
        if self._queue.model is None or self._is_hidden:
            return
        known = self._selection.known(session, self._under_cursor)
        self._detail.show(known, self._signs, epoch(session.now()))
        unread = known is not None and self._selection.needs_load(known)
        self._loader.request(known.row.ref if known is not None and unread else None)

    def renew(self, session: Session) -> None:
        """Show the ticket again with the names, the calendars and the policy that the session has now."""
        self._selection.forget()
        self.show(session)

    def read_again(self, session: Session) -> None:
        """Have the ticket that is looked at read again."""
        self._selection.mark_outdated()
        self.show(session)

    def read(self, session: Session, message: TicketLoaded) -> None:
        """Fills in the timeline and the rest of the ticket, if it is still the one that is looked at."""
        if self._loader.on_loaded(message.ref) and message.view is not None:
            self._selection.read(message.view)
            self.show(session)
            self.explain()

    def explained(self, session: Session, message: ExplanationLoaded) -> None:
        """Shows how the figures came about."""
        self._selection.explained(message.ref, message.explanations)
        self.show(session)

    def explain(self) -> None:
        """Has the figures of the clocks explained, while their tab is open."""
        known = self._detail.known
        if known is not None and known.view is not None and self._detail.tab is Tab.CLOCKS:
            explain = partial(self._link.explain, known.row.ref)
            self._screen.run_worker(explain, thread=True, group="explain", exclusive=True)

    def pin(self, view: TicketView) -> None:
        """Looks at a ticket wherever the cursor is, as at a closed one that is in no queue."""
        self._selection.pin(view)

    def unpin(self) -> bool:
        """Looks at the ticket under the cursor again; False where that is so already."""
        return self._selection.unpin()
