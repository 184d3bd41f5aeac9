"""The outbox screen: what goes out, what became of it, and the attempts at the selected delivery."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from supportdesk.console.commands.messages_screen import NO_MESSAGE, MessagesScreen
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.keys.keymap import Scope, bindings
from supportdesk.console.messages import (
    DeskReconnected,
    QueueChanged,
    RecordsChanged,
    ReferenceDataChanged,
)
from supportdesk.console.outbox.reader import PAGE, DeliveryPage, read_attempts, read_page
from supportdesk.console.outbox.text import OutboxLook, delivery_lines, detail_text
from supportdesk.console.outbox.views import VIEWS, WAITING, describe_empty
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.line_list import LineList
from supportdesk.console.workers import PacedCall, start_worker
from supportdesk.tickets.outbox.entry import Fate
from supportdesk.tickets.process.retry import RetryDelivery
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.keys.type_ahead import KeyHold, TypeAhead
    from supportdesk.console.session import Session
    from supportdesk.tickets.outbox.entry import DeliveryAttempt, ListedDelivery

REST = 0.1
"""Seconds without a key after which the attempts at a delivery are read."""
GAP = 1.0
"""Seconds between two readings because of changes: all that is listed is counted each time."""
REREAD_AFTER = 30.0
"""Seconds after which everything is read again: attempts at messages about no ticket change nothing else."""
MAY_COME_TWICE = "It may have arrived, and would come twice then."
_AHEAD = 20
"""How many deliveries from the end of those that are read the next ones are read."""


class OutboxScreen(MessagesScreen):
    """Shows one view of the deliveries: the list, and beside or below it the selected one; it may fill the screen.

    It is dismissed with the ticket to go to.
    """

    SCOPE = Scope.OUTBOX
    BINDINGS: ClassVar[list[BindingType]] = bindings(SCOPE)
    IN_PALETTE = frozenset({"outbox.retry"})

    def __init__(self, session: Session, client: ScreenClient) -> None:
        super().__init__(session, "Outbox", [each.name for each in VIEWS])
        self._client = client.for_screen(self, self.show_message)
        self._view = WAITING
        self._page: DeliveryPage | None = None
        self._deliveries: tuple[ListedDelivery, ...] = ()
        self._attempts: tuple[ListedDelivery, tuple[DeliveryAttempt, ...]] | None = None
        self._shown_key = ""
        self._pace = PacedCall(GAP)

    def compose(self) -> ComposeResult:
        """Yield the tabs, the list, the selected delivery and the keys."""
        yield self.tabs
        with Horizontal(classes="both"):
            yield self.messages
            with VerticalScroll(classes="message", can_focus=False):
                yield Static(classes="page")
        yield self.foot
        yield self.too_small

    def on_mount(self) -> None:
        """Begin to read the deliveries."""
        self._read()
        self.set_interval(REREAD_AFTER, self._read)

    @property
    def delivery(self) -> ListedDelivery | None:
        """The selected delivery; None in an empty list."""
        key = self.messages.key
        return next((each for each in self._deliveries if each.id == key), None)

    # Reading and drawing.

    @property
    def is_read(self) -> bool:
        """Whether the deliveries of the chosen view are shown."""
        return self._page is not None and self._page.view == self._view

    @on(QueueChanged)
    @on(RecordsChanged)
    @on(DeskReconnected)
    def _read_soon(self) -> None:
        """Read what has changed: at once, and on a desk where much happens every second."""
        self._pace.plan(self, self._read, first_after=0)

    @work(group="look up", exclusive=True)
    async def _read(self) -> None:
        """Read the deliveries again, as many as are shown; a desk that cannot be read leaves them as they are."""
        view = self._view
        limit = max(PAGE, len(self._deliveries) if self.is_read else 0)
        page = await self._client.in_thread(
            partial(read_page, self.session.desk, view, None, limit), "outbox"
        )
        if isinstance(page, Refusal):
            self.show_message(page.reason, True)
        elif view == self._view:
            self._page, self._deliveries = page, page.deliveries
            self.redraw()

    @work(group="more", exclusive=True)
    async def _read_more(self) -> None:
        """Read the deliveries that follow the last one that is shown."""
        view, last = self._view, self._deliveries[-1]
        read = partial(read_page, self.session.desk, view, last, PAGE)
        page = await self._client.in_thread(read, "older messages")
        if isinstance(page, DeliveryPage) and view == self._view and self._deliveries[-1:] == (last,):
            self._page, self._deliveries = page, (*self._deliveries, *page.deliveries)
            self.redraw()

    @on(ReferenceDataChanged)
    def redraw(self) -> None:
        """Draw the tabs, the list and the selected delivery."""
        page = self._page
        if page is None or self.is_being_left:
            return
        self._show_tabs(page)
        self.messages.show(delivery_lines(self._deliveries, self._look(self.messages.content_size.width)))
        self._show_delivery()

    def _show_tabs(self, page: DeliveryPage) -> None:
        self.tabs.show(VIEWS.index(self._view), [each.count(page.counts) for each in VIEWS])

    @on(LineList.Moved)
    def _moved(self) -> None:
        keys = [each.id for each in self._deliveries[-_AHEAD:]]
        if self._page is not None and self._page.has_more and self.messages.key in keys:
            self._read_more()
        self._show_delivery()

    def _show_delivery(self) -> None:
        """Show the selected delivery, and begin to read the attempts at it."""
        if self.is_being_left:
            return
        page, delivery = self.query_one(".page", Static), self.delivery
        if delivery is None:
            page.update(safe(self._describe_none(), "$quiet"))
            return
        if delivery.id != self._shown_key:
            self._shown_key = delivery.id
            self.pane.scroll_home(animate=False)
        known = self._attempts
        attempts = known[1] if known is not None and known[0] == delivery else None
        page.update(detail_text(delivery, attempts, self._look(page.size.width)))
        if attempts is None:
            self._read_attempts(delivery)

    @work(group="attempts", exclusive=True)
    async def _read_attempts(self, delivery: ListedDelivery) -> None:
        """Read the attempts at a delivery, once the cursor rests on it."""
        await asyncio.sleep(REST)
        read = partial(read_attempts, self.session.desk, delivery)
        attempts = await self._client.in_thread(read, "attempts")
        if isinstance(attempts, Refusal):
            self.show_message(attempts.reason, True)
        elif self.delivery == delivery:
            self._attempts = (delivery, attempts)
            self._show_delivery()

    def _describe_none(self) -> str:
        if self._page is None:
            return "reading …"
        return describe_empty(self._view, is_past=self.session.replay is not None)

    def _look(self, width: int) -> OutboxLook:
        return OutboxLook(self.session.zone, self.session.now(), width)

    # Movement.

    def action_turn(self, by: int) -> None:
        """Open the next view (1) or the previous one (-1)."""
        self.action_view((VIEWS.index(self._view) + by) % len(VIEWS))

    def action_view(self, place: int) -> None:
        """Open a view by its index."""
        self._view = VIEWS[place]
        if self._page is not None:
            self._show_tabs(self._page)
        self._read()

    def action_back(self) -> None:
        """Go one step back: clear the message at the foot, leave the details, leave the screen."""
        if self.foot.clear_message():
            return
        if self.is_reading:
            self.set_reading(on=False)
        else:
            self.dismiss(None)

    @on(LineList.Opened)
    def action_open(self) -> None:
        """Open the ticket that the selected message is about."""
        delivery = self.delivery
        if delivery is None:
            self.show_message(NO_MESSAGE, True)
        elif delivery.ref is None:
            self.show_message("This message is about no ticket.", True)
        else:
            self.dismiss(delivery.ref)

    # Another attempt.

    def action_retry(self) -> None:
        """Send the selected message again at once; one that may have arrived, after a question."""
        delivery = self.delivery
        if delivery is None:
            self.show_message(NO_MESSAGE, True)
        elif self.may_act():
            typed: TypeAhead = self.app.typed  # type: ignore[attr-defined]
            start_worker(self, self._retry, delivery, typed.hold(), group="dialog")

    async def _retry(self, delivery: ListedDelivery, typed: KeyHold) -> None:
        try:
            is_unsure = delivery.fate is Fate.UNCONFIRMED
            if is_unsure and not await self._client.push_screen(
                Confirm("Send it again all the same?", MAY_COME_TWICE, "Send again"), typed
            ):
                return
            outcome = await self._client.submit(RetryDelivery(delivery.id, even_if_arrived=is_unsure))
            if isinstance(outcome, Refusal):
                typed.refuse()
                self.refuse(outcome)
            else:
                self.show_message("It is sent again now.", False)
                self._read()
        finally:
            typed.release()

    def refused_keys(self) -> Mapping[str, str]:
        """Return why the selected message cannot be sent again, for the key that does it."""
        why = self.session.read_only_reason or ("" if self.delivery is not None else NO_MESSAGE)
        return {"outbox.retry": why} if why else {}

    # Messages of the desk.

    def forget_erased(self) -> bool:
        """Read everything again: a contact was erased who may be named in it."""
        self._deliveries, self._attempts = (), None
        self._read()
        return False
