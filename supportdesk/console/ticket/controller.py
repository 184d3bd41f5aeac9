"""Shows the current ticket in its pane: its row in the queue at once, and the rest when it is loaded."""

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


class TicketController:
    """Shows the ticket under the queue's cursor, or a pinned one, in the ticket pane."""

    def __init__(
        self, screen: Screen[None], client: DeskClient, queue: QueueList, ticket_pane: TicketPane
    ) -> None:
        self._screen = screen
        self._client = client
        self._queue = queue
        self._ticket_pane = ticket_pane
        self._symbols = terminal_symbols()
        self._selection = TicketSelection()
        self._loader = TicketLoader(screen, client)

    @property
    def row(self) -> QueueRow | None:
        """The ticket that is shown; None if there is none."""
        return self._selection.row or self._under_cursor

    @property
    def _under_cursor(self) -> QueueRow | None:
        model = self._queue.model
        return model.ticket.row if model is not None and model.ticket is not None else None

    @property
    def _is_hidden(self) -> bool:
        """Whether the queue fills the screen and hides the pane."""
        return self._screen.has_class("-alone") and not self._screen.has_class("-opened")

    def show(self, session: Session) -> None:
        """Show the row of the ticket at once; the rest is loaded when the cursor has rested on it."""
        if self._queue.model is None or self._is_hidden:
            return
        context = self._selection.context(session, self._under_cursor)
        self._ticket_pane.show(context, self._symbols, epoch(session.now()))
        unread = context is not None and self._selection.needs_load(context)
        self._loader.request(context.row.ref if context is not None and unread else None)

    def refresh(self, session: Session) -> None:
        """Show the ticket again with the names, calendars and policy that the session has now."""
        self._selection.forget()
        self.show(session)

    def reload(self, session: Session) -> None:
        """Load the ticket that is shown again."""
        self._selection.mark_outdated()
        self.show(session)

    def set_ticket(self, session: Session, message: TicketLoaded) -> None:
        """Show a loaded ticket, if it is still the requested one."""
        if self._loader.on_loaded(message.ref) and message.view is not None:
            self._selection.set_ticket(message.view, message.escalation)
            self.show(session)
            self.explain()

    def set_explanations(self, session: Session, message: ExplanationLoaded) -> None:
        """Show the explanations of the clocks."""
        self._selection.set_explanations(message.ref, message.explanations)
        self.show(session)

    def explain(self) -> None:
        """Request the explanations of the clocks if their tab is open."""
        context = self._ticket_pane.context
        if context is not None and context.view is not None and self._ticket_pane.tab is Tab.CLOCKS:
            explain = partial(self._client.post_explanations, context.row.ref)
            self._screen.run_worker(explain, thread=True, group="explain", exclusive=True)

    def pin(self, view: TicketView) -> None:
        """Show this ticket wherever the cursor is, such as a closed one that is not in the queue."""
        self._selection.pin(view)

    def unpin(self) -> bool:
        """Show the ticket under the cursor again. Returns False if none was pinned."""
        return self._selection.unpin()
