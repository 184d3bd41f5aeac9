"""The outbox screen: what goes out, what became of it, and the attempts at the selected delivery."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from supportdesk.console.commands.messages_screen import NO_MESSAGE, REST, MessagesScreen
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.messages import (
    DeskReconnected,
    QueueChanged,
    RecordsChanged,
)
from supportdesk.console.outbox.reader import DeliveryPage, read_attempts, read_page
from supportdesk.console.outbox.text import OutboxLook, delivery_lines, detail_text
from supportdesk.console.outbox.views import VIEWS, OutboxView, describe_empty
from supportdesk.console.widgets.line_list import LineList
from supportdesk.console.workers import PacedCall, start_worker
from supportdesk.tickets.outbox.entry import Fate, ListedDelivery
from supportdesk.tickets.process.retry import RetryDelivery
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.console.commands.message_page import Wanted
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.keys.type_ahead import KeyHold, TypeAhead
    from supportdesk.console.session import Session
    from supportdesk.tickets.outbox.entry import DeliveryAttempt

GAP = 1.0
"""Seconds between two readings because of changes: all that is listed is counted each time."""
REREAD_AFTER = 30.0
"""Seconds after which everything is read again: attempts at messages about no ticket change nothing else."""
MAY_COME_TWICE = "It may have arrived, and would come twice then."


class OutboxScreen(MessagesScreen[OutboxView, ListedDelivery]):
    """Shows one view of the deliveries: the list, and beside or below it the selected one; it may fill the screen.

    It is dismissed with the ticket to go to.
    """

    SCOPE = Scope.OUTBOX
    BINDINGS: ClassVar[list[BindingType]] = bindings(SCOPE)
    IN_PALETTE = frozenset({"outbox.retry"})

    def __init__(self, session: Session, client: ScreenClient) -> None:
        super().__init__(session, client, "Outbox", VIEWS)
        self._attempts: tuple[ListedDelivery, tuple[DeliveryAttempt, ...]] | None = None
        self._pace = PacedCall(GAP)

    def compose(self) -> ComposeResult:
        """Yield the tabs, the list, the selected delivery and the keys."""
        yield self.tabs
        yield from self.compose_messages()
        yield self.foot
        yield self.too_small

    def on_mount(self) -> None:
        """Begin to read the deliveries."""
        self.read_again()
        self.set_interval(REREAD_AFTER, self.read_again)

    # Reading and drawing.

    @on(QueueChanged)
    @on(RecordsChanged)
    @on(DeskReconnected)
    def _read_soon(self) -> None:
        """Read what has changed: at once, and on a desk where much happens every second."""
        self._pace.plan(self, self.read_again, first_after=0)

    def load_page(
        self, wanted: Wanted[OutboxView], before: ListedDelivery | None, limit: int
    ) -> DeliveryPage | Refusal:
        """Return a page of deliveries; see `read_page`."""
        return read_page(self.session.desk, wanted, before, limit)

    def key_of(self, message: ListedDelivery) -> str:
        """Return the identity of a delivery."""
        return message.id

    def draw_list(self, page: DeliveryPage) -> None:
        """Draw a line for each delivery."""
        self.messages.show(delivery_lines(self.listed, self._look(self.messages.content_size.width)))

    def draw_message(self, message: ListedDelivery, page: Static) -> None:
        """Draw a delivery, and begin to read the attempts at it."""
        known = self._attempts
        attempts = known[1] if known is not None and known[0] == message else None
        page.update(detail_text(message, attempts, self._look(page.size.width)))
        if attempts is None:
            self._read_attempts(message)

    def describe_none(self, page: DeliveryPage) -> str:
        """Return why nothing is listed."""
        return describe_empty(page.wanted.view, is_past=self.session.replay is not None)

    @work(group="attempts", exclusive=True)
    async def _read_attempts(self, delivery: ListedDelivery) -> None:
        """Read the attempts at a delivery, once the cursor rests on it."""
        await asyncio.sleep(REST)
        read = partial(read_attempts, self.session.desk, delivery)
        attempts = await self.client.in_thread(read, "attempts")
        if isinstance(attempts, Refusal):
            self.show_message(attempts.reason, True)
        elif self.selected == delivery:
            self._attempts = (delivery, attempts)
            self.show_selected()

    def _look(self, width: int) -> OutboxLook:
        return OutboxLook(self.session.zone, self.session.now(), width)

    @on(LineList.Opened)
    def action_open(self) -> None:
        """Open the ticket that the selected message is about."""
        delivery = self.selected
        if delivery is None:
            self.show_message(NO_MESSAGE, True)
        elif delivery.ref is None:
            self.show_message("This message is about no ticket.", True)
        else:
            self.dismiss(delivery.ref)

    # Another attempt.

    def action_retry(self) -> None:
        """Send the selected message again at once; one that may have arrived, after a question."""
        delivery = self.selected
        if delivery is None:
            self.show_message(NO_MESSAGE, True)
        elif self.may_act():
            typed: TypeAhead = self.app.typed  # type: ignore[attr-defined]
            start_worker(self, self._retry, delivery, typed.hold(), group="dialog")

    async def _retry(self, delivery: ListedDelivery, typed: KeyHold) -> None:
        try:
            is_unsure = delivery.fate is Fate.UNCONFIRMED
            if is_unsure and not await self.client.push_screen(
                Confirm("Send it again all the same?", MAY_COME_TWICE, "Send again"), typed
            ):
                return
            outcome = await self.client.submit(RetryDelivery(delivery.id, even_if_arrived=is_unsure))
            if isinstance(outcome, Refusal):
                typed.refuse()
                self.refuse(outcome)
            else:
                self.show_message("It is sent again as soon as a watcher finds it, within seconds.", False)
                self.read_again()
        finally:
            typed.release()

    def refused_keys(self) -> Mapping[str, str]:
        """Return why the selected message cannot be sent again, for the key that does it."""
        why = self.session.read_only_reason or ("" if self.selected is not None else NO_MESSAGE)
        return {"outbox.retry": why} if why else {}

    # Messages of the desk.

    def forget_erased(self) -> bool:
        """Read everything again: a contact was erased who may be named in it."""
        self._attempts = None
        self.forget_listed()
        return False
