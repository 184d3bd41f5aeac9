"""Loads the ticket under the cursor: once the cursor rests, one at a time, and always the one requested last."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from supportdesk.console.workers import call_after

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from supportdesk.console.desk_client import DeskClient

REST = 0.08
"""Seconds for which the cursor rests on a ticket before it is loaded: moving down the queue loads none."""


class TicketLoader:
    """Loads tickets on a thread. They arrive as `TicketLoaded`, which the caller passes to `on_loaded`."""

    def __init__(self, screen: Screen[None], client: DeskClient) -> None:
        self._screen = screen
        self._client = client
        self._wanted: str | None = None
        self._reading: str | None = None
        self._timer: Timer | None = None

    def request(self, ref: str | None) -> None:
        """Request a ticket in place of the one requested before; None cancels."""
        self._wanted = ref
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if ref is not None:
            self._timer = call_after(self._screen, REST, self._read)

    def on_loaded(self, ref: str) -> bool:
        """Return whether a loaded ticket is the one requested; if not, load that now."""
        self._reading = None
        if ref == self._wanted:
            self._wanted = None
            return True
        self._read()
        return False

    def _read(self) -> None:
        if self._reading is None and self._wanted is not None:
            self._reading = self._wanted
            self._screen.run_worker(
                partial(self._client.post_ticket, self._wanted),
                thread=True,
                group="ticket",
                name="read a ticket",
            )
