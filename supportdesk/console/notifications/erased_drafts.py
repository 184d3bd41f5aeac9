"""Discards the drafts that may name a contact who was erased.

Nobody can tell any more whom they name: the name is gone from the desk. So every draft goes that was left before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supportdesk.console.messages import ContactErased, DeskOpened
from supportdesk.console.workers import start_worker

if TYPE_CHECKING:
    from textual.message import Message

    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.session import Session

FIRST_AFTER = 0.5
"""Seconds after which it is first looked: the queue is on the screen before."""


class ErasedDrafts:
    """Discards drafts once the console sees an erasure, or starts after one; `on_discarded` is called then."""

    def __init__(self, client: ScreenClient, on_discarded: Callable[[Session], None]) -> None:
        self._client = client
        self._on_discarded = on_discarded

    def on_message(self, session: Session, message: Message) -> None:
        """Look for an erasure that the drafts are older than."""
        if not session.drafts.unsent:
            return
        if isinstance(message, ContactErased):
            self._look(session)
        elif isinstance(message, DeskOpened):
            self._client.screen.set_timer(FIRST_AFTER, lambda: self._look(session))

    def _look(self, session: Session) -> None:
        start_worker(self._client.screen, self._discard, session, group="erased drafts")

    async def _discard(self, session: Session) -> None:
        erased_at = await self._client.in_thread(self._client.desk_client.find_last_erasure, "erasures")
        count = session.drafts.discard_left_before(erased_at) if erased_at is not None else 0
        if count:
            self._on_discarded(session)
            what = "an unsent form was" if count == 1 else f"{count} unsent forms were"
            self._client.show_message(
                f"A contact was erased: {what} discarded, as they may be named there", False
            )
