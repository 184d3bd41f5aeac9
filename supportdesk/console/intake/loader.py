"""Counts the messages that wait for a decision, on a thread, for the header of the main screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supportdesk.console.messages import ContactErased, DeskOpened, DeskReconnected, IncomingChanged
from supportdesk.console.workers import PacedCall, start_worker
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from textual.message import Message
    from textual.screen import Screen

    from supportdesk.console.desk_client import DeskClient
    from supportdesk.console.session import Session

FIRST_AFTER = 1.0
"""Seconds after which they are first counted: what the first key needs is imported before."""
GAP = 5.0
"""Seconds between two counts, so that a desk with much mail is not read for each message."""


class IntakeLoader:
    """Counts what waits after changes; `on_read` is called where the number is another than before."""

    def __init__(
        self,
        screen: Screen[None],
        client: DeskClient,
        on_read: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._client = client
        self._on_read = on_read
        self._pace = PacedCall(GAP)

    def on_message(self, session: Session, message: Message) -> None:
        """Count soon after a message that may have changed the number; nobody is told who can settle nothing."""
        concerns = isinstance(message, DeskOpened | DeskReconnected | IncomingChanged | ContactErased)
        if session.read_only_reason is None and concerns:
            self._pace.plan(self._screen, lambda: self._read(session), first_after=FIRST_AFTER)

    def _read(self, session: Session) -> None:
        start_worker(self._screen, self._read_in_thread, session, group="intake", exclusive=True)

    async def _read_in_thread(self, session: Session) -> None:
        read = self._screen.run_worker(
            self._client.count_waiting, thread=True, group="read", name="waiting messages"
        )
        count = await read.wait()
        if not isinstance(count, Refusal) and count != session.waiting_messages:
            session.waiting_messages = count
            self._on_read()
