"""The notice of a test page, which the operator acknowledges with its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.messages import DeskOpened, DeskReconnected, RecordsChanged
from supportdesk.console.widgets.notice import Notice, Rank
from supportdesk.console.workers import call_after, start_worker
from supportdesk.sla.formatting import sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.message import Message
    from textual.screen import Screen

    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.notifications.controller import NoticeController
    from supportdesk.console.session import Session

FIRST_AFTER = 1.0
"""Seconds after which test pages are first looked for: the queue is on the screen before."""
ACKNOWLEDGE_TEST = "acknowledge test"
"""The verb of these notices; their target is the key of the test page."""
_TEXT = "This is a test page: acknowledge it, to show that pages reach you"


class MonthlyTestNotices:
    """Shows the operator each test page that they have not acknowledged; once dismissed, not before the next start."""

    def __init__(
        self,
        screen: Screen[None],
        client: ScreenClient,
        notices: NoticeController,
        show_message: Callable[[str, bool], None],
    ) -> None:
        self._screen = screen
        self._client = client
        self._notices = notices
        self._show_message = show_message
        self._shown: set[str] = set()

    def on_message(self, session: Session, message: Message) -> None:
        """Look for test pages after a message that may bring or end one."""
        if session.read_only_reason is not None:
            return
        match message:
            case DeskOpened():
                call_after(self._screen, FIRST_AFTER, lambda: self._look(session))
            case DeskReconnected():
                self._look(session)
            case RecordsChanged(kinds) if "notice" in kinds:
                self._look(session)

    async def acknowledge(self, notice: Notice) -> None:
        """Acknowledge the test page of a notice, and say so."""
        from supportdesk.tickets.records.commands import AcknowledgeNotice
        from supportdesk.tickets.refusal import Refusal

        outcome = await self._client.submit(AcknowledgeNotice(notice.target))
        self._notices.remove(notice.id)
        self._shown.discard(notice.target)
        if isinstance(outcome, Refusal):
            self._show_message(sentence(outcome.reason), True)
        else:
            self._show_message("The test page is acknowledged: pages reach you here.", False)

    async def acknowledge_pending(self) -> bool:
        """Acknowledge a test page that waits, also one whose notice was dismissed. Returns False without one."""
        key = min(self._shown, default=None)
        if key is None:
            return False
        await self.acknowledge(_notice(key))
        return True

    def _look(self, session: Session) -> None:
        start_worker(self._screen, self._show, session, group="test pages", exclusive=True)

    async def _show(self, session: Session) -> None:
        from supportdesk.tickets.refusal import Refusal
        from supportdesk.tickets.rota.notices.monthly_test import PREFIX

        found = await self._client.in_thread(
            lambda: self._client.desk_client.notices(f"{PREFIX} "), "read test pages"
        )
        if isinstance(found, Refusal):
            return
        wanted = {each.key for each in found if each.is_open and session.username in each.people}
        for key in self._shown - wanted:
            self._notices.remove(key)
        for key in wanted - self._shown:
            self._notices.add(_notice(key))
        self._shown = wanted


def _notice(key: str) -> Notice:
    return Notice(key, _TEXT, Rank.TEST, verb=ACKNOWLEDGE_TEST, action="acknowledge", target=key)
