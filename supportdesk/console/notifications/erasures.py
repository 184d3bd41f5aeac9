"""Has the console forget what may name a contact who was erased.

Nobody can tell any more whom a text names that was read or typed before: the name is gone from the desk. So every draft
goes that was left before, and every screen over the queue is left or read again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supportdesk.console.messages import ContactErased, DeskOpened, DeskReconnected
from supportdesk.console.terminal.lock_mode import desk_screens
from supportdesk.console.workers import call_after, start_worker

if TYPE_CHECKING:
    from textual.message import Message

    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.session import Session

FIRST_AFTER = 0.5
"""Seconds after which it is first looked: the queue is on the screen before."""


class Erasures:
    """Forgets what was read and typed once the console sees an erasure, and the drafts if it starts after one.

    `on_discarded` is called when drafts were discarded.
    """

    def __init__(self, client: ScreenClient, on_discarded: Callable[[Session], None]) -> None:
        self._client = client
        self._on_discarded = on_discarded

    def on_message(self, session: Session, message: Message) -> None:
        """Forget what is older than an erasure."""
        if isinstance(message, ContactErased):
            session.inbox = ()
            self._client.desk_client.forget_commands()
            before = len(session.drafts.unsent)
            has_left = self._leave_screens()
            forms = before - len(session.drafts.unsent)
            self._report(session, forms + session.drafts.discard_all(session.now()), has_left)
        elif isinstance(message, DeskOpened | DeskReconnected) and not session.drafts.is_empty:
            call_after(self._client.screen, FIRST_AFTER, lambda: self._look(session))

    def _look(self, session: Session) -> None:
        start_worker(self._client.screen, self._discard, session, group="erased drafts")

    def _leave_screens(self) -> bool:
        """Have each screen over the queue forget what it shows, from the front; return whether any is left."""
        left = False
        for screen in reversed([*desk_screens(self._client.screen.app)]):
            forget = getattr(screen, "forget_erased", None)
            if forget is not None:
                left = forget() or left
        return left

    async def _discard(self, session: Session) -> None:
        """Discard the drafts that were begun before the last erasure."""
        erasure = await self._client.in_thread(self._client.desk_client.find_last_erasure, "erasures")
        if erasure is not None:
            self._report(session, session.drafts.discard_begun_before(erasure), False)

    def _report(self, session: Session, count: int, has_left: bool) -> None:
        """Say how many drafts were discarded, and whether screens were left."""
        if count:
            self._on_discarded(session)
        what = "an unsent form was discarded" if count == 1 else f"{count} unsent forms were discarded"
        said = " and ".join([*([what] if count else []), *(["what was open was closed"] if has_left else [])])
        if said:
            self._client.show_message(f"A contact was erased: {said}, as they may be named there", False)
