"""Goes to tickets and to other screens, and comes back with the ticket with which a screen is dismissed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import ModalScreen

from supportdesk.console.dialogs.dismissal import DismissOnce
from supportdesk.console.dialogs.sequence import DialogSequence
from supportdesk.console.keys.focus import focus_at_once
from supportdesk.console.navigation import DESTINATIONS
from supportdesk.console.results import ShowScreen, ShowTickets, reference_of
from supportdesk.console.workers import start_worker
from supportdesk.desk_api import Applied

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.commands.runner import CommandRunner
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.keys.type_ahead import KeyHold, SerializedKeys
    from supportdesk.console.main.filter_controller import FilterController
    from supportdesk.console.main.split import SplitController
    from supportdesk.console.navigation import Destination
    from supportdesk.console.notifications.controller import NoticeController
    from supportdesk.console.queue.widget import QueueList
    from supportdesk.console.session import Session
    from supportdesk.console.ticket.controller import TicketController
    from supportdesk.console.voicemail.group import VoicemailGroup
    from supportdesk.console.widgets.notice import Notice
    from supportdesk.store.read_models import TicketView


class Navigator:
    """Moves the operator between the queue, a ticket and other screens.

    `show_ticket` shows the current ticket in the pane.
    """

    def __init__(
        self,
        screen: Screen[None],
        client: ScreenClient,
        runner: CommandRunner,
        *,
        queue: QueueList,
        ticket: TicketController,
        split: SplitController,
        filter_bar: FilterController,
        notices: NoticeController,
        show_ticket: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._client = client
        self._runner = runner
        self._queue = queue
        self._ticket = ticket
        self._split = split
        self._filter = filter_bar
        self._notices = notices
        self._show_ticket = show_ticket
        self._noticed_ref = ""
        """The ticket of a notice for which the screen in front was closed: it is opened, not only selected."""

    def open_ticket(self) -> None:
        """Open the current ticket; notices about it have served their purpose."""
        self._split.open()
        self._show_ticket()
        if self._ticket.row is not None:
            self._notices.remove_about(self._ticket.row.ref)

    def leave_ticket(self) -> bool:
        """Return to the queue, and to the ticket under the cursor. Returns False if the operator is there already."""
        was_pinned = self._ticket.unpin()
        if was_pinned:
            self._show_ticket()
        return self._split.leave() or was_pinned

    def leave_voicemails(self, group: VoicemailGroup) -> bool:
        """Return from the voicemails to the queue. Returns False if the operator is elsewhere already."""
        if not group.has_focus:
            return False
        focus_at_once(self._queue)
        return True

    def step(self, by: int) -> None:
        """Go to the next ticket of the queue (1) or the previous one (-1)."""
        self._ticket.unpin()
        self._queue.step(by)

    def pin(self, view: TicketView) -> None:
        """Open a ticket that is not in the queue."""
        self._ticket.pin(view)
        self.open_ticket()

    async def go_to(self, ref: str, *, inside: bool = False) -> None:
        """Move the cursor to a ticket, or open it with `inside`; one that is not in the queue is always opened."""
        if self._queue.find(ref):
            self.open_ticket() if inside else focus_at_once(self._queue)
        elif (view := await self._client.load_ticket(ref)) is not None:
            self.pin(view)

    async def go_to_typed(self, text: str, sign: str, typed: KeyHold) -> None:
        """Go to the ticket whose reference was typed in the filter bar; see `FilterController.go_to`."""
        try:
            if (view := await self._filter.go_to(text, sign)) is not None:
                self.pin(view)
        finally:
            typed.release()

    async def visit(self, session: Session, destination: Destination, text: str, typed: KeyHold) -> None:
        """Open another screen, and go to the ticket or the tickets with which it is dismissed."""
        app: SerializedKeys = self._screen.app  # type: ignore[assignment]
        with DialogSequence(app, typed) as screens:
            screen = destination.open(session, self._client, text)
            self._noticed_ref = ""
            result = await screens.ask(screen)
            while isinstance(result, ShowScreen):
                following = DESTINATIONS[result.place].open(session, self._client, result.text)
                result = await screens.ask(following)
            if isinstance(result, ShowTickets):
                self._filter.show_tickets(result.text)
            elif (ref := reference_of(result)) is not None:
                await self.go_to(ref, inside=ref == self._noticed_ref)
        if isinstance(result, Applied) and result.ref is not None:
            await self._runner.report_last_change(session, result.ref)

    def open_from_notice(self, notice: Notice) -> str:
        """Open a notice's ticket, unless a dialog is open. Returns why not, or an empty text."""
        front = self._screen.app.screen
        if front is self._screen:
            start_worker(self._screen, partial(self.go_to, notice.ref, inside=True), group="go to")
        elif isinstance(front, DismissOnce) and not isinstance(front, ModalScreen):
            self._noticed_ref = notice.ref
            front.dismiss(notice.ref)
        else:
            from supportdesk.console.dialogs.key_hints import key_for

            return f"Close this first ({key_for(front, 'dialog.leave')}): what you typed is saved."
        return ""
