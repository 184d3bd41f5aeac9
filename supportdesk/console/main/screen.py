"""The main screen: the queue, the ticket beside it, and the actions and screens that start there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.events import DescendantFocus, Resize, ScreenResume
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from supportdesk.console.desk_client import DeskClient
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.main.controllers import MainControllers, MainWidgets, StartOptions
from supportdesk.console.main.desk_updates import DeskUpdates
from supportdesk.console.main.header import DeskHeader
from supportdesk.console.main.replay_controls import control_replay
from supportdesk.console.messages import (
    ContactErased,
    DeskDisconnected,
    DeskFailed,
    DeskOpened,
    DeskReconnected,
    ExplanationLoaded,
    IncomingChanged,
    NewerVersionFound,
    QueueChanged,
    RecordsChanged,
    ReferenceDataChanged,
    StepsOverdue,
    TicketLoaded,
    WatcherSeen,
)
from supportdesk.console.navigation import DESTINATIONS
from supportdesk.console.queue.filter_bar import FilterBar
from supportdesk.console.queue.widget import QueueList
from supportdesk.console.ticket.pane import TicketPane
from supportdesk.console.voicemail.group import VoicemailGroup
from supportdesk.console.widgets.footer import Footer
from supportdesk.console.widgets.notice import Notice, Rank
from supportdesk.console.widgets.too_small import TooSmall
from supportdesk.console.workers import start_worker
from supportdesk.resources import style_path

if TYPE_CHECKING:
    from textual.binding import BindingType

    from supportdesk.console.calls.incoming import IncomingCalls
    from supportdesk.console.keys.type_ahead import TypeAhead
    from supportdesk.console.session import Session
    from supportdesk.settings.settings import PaneSettings
    from supportdesk.store.read_models import QueueRow


UNDO = "undo"
"""The command on whatever the operator did last, wherever the cursor is."""


class MainScreen(Screen[None]):
    """Connects keys, clicks and the desk's messages to the controllers that handle them.

    It has more than 25 methods because Textual finds actions and message handlers by their names on the screen; each
    delegates to a controller. The `client` makes the blocking calls, and its messages arrive here.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.TICKET, Scope.DESK, Scope.REPLAY)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (124, "-wide"), (140, "-broad")]  # noqa: RUF012 - as the base class has it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012
    AUTO_FOCUS = "QueueList"
    CSS_PATH = style_path("main.tcss")

    def __init__(
        self,
        client: DeskClient,
        typed: TypeAhead,
        options: StartOptions,
        *,
        remember_pane: Callable[[PaneSettings], None],
        find_calls: Callable[[], IncomingCalls | None],
    ) -> None:
        super().__init__()
        self.header, self.filter_bar, self.queue = DeskHeader(), FilterBar(), QueueList()
        self.ticket_pane, self.foot, self.too_small = TicketPane(), Footer(), TooSmall()
        self.voicemails = VoicemailGroup()
        self.typed, self._opening = typed, typed.hold()
        self._find_calls = find_calls
        widgets = MainWidgets(
            self.header, self.filter_bar, self.voicemails, self.queue, self.ticket_pane, self.foot
        )
        self.controllers = MainControllers(
            self,
            widgets,
            client,
            options,
            notice_target=self,
            show_ticket=self._show_ticket,
            remember_pane=remember_pane,
        )
        self.updates = DeskUpdates(self, widgets, self.controllers, options, self._begin)

    def compose(self) -> ComposeResult:
        """Yield header, filter bar, voicemails, queue, ticket pane and key bar."""
        yield self.header
        yield self.filter_bar
        yield self.voicemails
        yield self.queue
        yield self.ticket_pane
        yield self.foot
        yield self.too_small

    @property
    def session(self) -> Session | None:
        """The session at the desk; None until that is open."""
        return self.updates.session

    @property
    def row(self) -> QueueRow | None:
        """The current ticket: the one under the cursor, or the one that is open."""
        return self.controllers.ticket.row

    # The desk.

    def on_mount(self) -> None:
        """Say that the desk is being opened."""
        self.foot.show_message("Opening the desk …")

    @on(DeskOpened)
    @on(DeskFailed)
    @on(DeskDisconnected)
    @on(DeskReconnected)
    @on(QueueChanged)
    @on(ReferenceDataChanged)
    @on(RecordsChanged)
    @on(IncomingChanged)
    @on(ContactErased)
    @on(TicketLoaded)
    @on(ExplanationLoaded)
    @on(WatcherSeen)
    @on(NewerVersionFound)
    @on(StepsOverdue)
    def _apply_desk_message(self, message: Message) -> None:
        """Apply a message of the desk. The keys typed meanwhile wait until it is open, or cannot be opened."""
        self.updates.apply(message)
        if isinstance(message, ContactErased) and (calls := self._find_calls()) is not None:
            start_worker(self, calls.identify_again, group="ring")
        if isinstance(message, DeskOpened | DeskDisconnected):
            self._show_keys()
            self._opening.release()
            self.call_after_refresh(self.filter_bar.fill)

    def _begin(self, session: Session) -> None:
        """Load the operator's views, follow the cursor, and show the startup notices."""
        self.controllers.foot.session = session
        self.foot.clear_message()
        self.controllers.filter.begin(session)
        self.queue.on_cursor = self._show_ticket
        go_to = self.controllers.navigator.go_to
        start_worker(self, self.updates.alerts.begin, session, self.typed.hold(), go_to, group="begin")

    def on_screen_suspend(self) -> None:
        """Stop drawing while another screen covers this one."""
        self.updates.ticker.suspend()

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Draw the current state; remove a refusal from another screen, and the notices of drafts that were sent."""
        # Its widgets have just been given their styles when it is shown for the first time.
        event.refresh_styles = self.session is not None
        self.controllers.notices.clear_refusal()
        if self.session is not None:
            self.updates.alerts.refresh_draft_notices(self.session)
        self.updates.ticker.resume()

    # The ticket pane.

    def _show_ticket(self) -> None:
        if self.session is not None:
            self.controllers.ticket.show(self.session)
            self._show_keys()
        self.controllers.foot.on_ticket_shown()

    @on(TicketPane.TabChanged)
    def _tab_changed(self) -> None:
        self.controllers.ticket.explain()

    @on(QueueList.Opened)
    def _ticket_opened(self) -> None:
        self.controllers.navigator.open_ticket()

    @on(TicketPane.Dragged)
    def _dragged(self, event: TicketPane.Dragged) -> None:
        self.controllers.split.drag(event.to)

    def action_pane(self, action: str) -> None:
        """Change the split; see `SplitController.change`."""
        self.controllers.split.change(action)

    def action_step(self, by: int) -> None:
        """Go to the next ticket of the queue (1) or the previous one (-1)."""
        self.controllers.navigator.step(by)

    def action_back(self) -> None:
        """Go one step back, the first possible one in the order of `keymap.BACK`; never quit."""
        typing, calls = self._scope is Scope.FILTER, self._find_calls()
        steps: tuple[Callable[[], bool], ...] = (
            self.foot.clear_message,
            self.controllers.notices.clear_refusal,
            lambda: calls is not None and calls.dismiss_all(),
            lambda: typing and self.controllers.filter.close(),
            self._leave_voicemails,
            self.controllers.split.restore_zoom,
            self.controllers.navigator.leave_ticket,
            self.queue.unmark,
            self.controllers.filter.close,
            self._leave_view,
        )
        any(step() for step in steps)

    # The voicemails above the queue.

    def action_voicemail(self) -> None:
        """Go to the voicemails that wait."""
        self.controllers.navigator.leave_ticket()
        if not self.voicemails.focus_again():
            self.show_message("No voicemail waits.", False)

    @on(QueueList.LeftAtTop)
    def _queue_left(self) -> None:
        self.voicemails.enter()

    @on(VoicemailGroup.Left)
    def _leave_voicemails(self) -> bool:
        return self.controllers.navigator.leave_voicemails(self.voicemails)

    @on(VoicemailGroup.Opened)
    def _voicemail_opened(self, event: VoicemailGroup.Opened) -> None:
        self.action_visit("voicemail", event.key)

    @on(VoicemailGroup.Refused)
    def _refuse_voicemail(self) -> None:
        self.show_message(self.voicemails.refusal, True)

    # Commands, notices and other screens.

    def action_command(self, verb: str) -> None:
        """Run a command on the ticket in the pane, or on all marked tickets; none works on a voicemail."""
        if self._scope is Scope.VOICEMAIL and verb != UNDO:
            self._refuse_voicemail()
        elif self.controllers.foot.may_act() and self.session is not None:
            alone, typed = self._scope is Scope.TICKET_PANE, self.typed.hold()
            dispatch = partial(self.controllers.dispatcher.dispatch, alone=alone)
            start_worker(self, dispatch, self.session, verb, self.row, typed, group="dialog")

    def action_visit(self, place: str, text: str = "") -> None:
        """Open another screen, and go to the ticket with which it is dismissed."""
        destination = DESTINATIONS[place]
        if (not destination.acts or self.controllers.foot.may_act()) and self.session is not None:
            visit, typed = self.controllers.navigator.visit, self.typed.hold()
            start_worker(self, visit, self.session, destination, text, typed, group="dialog")

    def action_attachments(self) -> None:
        """List the attachments of the messages on the ticket; a voicemail has none."""
        if self._scope is Scope.VOICEMAIL:
            self._refuse_voicemail()
        elif self.row is not None:
            self.action_visit("attachments", self.row.ref)

    def act_on(self, notice: Notice) -> None:
        """Run a notice's command on its ticket, wherever the cursor is, or open its screen."""
        if not self.controllers.foot.may_act() or self.session is None:
            return
        if notice.ref and self.session.disconnected_reason is not None:
            self.show_message(self.session.disconnected_reason, True)
            return
        if notice.rank is Rank.DRAFT:
            self.controllers.notices.remove(notice.id)
        if notice.rank is Rank.TEST:
            start_worker(self, self.controllers.monthly_tests.acknowledge, notice, group="command")
        elif not notice.ref:
            self.action_visit(notice.verb, notice.target)
        else:
            run, verbs = self.controllers.runner.run, (notice.verb,)
            start_worker(self, run, self.session, verbs, notice.ref, self.typed.hold(), group="dialog")

    def open_from_notice(self, notice: Notice) -> str:
        """Open a notice's ticket, unless a dialog is open. Returns why not, or an empty text."""
        return self.controllers.navigator.open_from_notice(notice)

    def show_message(self, text: str, refused: bool) -> None:
        """Show a message at the foot; with `refused`, the reason for a refusal."""
        self.controllers.foot.show_message(text, refused)

    def action_help(self) -> None:
        """Show the keys that work here."""
        from supportdesk.console.dialogs.help_screen import HelpScreen
        from supportdesk.console.main.help_entries import help_entries

        self.app.push_screen(HelpScreen(help_entries(self.session, self._scope, self.row)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow a replay's keys only during a replay, and not while the operator types."""
        if action == "replay":
            replaying = self.session is not None and self.session.replay is not None
            return replaying and not isinstance(self.focused, Input)
        return True

    def action_replay(self, action: str) -> None:
        """Control the replay; see `control_replay`."""
        if self.session is not None and self.session.replay is not None:
            control_replay(self.session.replay, action)
            self.updates.ticker.tick()

    # Filter, search, marks and views.

    def action_filter(self) -> None:
        """Open the filter bar to type a filter."""
        if self.session is not None:
            self.foot.clear_message()
            self.controllers.filter.open()

    def action_seek(self, by: int = 0) -> None:
        """Open the filter bar to type a search; with 1 or -1 go to the next or the previous match."""
        if self.session is not None:
            self.foot.clear_message()
            self.controllers.filter.find(by)

    @on(FilterBar.Entered)
    def _filter_entered(self, event: FilterBar.Entered) -> None:
        if self.controllers.filter.apply(event.text) and event.by_enter:
            open_typed, typed = self.controllers.navigator.go_to_typed, self.typed.hold()
            start_worker(self, open_typed, event.text, event.sign, typed, group="go to")

    @on(QueueList.Marked)
    def _marks_changed(self, event: QueueList.Marked) -> None:
        self.foot.marked = event.count
        if event.why:
            self.show_message(event.why, True)

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
        self.updates.ticker.refresh_header()

    def _leave_view(self) -> bool:
        if self.queue.model is None or self.queue.model.is_first_view:
            return False
        self.select_view(self.queue.model.index.views[0].name)
        return True

    # Layout and focus.

    def on_resize(self, event: Resize) -> None:
        """Arrange the panes for the new size, or say that the terminal is too small."""
        self.too_small.display = TooSmall.applies_to(event.size)
        self.controllers.split.arrange(event.size)
        self.call_after_refresh(self._show_ticket)
        self.call_after_refresh(self._show_keys)

    @property
    def _scope(self) -> Scope:
        if self.focused is self.filter_bar.input:
            return Scope.FILTER
        if self.focused is self.voicemails:
            return Scope.VOICEMAIL
        return Scope.TICKET_PANE if self.focused is self.ticket_pane else Scope.QUEUE

    @on(DescendantFocus)
    def _show_keys(self) -> None:
        """Show the keys that work where the focus is."""
        self.controllers.foot.show_keys(self._scope, narrow=self.controllers.split.alone)
