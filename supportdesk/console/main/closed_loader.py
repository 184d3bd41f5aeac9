"""Loads the closed tickets once a filter or a view asks for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from supportdesk.console.workers import start_worker

if TYPE_CHECKING:
    from textual.widget import Widget

    from supportdesk.console.queue.widget import QueueList
    from supportdesk.console.session import Session


class ClosedTicketLoader:
    """Loads the newest closed tickets into the queue, and says that older ones are not searched.

    `owner` is the widget that runs the worker; `loaded` is called when the tickets are in the queue.
    """

    def __init__(
        self,
        owner: Widget,
        queue: QueueList,
        show_message: Callable[[str, bool], None],
        loaded: Callable[[], None],
    ) -> None:
        self._owner = owner
        self._queue = queue
        self._show_message = show_message
        self._loaded = loaded
        self._is_loading = False
        self._last_view = ""

    def refresh(self, session: Session | None) -> None:
        """Load the tickets if they are asked for and not loaded yet, and announce the limit of a new view."""
        self._load_when_needed(session)
        self._announce_limit()

    def _load_when_needed(self, session: Session | None) -> None:
        model = self._queue.model
        if (
            session is None
            or model is None
            or self._is_loading
            or model.index.closed.loaded
            or session.disconnected_reason
        ):
            return
        if model.includes_closed or any(view.filter.includes_closed for view in model.index.views):
            self._is_loading = True
            start_worker(self._owner, self._load, session, group="closed")

    def _announce_limit(self) -> None:
        """Say once for each view with closed tickets that not all of them are searched."""
        model = self._queue.model
        if model is None or not model.index.closed.loaded:
            return
        view, before, self._last_view = model.view, self._last_view, model.view.name
        if view.name != before and view.filter.includes_closed and not model.index.closed.are_all:
            count = len(model.index.closed.entries)
            self._show_message(f"Only the newest {count:,} closed tickets are searched.", False)

    async def _load(self, session: Session) -> None:
        from supportdesk.console.queue.closed_tickets import NEWEST
        from supportdesk.desk_api import DeskUnavailableError

        try:
            rows = await asyncio.to_thread(session.desk.closed_tickets, NEWEST + 1)
        except DeskUnavailableError:
            # The next refresh after the desk is back tries again.
            return
        finally:
            self._is_loading = False
        self._queue.load_closed(rows)
        self._loaded()
