"""Reads the operator's inbox on a thread, and counts what is new in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supportdesk.console.messages import (
    ContactErased,
    DeskOpened,
    DeskReconnected,
    QueueChanged,
    RecordsChanged,
)
from supportdesk.console.workers import PacedCall, start_worker
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from textual.message import Message
    from textual.screen import Screen

    from supportdesk.console.desk_client import DeskClient
    from supportdesk.console.session import Session

FIRST_AFTER = 1.0
"""Seconds after which it is first read: what the first key needs is imported before."""
GAP = 5.0
"""Seconds between two reads for the count, so that a busy desk is not read for each change."""
ROTA_RECORDS = frozenset({"swap", "override", "absence", "rotation", "notice", "handover"})
"""The kinds of records whose changes may be sent to somebody."""


def concerns_inbox(message: Message) -> bool:
    """Return whether an inbox may have changed."""
    match message:
        case RecordsChanged(kinds):
            return not kinds.isdisjoint(ROTA_RECORDS)
        case QueueChanged() | DeskOpened() | DeskReconnected() | ContactErased():
            return True
    return False


class InboxLoader:
    """Reads the inbox after changes, for the count in the header; `on_read` is called after each read."""

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
        """Read the inbox soon after a message that may have changed it."""
        if session.read_only_reason is None and concerns_inbox(message):
            self._pace.plan(self._screen, lambda: self._read(session), first_after=FIRST_AFTER)

    def _read(self, session: Session) -> None:
        start_worker(self._screen, self._read_in_thread, session, group="inbox", exclusive=True)

    async def _read_in_thread(self, session: Session) -> None:
        from supportdesk.console.inbox.model import SHOWN_FOR

        since = session.now() - SHOWN_FOR
        read = self._screen.run_worker(
            lambda: self._client.inbox(since), thread=True, group="read", name="inbox"
        )
        entries = await read.wait()
        if not isinstance(entries, Refusal):
            session.inbox = entries
            self._on_read()
