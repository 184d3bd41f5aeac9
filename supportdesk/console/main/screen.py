"""The room everyone lives in: the queue, the ticket beside it, and all that is done and visited from there."""

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
    from supportdesk.settings.settings import Pane, Settings
    from supportdesk.store.read_models import QueueRow


class MainScreen(LiveScreen):
    """Puts together the queue, the open ticket and what the keys do there."""

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
        remember_pane: Callable[[Pane], None],
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
        """The ticket under the cursor about which a refusal stands at the foot."""
        self._noticed_ref = ""
        """The ticket of a notice for which the screen in front was left: it is opened, not only gone to."""
        self._dismiss_calls = dismiss_calls
        self._split = SplitController(
            self, self.queue, self.detail, pane=settings.pane, say=self.say, remember=remember_pane
        )
        self.notices = NoticeController(self.app, self, self._bound_keys)
        self._runner = CommandRunner(self, link, self.say, self.queue.whereabouts, self.notices.add)
        self._dispatcher = CommandDispatcher(self._runner, self.queue, self.say)
        self._filter = FilterController(self.line, self.queue, self._runner.load_ticket, self.say)
        self._alerts = OperatorAlerts(self, self._runner, self.notices, self.say, open_first)

    def compose(self) -> ComposeResult:
        """Header, filter, queue and ticket, keys."""
        yield self.header
        yield self.line
        yield self.queue
        yield self.detail
        yield self.foot
        yield self.too_small

    # What the desk tells.

    def begin(self, session: Session) -> None:
        """Has the session's views, follows the cursor, and says what asks for the operator."""
        self._filter.begin(session)
        self.queue.on_cursor = self._show_ticket
        greet = self._alerts.begin(session, self._typed.hold(), self._open)
        self.run_worker(greet, group="begin")

    def on_before_change(self, session: Session, rows: Iterable[QueueRow]) -> None:
        """Says what is new for the operator."""
        self._alerts.on_rows_changed(session, rows)

    @on(ScreenResume)
    def _look_at_drafts(self) -> None:
        """Has no notice ask for a form that has been sent meanwhile, nor say what did nothing on another screen."""
        self.notices.clear_refusal()
        if self.session is not None:
            self._alerts.refresh_draft_notices(self.session)

    @on(DeskReconnected)
    def _look_at_pages(self) -> None:
        if self.session is not None:
            self._alerts.show_pages_again(self.session)

    def duty_began(self, session: Session) -> None:
        """Tells the operator for what nobody was paged."""
        self._alerts.duty_began(session)

    def duty_ended(self, session: Session) -> None:
        """Asks the operator no more for what nobody was paged."""
        self._alerts.duty_ended(session)

    def refresh_header(self) -> None:
        """Brings header and filter up to date."""
        super().refresh_header()
        if self.session is not None and self.is_seen:
            self._filter.show_count()

    # The ticket that is looked at.

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
        """Has queue and ticket share the screen otherwise."""
        self._split.change(way)

    def action_step(self, by: int) -> None:
        """Opens the next ticket of the queue, or the one before."""
        self.detail_controller.leave()
        self.queue.step(by)

    def action_back(self) -> None:
        """Takes one step back, the first that there is of those in BACK in the keymap; never leaves the console."""
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
        apart = self.detail_controller.leave()
        if apart:
            self._show_ticket()
        return self._split.leave() or apart

    def _leave_view(self) -> bool:
        if self.queue.model is None or self.queue.model.is_first_view:
            return False
        self.select_view(self.queue.model.book.views[0].name)
        return True

    # What one does.

    def action_command(self, verb: str) -> None:
        """Does something to the ticket that is looked at, or to all that are marked."""
        if self._may_act() and self.session is not None:
            alone, typed = self._scope is Scope.DETAIL, self._typed.hold()
            doing = self._dispatcher.dispatch(self.session, verb, self.row, typed, alone=alone)
            self.run_worker(doing, group="dialog")

    def action_visit(self, place: str, text: str = "") -> None:
        """Visits a place, and goes to the ticket that one comes back with."""
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
        """Puts the cursor on a ticket, or goes `inside`; opens one that is not in the queue, such as a closed one."""
        if self.queue.find(ref):
            self._open_ticket() if inside else self.queue.focus()
        elif (view := await self._runner.load_ticket(ref)) is not None:
            self.detail_controller.stay_at(view)
            self._open_ticket()

    # What notices ask for.

    def act_on(self, notice: Notice) -> None:
        """Gives a notice's command to its ticket, wherever the cursor is, or visits its place."""
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
        """Opens a notice's ticket; what is typed on a screen in front is not left for it."""
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
        """Says something at the foot; a refusal also beside the notice, where another screen covers the foot."""
        super().say(text, refused)
        self._refused_ref = (
            self.row.ref if refused and self.row is not None and self.row.ref in text else None
        )
        if refused and not self.is_active:
            self.notices.refuse(text)

    def _bound_keys(self) -> Sequence[Key]:
        return self.session.keys if self.session is not None else KEYS

    def _may_act(self) -> bool:
        """Whether anything can be done at this desk now; says why not."""
        refusal = self.session.read_only_reason if self.session is not None else "The desk is not open yet."
        if refusal is not None:
            self.say(refusal, True)
        return refusal is None

    def action_filter(self) -> None:
        """Opens the line in which one types what the queue is narrowed to."""
        if self.session is not None:
            self.foot.hush()
            self._filter.open()

    def action_seek(self, by: int = 0) -> None:
        """Opens the line in which one types what to go to; with 1 or -1 goes on to the next such ticket or back."""
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
                self.detail_controller.stay_at(view)
                self._open_ticket()
        finally:
            typed.release()

    def action_next_view(self, by: int) -> None:
        """Takes the next view, or the one before."""
        if self.queue.model is not None:
            self.select_view(self.queue.model.view_after(by))

    @on(DeskHeader.ViewChosen)
    def _view_chosen(self, event: DeskHeader.ViewChosen) -> None:
        self.select_view(event.view)

    def select_view(self, view: str) -> None:
        """Takes a view, by its name."""
        self.queue.look_at(view)
        self.refresh_header()

    def action_help(self) -> None:
        """Shows the keys that work here."""
        from supportdesk.console.dialogs.help_screen import HelpScreen
        from supportdesk.console.main.help_entries import help_entries

        self.app.push_screen(HelpScreen(help_entries(self.session, self._scope, self.row)))

    # The screen itself.

    def on_resize(self, event: Resize) -> None:
        """Says so where there is too little room, and shows the ticket where there is room for it now."""
        self.too_small.display = TooSmall.holds(event.size)
        self._split.arrange(event.size)
        self.call_after_refresh(self._show_ticket)
        self.call_after_refresh(self.show_keys)

    def on_descendant_focus(self) -> None:
        """Shows the keys that work there."""
        self.show_keys()

    @property
    def _scope(self) -> Scope:
        if self.focused is self.line.input:
            return Scope.LINE
        return Scope.DETAIL if self.focused is self.detail else Scope.QUEUE

    def show_keys(self) -> None:
        """Shows the keys that work where the cursor is."""
        replaying = self.session is not None and self.session.replay is not None
        keys = self._bound_keys()
        paged = self.row is not None and self.row.is_paging
        alone = self._split.alone
        self.foot.keys = bar(self._scope, replaying=replaying, narrow=alone, paged=paged, keys=keys)
