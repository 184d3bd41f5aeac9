"""The room everyone lives in: the queue, the ticket beside it, and what the desk tells of itself."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.events import Resize, ScreenResume, ScreenSuspend
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from supportdesk.console.acting import Acting
from supportdesk.console.announcing import Announcing
from supportdesk.console.attention import Attention
from supportdesk.console.commanding import Commanding
from supportdesk.console.finding import Finding
from supportdesk.console.keymap import KEYS, Place, bar, bindings, remapped
from supportdesk.console.link import DeskLink
from supportdesk.console.messages import (
    DeskFailed,
    DeskFound,
    DeskLost,
    DeskOpened,
    ExplanationRead,
    QueueChanged,
    RosterRead,
    TicketRead,
)
from supportdesk.console.panes import Panes
from supportdesk.console.replaying import PACE, steer
from supportdesk.console.session import Session
from supportdesk.console.showing import Showing
from supportdesk.console.signs import signs_here
from supportdesk.console.visiting import VISITS, Narrow, Visit, reference_of
from supportdesk.console.widgets.desk_header import DeskHeader
from supportdesk.console.widgets.detail_pane import DetailPane
from supportdesk.console.widgets.filter_line import FilterLine
from supportdesk.console.widgets.foot_line import FootLine
from supportdesk.console.widgets.queue_list import QueueList
from supportdesk.console.widgets.queue_rows import QueuePainter
from supportdesk.console.widgets.too_small import TooSmall
from supportdesk.resources import style_path
from supportdesk.sla.clocks import epoch

if TYPE_CHECKING:
    from rich.style import Style
    from textual.binding import BindingType

    from supportdesk.console.drafts import Drafts
    from supportdesk.console.outer_terminal import OuterTerminal
    from supportdesk.console.queue.book import Turn
    from supportdesk.console.type_ahead import Hold, TypeAhead
    from supportdesk.settings.settings import Pane, Settings
    from supportdesk.store.views import QueueRow

SECOND = 1.0


class QueueScreen(Screen[None]):
    """Puts together the queue, the open ticket and the desk; what blocks is done by its `DeskLink`."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.TICKET, Place.DESK, Place.REPLAY)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (124, "-wide"), (140, "-broad")]  # noqa: RUF012 - as the base class has it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012
    AUTO_FOCUS = "QueueList"
    CSS_PATH = style_path("console.tcss")

    def __init__(
        self,
        link: DeskLink,
        typed: TypeAhead,
        *,
        username: str,
        desk: str,
        terminal: OuterTerminal,
        settings: Settings,
        drafts: Drafts,
        remember_pane: Callable[[Pane], None],
        dismiss_calls: Callable[[], bool],
        begin_at: str = "",
    ) -> None:
        super().__init__()
        self._typed = typed
        self._opening = typed.hold()
        self.session: Session | None = None
        self.header, self.line, self.foot = DeskHeader(), FilterLine(), FootLine()
        self.queue, self.detail, self.too_small = QueueList(), DetailPane(), TooSmall()
        self._username = username
        self._settings = settings
        self._drafts = drafts
        self._dismiss_calls = dismiss_calls
        self._link = link
        self._signs = signs_here()
        self._panes = Panes(
            self, self.queue, self.detail, pane=settings.pane, say=self._say, remember=remember_pane
        )
        self._showing = Showing(self, link, self.queue, self.detail)
        self._commanding = Commanding(self, link, self._say, self.queue.whereabouts)
        self._acting = Acting(self._commanding, self.queue, self._say)
        self._finding = Finding(self.line, self.queue, self._commanding.read, self._say)
        self._attention = Attention(self, self._commanding, self._say, begin_at)
        self.announcing = Announcing(self, self.header, desk, terminal, settings)

    def compose(self) -> ComposeResult:
        """Header, filter, queue and ticket, keys."""
        yield self.header
        yield self.line
        yield self.queue
        yield self.detail
        yield self.foot
        yield self.too_small

    @property
    def row(self) -> QueueRow | None:
        """The ticket that is looked at."""
        return self._showing.row

    # What the desk tells.

    def on_mount(self) -> None:
        """Says what is going on."""
        self.foot.say("Opening the desk …")

    def on_desk_opened(self, message: DeskOpened) -> None:
        """Shows the queue and begins to tick."""
        door = message.door
        session = self.session = Session(
            username=self._username,
            door=door,
            model=message.model,
            person=message.person,
            policy=message.policy,
            roster=message.roster,
            settings=self._settings,
            drafts=self._drafts,
            keys=remapped(self._settings.keys),
            # A past desk is known by the controls that it has.
            replay=getattr(door, "controls", None),
        )

        def painter(width: int, look: Callable[[str], Style]) -> QueuePainter:
            own = session.settings.columns
            return QueuePainter(
                width, look, self._signs, door.policies, session.policy, zone=session.zone, wanted=own
            )

        self.foot.hush()
        self._finding.begin(session)
        self.queue.on_cursor = self._show_ticket
        self.queue.show(message.model, painter, epoch(door.now()))
        self._show_keys()
        self.tick()
        self.announcing.begin(session)
        # A long queue stays as it is: the collector of garbage need not look through it again and again.
        gc.freeze()
        pace = PACE if session.replay else SECOND
        self.set_timer(pace - time.time() % pace, partial(self._begin_to_tick, pace))
        begin = self._attention.begin(session, self._typed.hold(), self._open)
        self.run_worker(begin, group="begin")
        self._opening.release()

    def on_queue_changed(self, message: QueueChanged) -> None:
        """Shows what changed, wherever it was done."""
        if self.session is not None:
            self._attention.heed(self.session, message.rows)
            self._heed(self.queue.take(message.rows, epoch(self.session.now())))
        self._pass_on(message)

    def on_roster_read(self, message: RosterRead) -> None:
        """Takes in another rota, staff or policy."""
        if self.session is not None:
            self.session.roster, self.session.policy = message.roster, message.policy
            self.queue.repaint()
            self._tell()
        self._pass_on(message)

    def on_desk_lost(self, message: DeskLost) -> None:
        """Keeps what is shown, dimmed, and says since when it may be out of date."""
        if self.session is not None:
            self.session.lost, self.session.stale_since = message.reason, message.since
            self.queue.stale = self.detail.stale = True
            self._tell()
        self._say(message.reason, True)
        self._opening.release()
        self._pass_on(message)

    def on_desk_found(self, message: DeskFound) -> None:
        """Shows the desk as it is again."""
        if self.session is not None:
            self.session.lost = self.session.stale_since = None
            self.queue.stale = self.detail.stale = False
            self._tell()
            self._say("The desk is back.", False)
        self._pass_on(message)

    def _pass_on(self, message: Message) -> None:
        """Lets the screens that stand before this one know, too."""
        for screen in self.app.screen_stack:
            if screen is not self:
                screen.post_message(copy(message))

    def on_desk_failed(self, message: DeskFailed) -> None:
        """Ends the console: nobody knows what state the desk's thread is in."""
        raise message.error

    def on_ticket_read(self, message: TicketRead) -> None:
        """Fills in the timeline and the rest of the ticket that is looked at."""
        if self.session is not None:
            self._showing.read(self.session, message)

    def on_explanation_read(self, message: ExplanationRead) -> None:
        """Shows how the figures came about."""
        if self.session is not None:
            self._showing.explained(self.session, message)

    # What time brings.

    def _begin_to_tick(self, pace: float) -> None:
        self.tick()
        self.set_interval(pace, self.tick)

    def tick(self) -> None:
        """A second has gone by; what has changed with it is drawn, unless a dialog covers it."""
        if self.session is None:
            return
        now = epoch(self.session.now())
        self._heed(self.queue.tick(now))
        self.foot.tick()
        if self.is_current:
            # In a frame of its own: drawn together, all that lies between the two would be drawn as well.
            self.detail.tick(now)
            if self.announcing.is_due(self.session):
                self._tell()
        self._mind_handover(self.session)

    def _heed(self, turn: Turn | None) -> None:
        """Tells the counts, and calls those whom it concerns."""
        if self.session is not None and self.announcing.heed(self.session, turn):
            self._tell()

    def _mind_handover(self, session: Session) -> None:
        """Reads the rota anew when the shift is over."""
        shift = session.roster.on_call
        if shift is not None and session.now() >= shift.ends:
            self.run_worker(self._link.read_roster, thread=True, group="roster", exclusive=True)

    def _tell(self) -> None:
        """Brings the header up to date."""
        if self.session is not None and self.is_current:
            self.announcing.tell(self.session)
            self._finding.tell()

    # The ticket that is looked at.

    def _show_ticket(self) -> None:
        if self.session is not None:
            self._showing.show(self.session)
            self._show_keys()

    @on(DetailPane.TabTurned)
    def _tab_turned(self) -> None:
        self._showing.explain()

    @on(QueueList.Opened)
    def _open_ticket(self) -> None:
        self._panes.open()
        self._show_ticket()

    @on(DetailPane.Dragged)
    def _drag(self, event: DetailPane.Dragged) -> None:
        self._panes.drag(event.to)

    def action_pane(self, way: str) -> None:
        """Has queue and ticket share the screen otherwise."""
        self._panes.change(way)

    def action_step(self, by: int) -> None:
        """Opens the next ticket of the queue, or the one before."""
        self._showing.leave()
        self.queue.step(by)

    def action_back(self) -> None:
        """One step back: out of the width, the ticket, the filter, the view; never out of the console."""
        self.foot.hush()
        if self._dismiss_calls() or self.queue.unmark():
            return
        if self._showing.leave():
            self._show_ticket()
        if self._panes.back() or self._finding.close():
            return
        if self.queue.model is not None and not self.queue.model.is_first_view:
            self.look(self.queue.model.book.views[0].name)

    # What one does.

    def action_command(self, verb: str) -> None:
        """Does something to the ticket that is looked at, or to all that are marked."""
        if self._may_act() and self.session is not None:
            alone, typed = self._place is Place.DETAIL, self._typed.hold()
            doing = self._acting.act(self.session, verb, self.row, typed, alone=alone)
            self.run_worker(doing, group="dialog")

    def action_visit(self, place: str, text: str = "") -> None:
        """Visits a place, and goes to the ticket that one comes back with."""
        visit = VISITS[place]
        if (not visit.acts or self._may_act()) and self.session is not None:
            self.run_worker(self._visit(self.session, visit, text, self._typed.hold()), group="dialog")

    async def _visit(self, session: Session, visit: Visit, text: str, typed: Hold) -> None:
        screen = visit.open(session, self._commanding, text)
        came = await self._commanding.shown(screen, typed)
        if isinstance(came, Narrow):
            self._finding.look_at(came.text)
        elif (ref := reference_of(came)) is not None:
            await self._open(ref)

    async def _open(self, ref: str, *, inside: bool = False) -> None:
        """Puts the cursor on a ticket, or goes `inside`; opens one that is not in the queue, such as a closed one."""
        if self.queue.find(ref):
            self._open_ticket() if inside else self.queue.focus()
        elif (view := await self._commanding.read(ref)) is not None:
            self._showing.stay_at(view)
            self._open_ticket()

    def _may_act(self) -> bool:
        """Whether anything can be done at this desk now; says why not."""
        refusal = self.session.refusal if self.session is not None else "The desk is not open yet."
        if refusal is not None:
            self._say(refusal, True)
        return refusal is None

    def action_filter(self) -> None:
        """Opens the line in which one types what the queue is narrowed to."""
        if self.session is not None:
            self._finding.open()

    def action_seek(self, by: int = 0) -> None:
        """Opens the line in which one types what to go to; with 1 or -1 goes on to the next such ticket or back."""
        if self.session is not None:
            self._finding.seek(by)

    @on(QueueList.Marked)
    def _marked(self, event: QueueList.Marked) -> None:
        self.foot.marked = event.count
        if event.why:
            self._say(event.why, True)

    @on(FilterLine.Kept)
    def _keep(self, event: FilterLine.Kept) -> None:
        if self._finding.keep(event.text) and event.entered:
            self.run_worker(self._go_to(event, self._typed.hold()), group="go to")

    async def _go_to(self, kept: FilterLine.Kept, typed: Hold) -> None:
        try:
            if (view := await self._finding.go_to(kept.text, kept.sign)) is not None:
                self._showing.stay_at(view)
                self._open_ticket()
        finally:
            typed.release()

    def action_next_view(self, by: int) -> None:
        """Takes the next view, or the one before."""
        if self.queue.model is not None:
            self.look(self.queue.model.view_after(by))

    @on(DeskHeader.ViewChosen)
    def _view_chosen(self, event: DeskHeader.ViewChosen) -> None:
        self.look(event.view)

    def look(self, view: str) -> None:
        """Takes a view, by its name."""
        self.queue.look_at(view)
        self._tell()

    def action_help(self) -> None:
        """Shows the keys that work here."""
        from supportdesk.console.help import entries
        from supportdesk.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(entries(self.session, self._place, self.row)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A replay's keys work while there is one and nobody is typing."""
        if action == "replay":
            replaying = self.session is not None and self.session.replay is not None
            return replaying and not isinstance(self.focused, Input)
        return True

    def action_replay(self, way: str) -> None:
        """Steers the past that is played back."""
        if self.session is not None and self.session.replay is not None:
            steer(self.session.replay, way)
            self.tick()

    # The screen itself.

    def on_screen_suspend(self, event: ScreenSuspend) -> None:
        """Draws nothing while something else covers it."""
        self.queue.held = True

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Shows the present again."""
        self.queue.held = False
        self.queue.repaint()
        self.tick()
        self._tell()

    def on_resize(self, event: Resize) -> None:
        """Says so where there is too little room, and shows the ticket where there is room for it now."""
        self.too_small.display = TooSmall.holds(event.size)
        self._panes.arrange(event.size)
        self.call_after_refresh(self._show_ticket)
        self.call_after_refresh(self._show_keys)

    def on_descendant_focus(self) -> None:
        """Shows the keys that work there."""
        self._show_keys()

    @property
    def _place(self) -> Place:
        if self.focused is self.line.input:
            return Place.LINE
        return Place.DETAIL if self.focused is self.detail else Place.QUEUE

    def _show_keys(self) -> None:
        replaying = self.session is not None and self.session.replay is not None
        keys = self.session.keys if self.session is not None else KEYS
        paged = self.row is not None and self.row.page_open
        alone = self._panes.alone
        self.foot.keys = bar(self._place, replaying=replaying, narrow=alone, paged=paged, keys=keys)

    def _say(self, text: str, refused: bool) -> None:
        self.foot.say(text, refused=refused)
