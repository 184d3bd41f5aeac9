"""The desk as one screen uses it: calls that block run in the screen's thread workers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from supportdesk.console.dialogs.push import push_and_wait
from supportdesk.console.forms.context import CommandContext

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.desk_client import DeskClient
    from supportdesk.console.keys.type_ahead import KeyHold
    from supportdesk.console.session import Session
    from supportdesk.console.widgets.notice import Notice
    from supportdesk.desk_api import Outcome
    from supportdesk.store.read_models import TicketView
    from supportdesk.tickets.command import Command

T = TypeVar("T")


class ScreenClient:
    """Sends commands and reads tickets for one screen, and opens its dialogs.

    `show_message` shows a message, with True for a refusal; `notify` shows a notice until the operator responds to it.
    """

    def __init__(
        self,
        screen: Screen[Any],
        desk_client: DeskClient,
        show_message: Callable[[str, bool], None],
        notify: Callable[[Notice], object],
    ) -> None:
        self.screen = screen
        self.desk_client = desk_client
        self.show_message = show_message
        self._notify = notify

    def for_screen(self, screen: Screen[Any], show_message: Callable[[str, bool], None]) -> ScreenClient:
        """Return the client of another screen, which shows the messages itself."""
        return ScreenClient(screen, self.desk_client, show_message, self._notify)

    async def in_thread(self, call: Callable[[], T], name: str, group: str = "read") -> T:
        """Return the result of a blocking call, made on a thread; the screen's worker has this name and group."""
        return await self.screen.run_worker(call, thread=True, group=group, name=name).wait()

    async def submit(
        self, command: Command, command_id: str | None = None, *, begun: int | None = None
    ) -> Outcome:
        """Send a command from a thread and return its outcome; see `DeskClient.do`."""
        return await self.in_thread(
            partial(self.desk_client.do, command, command_id, begun), command.verb, "command"
        )

    async def load_ticket(self, ref: str) -> TicketView | None:
        """Return a ticket with its timeline; None, with a message, where it cannot be read."""
        from supportdesk.tickets.refusal import Refusal

        read = await self.in_thread(partial(self.desk_client.ticket, ref), "read a ticket")
        if isinstance(read, Refusal):
            self.show_message(read.reason, True)
            return None
        return read

    async def push_screen(self, screen: Screen[Any], typed: KeyHold) -> Any:
        """Open a screen, pass it the keys `typed` meanwhile, and return its result."""
        return await push_and_wait(self.screen.app, screen, typed)

    def context_for(self, session: Session) -> CommandContext:
        """Return the context for a dialog opened now: what is sent from there was begun now."""
        assert session.person is not None
        begun = self.desk_client.watch.seq
        return CommandContext(
            session.person,
            session.policy,
            session.roster,
            session.desk,
            partial(self.submit, begun=begun),
            session.drafts,
            session.settings,
            session.find_watcher_methods(),
            self._notify,
            lambda: [entry.row for entry in session.model.index.entries.values()],
            session.own_replies,
            begun,
        )
