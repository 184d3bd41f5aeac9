"""The main screen: the queue, the ticket beside it, and the actions and screens that start there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.events import Resize, ScreenResume
from textual.screen import ModalScreen

from supportdesk.console.commands.dispatcher import CommandDispatcher
from supportdesk.console.commands.runner import CommandRunner
from supportdesk.console.desk_client import DeskClient
from supportdesk.console.dialogs.dismissal import DismissOnce
from supportdesk.console.keys.keymap import KEYS, Scope, bar, bindings
from supportdesk.console.main.filter_controller import FilterController
from supportdesk.console.main.header import DeskHeader
from supportdesk.console.main.live_screen import LiveScreen
from supportdesk.console.main.split import SplitController
from supportdesk.console.messages import DeskReconnected
from supportdesk.console.navigation import DESTINATIONS, Destination
from supportdesk.console.notifications.controller import NoticeController
from supportdesk.console.notifications.operator_alerts import OperatorAlerts
from supportdesk.console.queue.filter_bar import FilterBar
from supportdesk.console.queue.widget import QueueList
from supportdesk.console.results import ShowTickets, reference_of
from supportdesk.console.session import Session
from supportdesk.console.ticket.pane import TicketPane
from supportdesk.console.widgets.notice import Notice, Rank
from supportdesk.console.widgets.too_small import TooSmall
from supportdesk.desk_api import Applied
from supportdesk.resources import style_path

if TYPE_CHECKING:
    from textual.binding import BindingType

    from supportdesk.console.drafts.drafts import Drafts
    from supportdesk.console.keys.keymap import Key
    from supportdesk.console.keys.type_ahead import KeyHold, TypeAhead
    from supportdesk.console.terminal.host import HostTerminal
    from supportdesk.settings.settings import PaneSettings, Settings
    from supportdesk.store.read_models import QueueRow


class MainScreen(LiveScreen):
    """Connects the actions of the keys to their controllers.

    It has more than 25 methods because Textual finds actions and message handlers by their names on the screen; each
    delegates to a controller.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.TICKET, Scope.DESK, Scope.REPLAY)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (124, "-wide"), (140, "-broad")]  # noqa: RUF012 - as the base class has it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012
    AUTO_FOCUS = "QueueList"
    CSS_PATH = style_path("main.tcss")

    def __init__(
        self,
        link: DeskClient,
        typed: TypeAhead,
        *,
        username: str,
        desk: str,
        terminal: HostTerminal,
        settings: Settings,
        drafts: Drafts,
        remember_pane: Callable[[PaneSettings], None],
        dismiss_calls: Callable[[], bool],
        open_first: str = "",
    ) -> None:
        super().__init__(
            link,
            typed,
            username=username,
            desk=desk,
            terminal=terminal,
            settings=settings,
            drafts=drafts,
        )
        self.line, self.too_small = FilterBar(), TooSmall()
        self._typed = typed
        self._refused_ref: str | None = None
        """The ticket under the cursor that a refusal at the foot is about."""
        self._noticed_ref = ""
        """The ticket of a notice for which the screen in front was closed: it is opened, not only selected."""
        self._dismiss_calls = dismiss_calls
        self._split = SplitController(
            self, self.queue, self.detail, pane=settings.pane, say=self.say, remember=remember_pane
        )
        self.notices = NoticeController(self.app, self, self._bound_keys)
        self._runner = CommandRunner(self, link, self.say, self.queue.location_note, self.notices.add)
        self._dispatcher = CommandDispatcher(self._runner, self.queue, self.say)
        self._filter = FilterController(self.line, self.queue, self._runner.load_ticket, self.say)
        self._alerts = OperatorAlerts(self, self._runner, self.notices, self.say, open_first)

    def compose(self) -> ComposeResult:
        """Yield header, filter bar, queue, ticket pane and key bar."""
        yield self.header
        yield self.line
        yield self.queue
        yield self.detail
        yield self.foot
        yield self.too_small

    # The desk's messages.

    def begin(self, session: Session) -> None:
        """Load the operator's views, follow the cursor, and show the startup notices."""
        self._filter.begin(session)
        self.queue.on_cursor = self._show_ticket
        greet = self._alerts.begin(session, self._typed.hold(), self._open)
        self.run_worker(greet, group="begin")

    def on_before_change(self, session: Session, rows: Iterable[QueueRow]) -> None:
        """Show notices of changes that concern the operator."""
        self._alerts.on_rows_changed(session, rows)

    @on(ScreenResume)
    def _look_at_drafts(self) -> None:
        """Remove the notices of drafts that have been sent, and a refusal from another screen."""
        self.notices.clear_refusal()
        if self.session is not None:
            self._alerts.refresh_draft_notices(self.session)

    @on(DeskReconnected)
    def _look_at_pages(self) -> None:
        if self.session is not None:
            self._alerts.show_pages_again(self.session)

    def duty_began(self, session: Session) -> None:
        """Show the operator the tickets for which nobody was paged."""
        self._alerts.duty_began(session)

    def duty_ended(self, session: Session) -> None:
        """Remove the notices of tickets for which nobody was paged."""
        self._alerts.duty_ended(session)

    def refresh_header(self) -> None:
        """Refresh the header and the count in the filter bar."""
        super().refresh_header()
        if self.session is not None and self.is_seen:
            self._filter.show_count()

    # The ticket pane.

    def _show_ticket(self) -> None:
        if self.session is not None:
            self.detail_controller.show(self.session)
            self.show_keys()
        if self._refused_ref is not None and (self.row is None or self.row.ref != self._refused_ref):
            # The keys that a refusal names would act on the ticket that the cursor has gone to.
            self._refused_ref = None
            self.foot.hush()

    @on(TicketPane.TabTurned)
    def _tab_turned(self) -> None:
        self.detail_controller.explain()

    @on(QueueList.Opened)
    def _open_ticket(self) -> None:
        self._split.open()
        self._show_ticket()
        if self.row is not None:
            self.notices.remove_about(self.row.ref)

    @on(TicketPane.Dragged)
    def _drag(self, event: TicketPane.Dragged) -> None:
        self._split.drag(event.to)

    def action_pane(self, way: str) -> None:
        """Change the split; see `SplitController.change`."""
        self._split.change(way)

    def action_step(self, by: int) -> None:
        """Open the next ticket of the queue (1) or the previous one (-1)."""
        self.detail_controller.unpin()
        self.queue.step(by)

    def action_back(self) -> None:
        """Go one step back, the first possible one in the order of `keymap.BACK`; never quit."""
        typing = self._scope is Scope.LINE
        steps: tuple[Callable[[], bool], ...] = (
            self.foot.hush,
            self.notices.clear_refusal,
            self._dismiss_calls,
            lambda: typing and self._filter.close(),
            self._split.restore_zoom,
            self._leave_ticket,
            self.queue.unmark,
            self._filter.close,
            self._leave_view,
        )
        any(step() for step in steps)

    def _leave_ticket(self) -> bool:
        apart = self.detail_controller.unpin()
        if apart:
            self._show_ticket()
        return self._split.leave() or apart

    def _leave_view(self) -> bool:
        if self.queue.model is None or self.queue.model.is_first_view:
            return False
        self.select_view(self.queue.model.index.views[0].name)
        return True

    # Commands and other screens.

    def action_command(self, verb: str) -> None:
        """Run a command on the ticket in the pane, or on all marked tickets."""
        if self._may_act() and self.session is not None:
            alone, typed = self._scope is Scope.DETAIL, self._typed.hold()
            doing = self._dispatcher.dispatch(self.session, verb, self.row, typed, alone=alone)
            self.run_worker(doing, group="dialog")

    def action_visit(self, place: str, text: str = "") -> None:
        """Open another screen, and go to the ticket with which it is dismissed."""
        visit = DESTINATIONS[place]
        if (not visit.acts or self._may_act()) and self.session is not None:
            self.run_worker(self._visit(self.session, visit, text, self._typed.hold()), group="dialog")

    async def _visit(self, session: Session, visit: Destination, text: str, typed: KeyHold) -> None:
        screen = visit.open(session, self._runner, text)
        self._noticed_ref = ""
        came = await self._runner.push_screen(screen, typed)
        if isinstance(came, ShowTickets):
            self._filter.show_tickets(came.text)
        elif (ref := reference_of(came)) is not None:
            await self._open(ref, inside=ref == self._noticed_ref)
            if isinstance(came, Applied):
                await self._runner.report_last_change(session, ref)

    async def _open(self, ref: str, *, inside: bool = False) -> None:
        """Move the cursor to a ticket, or open it with `inside`; one that is not in the queue is always opened."""
        if self.queue.find(ref):
            self._open_ticket() if inside else self.queue.focus()
        elif (view := await self._runner.load_ticket(ref)) is not None:
            self.detail_controller.pin(view)
            self._open_ticket()

    # Notices.

    def act_on(self, notice: Notice) -> None:
        """Run a notice's command on its ticket, wherever the cursor is, or open its screen."""
        if not self._may_act() or self.session is None:
            return
        if notice.ref and self.session.lost is not None:
            self.say(self.session.lost, True)
            return
        if notice.rank is Rank.DRAFT:
            self.notices.remove(notice.id)
        if not notice.ref:
            self.action_visit(notice.verb)
        else:
            doing = self._runner.run(self.session, (notice.verb,), notice.ref, self._typed.hold())
            self.run_worker(doing, group="dialog")

    def open_from_notice(self, notice: Notice) -> str:
        """Open a notice's ticket, unless a dialog is open. Returns why not, or an empty text."""
        front = self.app.screen
        if front is self:
            self.run_worker(self._open(notice.ref, inside=True), group="go to")
        elif isinstance(front, DismissOnce) and not isinstance(front, ModalScreen):
            self._noticed_ref = notice.ref
            front.dismiss(notice.ref)
        else:
            from supportdesk.console.dialogs.dialog import key_for

            return f"Close this first ({key_for(front, 'dialog.leave')}): what you typed is saved."
        return ""

    def say(self, text: str, refused: bool) -> None:
        """Show a text at the foot; a refusal also beside the notice if another screen covers the foot."""
        super().say(text, refused)
        self._refused_ref = (
            self.row.ref if refused and self.row is not None and self.row.ref in text else None
        )
        if refused and not self.is_active:
            self.notices.refuse(text)

    def _bound_keys(self) -> Sequence[Key]:
        return self.session.keys if self.session is not None else KEYS

    def _may_act(self) -> bool:
        """Return whether the operator can change anything at this desk; show why not."""
        refusal = self.session.read_only_reason if self.session is not None else "The desk is not open yet."
        if refusal is not None:
            self.say(refusal, True)
        return refusal is None

    def action_filter(self) -> None:
        """Open the filter bar to type a filter."""
        if self.session is not None:
            self.foot.hush()
            self._filter.open()

    def action_seek(self, by: int = 0) -> None:
        """Open the filter bar to type a search; with 1 or -1 go to the next or the previous match."""
        if self.session is not None:
            self.foot.hush()
            self._filter.find(by)

    @on(QueueList.Marked)
    def _marked(self, event: QueueList.Marked) -> None:
        self.foot.marked = event.count
        if event.why:
            self.say(event.why, True)

    @on(FilterBar.Kept)
    def _keep(self, event: FilterBar.Kept) -> None:
        if self._filter.apply(event.text) and event.entered:
            self.run_worker(self._go_to(event, self._typed.hold()), group="go to")

    async def _go_to(self, kept: FilterBar.Kept, typed: KeyHold) -> None:
        try:
            if (view := await self._filter.go_to(kept.text, kept.sign)) is not None:
                self.detail_controller.pin(view)
                self._open_ticket()
        finally:
            typed.release()

    def action_next_view(self, by: int) -> None:
        """Select the next view (1) or the previous one (-1)."""
        if self.queue.model is not None:
            self.select_view(self.queue.model.view_after(by))

    @on(DeskHeader.ViewChosen)
    def _view_chosen(self, event: DeskHeader.ViewChosen) -> None:
        self.select_view(event.view)

    def select_view(self, view: str) -> None:
        """Select a view by its name."""
        self.queue.select_view(view)
        self.refresh_header()

    def action_help(self) -> None:
        """Show the keys that work here."""
        from supportdesk.console.dialogs.help_screen import HelpScreen
        from supportdesk.console.main.help_entries import help_entries

        self.app.push_screen(HelpScreen(help_entries(self.session, self._scope, self.row)))

    # Layout and focus.

    def on_resize(self, event: Resize) -> None:
        """Arrange the panes for the new size, or say that the terminal is too small."""
        self.too_small.display = TooSmall.applies_to(event.size)
        self._split.arrange(event.size)
        self.call_after_refresh(self._show_ticket)
        self.call_after_refresh(self.show_keys)

    def on_descendant_focus(self) -> None:
        """Show the keys that work where the focus is."""
        self.show_keys()

    @property
    def _scope(self) -> Scope:
        if self.focused is self.line.input:
            return Scope.LINE
        return Scope.DETAIL if self.focused is self.detail else Scope.QUEUE

    def show_keys(self) -> None:
        """Show the keys that work where the focus is."""
        replaying = self.session is not None and self.session.replay is not None
        keys = self._bound_keys()
        paged = self.row is not None and self.row.is_paging
        alone = self._split.alone
        self.foot.keys = bar(self._scope, replaying=replaying, narrow=alone, paged=paged, keys=keys)
