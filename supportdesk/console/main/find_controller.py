"""What `'` does: moves the cursor to matching tickets while all tickets stay visible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from supportdesk.console.keys.key import Key
from supportdesk.console.keys.refusal_text import bound_key
from supportdesk.console.queue.filter.filter import Filter

if TYPE_CHECKING:
    from supportdesk.console.queue.filter.errors import FilterError
    from supportdesk.console.queue.find_next import Match
    from supportdesk.console.queue.widget import QueueList


class FindController:
    """Finds tickets in the current view for one query at a time; `keys` returns the keys as they are bound."""

    def __init__(
        self, queue: QueueList, show_message: Callable[[str, bool], None], keys: Callable[[], Sequence[Key]]
    ) -> None:
        self._queue = queue
        self._show_message = show_message
        self._keys = keys
        self._query = Filter()
        self._start: str | None = None
        """The ticket under the cursor when the search began, empty if there was none; None while no query is typed."""
        self.match: Match | None = None

    @property
    def is_active(self) -> bool:
        """Whether a query is being typed."""
        return self._start is not None

    def begin(self) -> None:
        """Start a search at the ticket under the cursor."""
        model = self._queue.model
        self._start = model.ticket.row.ref if model is not None and model.ticket is not None else ""

    def end(self) -> None:
        """End the search; the cursor stays where it is, and `step` goes on from there."""
        self._start = None

    def cancel(self) -> None:
        """End the search with the cursor where it was before."""
        self._queue.go_back_to(self._start or "")
        self.end()

    def search(self, query: Filter) -> None:
        """Move the cursor to the first match from where the search began."""
        self._query = query
        self._queue.go_back_to(self._start or "")
        if query:
            self.match = self._queue.seek(query, 1, include_start=True)

    def step(self, by: int) -> None:
        """Move the cursor to the next match (`by` is 1) or the previous one (-1), past the end if need be."""
        if not self._query:
            key = bound_key("desk.seek", self._keys())
            self._show_message(f"There is no search to repeat; press {key} to start one.", True)
            return
        found = self._queue.seek(self._query, by)
        if found is None:
            self._show_message(f"No ticket in this view matches {self._query}.", True)
        elif found.wrapped:
            self._show_message(
                "Search continued from the top." if by > 0 else "Search continued from the bottom.", False
            )

    def fault(self, text: str, query: Filter) -> FilterError | None:
        """Return an error if `query`, typed as `text`, asks for closed tickets in a view without any."""
        model = self._queue.model
        if model is None or not query.includes_closed or model.includes_closed:
            return None
        from supportdesk.console.queue.filter.errors import FilterError

        key = bound_key("desk.filter", self._keys())
        return FilterError(
            0, len(text), f"closed tickets are not in this view; {key} with is:closed lists them"
        )

    def status(self, text: str) -> str:
        """Return what the filter bar says beside a query that was typed as `text`."""
        return "no match" if text.strip() and self.match is None else ""
