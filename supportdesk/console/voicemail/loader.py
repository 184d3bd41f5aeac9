"""Reads the voicemails that wait after changes, on a thread, for the group above the queue."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from supportdesk.console.messages import (
    ContactErased,
    DeskOpened,
    DeskReconnected,
    IncomingChanged,
    RecordsChanged,
)
from supportdesk.console.workers import PacedCall, start_worker
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from textual.message import Message

    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.session import Session
    from supportdesk.console.voicemail.reader import WaitingList

FIRST_AFTER = 0.5
"""Seconds after which they are first read: what the first key needs is imported before."""
GAP = 1.0
"""Seconds between two reads, so that a desk with much mail is not read for each message."""
_NAMES = frozenset({"contact", "organisation"})
"""The kinds of records whose changes may be seen in the group."""


class VoicemailLoader:
    """Reads what waits; `on_read` is called with it after each read."""

    def __init__(
        self,
        client: ScreenClient,
        on_read: Callable[[Session, WaitingList], None],
    ) -> None:
        self._client = client
        self._on_read = on_read
        self._pace = PacedCall(GAP)

    def on_message(self, session: Session, message: Message) -> None:
        """Read soon after a message that may have changed what waits; not at a desk of the past, or a stranger's."""
        if session.read_only_reason is None and _concerns(message):
            self._pace.plan(self._client.screen, lambda: self._read(session), first_after=FIRST_AFTER)

    def _read(self, session: Session) -> None:
        start_worker(self._client.screen, self._read_in_thread, session, group="voicemails", exclusive=True)

    async def _read_in_thread(self, session: Session) -> None:
        from supportdesk.console.voicemail.reader import read_waiting

        waiting = await self._client.in_thread(partial(read_waiting, session.desk), "voicemails")
        # A desk that has gone away is reported by the thread that watches it, and is read when it is back.
        if not isinstance(waiting, Refusal):
            self._on_read(session, waiting)


def _concerns(message: Message) -> bool:
    match message:
        case RecordsChanged(kinds):
            return not kinds.isdisjoint(_NAMES)
        case DeskOpened() | DeskReconnected() | IncomingChanged() | ContactErased():
            return True
    return False
