"""The room everyone lives in: the queue, the ticket beside it, and what the desk tells of itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Resize, ScreenResume, ScreenSuspend
from textual.screen import Screen
from textual.widgets import Input

from supportdesk.console.commanding import Commanding
from supportdesk.console.keymap import KEYS, Place, bar, bindings
from supportdesk.console.link import DeskLink
from supportdesk.console.looked_at import LookedAt
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
from supportdesk.console.reading import TicketReader
from supportdesk.console.signs import signs_here
from supportdesk.console.widgets.desk_header import DeskHeader
from supportdesk.console.widgets.detail_pane import DetailPane
from supportdesk.console.widgets.filter_line import FilterLine
from supportdesk.console.widgets.foot_line import FootLine
from supportdesk.console.widgets.queue_list import QueueList
from supportdesk.console.widgets.too_small import TooSmall
from supportdesk.resources import style_path

if TYPE_CHECKING:
    from rich.style import Style
    from textual.binding import BindingType

    from supportdesk.console.queue.book import Turn
    from supportdesk.console.session import Session
    from supportdesk.store.views import QueueRow

STEP = timedelta(minutes=1)
"""How far a step takes a past that is played back."""
REPLAY_PACE = 0.25
"""Seconds between two ticks of a past that is played back."""


class QueueScreen(Screen[None]):
    """Puts together the queue, the open ticket and the desk; what blocks is done by its `DeskLink`."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.TICKET, Place.DESK, Place.REPLAY)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (124, "-wide"), (140, "-broad")]  # noqa: RUF012 - as the base class declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012
    AUTO_FOCUS = "QueueList"
    CSS_PATH = style_path("console.tcss")

    def __init__(
        self, link: DeskLink, *, username: str, desk: str, show_title: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._show_title = show_title
        self.session: Session | None = None
        self._username = username
        self._desk = desk
        self._link = link
        self._reader = TicketReader(self, self._link)
        self._commanding = Commanding(self, self._link, self._say)
        self._signs = signs_here()
        self._looked_at = LookedAt()

    def compose(self) -> ComposeResult:
        """Header, queue with its filter, ticket, keys."""
        yield DeskHeader()
        with Horizontal(id="desk"):
            with Vertical(id="left"):
                yield FilterLine()
                yield QueueList()
            yield DetailPane()
        yield FootLine()
        yield TooSmall()

    @property
    def queue(self) -> QueueList:
        """The queue."""
        return self.query_one(QueueList)

    @property
    def detail(self) -> DetailPane:
        """The ticket."""
        return self.query_one(DetailPane)

    @property
    def foot(self) -> FootLine:
        """The keys, and what is said."""
        return self.query_one(FootLine)

    @property
    def row(self) -> QueueRow | None:
        """The ticket that is looked at."""
        model = self.queue.model
        under = model.ticket.row if model is not None and model.ticket is not None else None
        return self._looked_at.row or under

    def on_mount(self) -> None:
        """Says what is going on."""
        self.foot.say("Opening the desk …")

    async def may_quit(self) -> bool:
        """Whether the console may be left; asks where something was typed and not sent."""
        if self.session is None or not self.session.drafts.unsent:
            return True
        from supportdesk.console.screens.confirm import Confirm

        told = ", ".join(f"{verb} {ref}".strip() for verb, ref in self.session.drafts.unsent)
        question = Confirm("Quit?", f"What you typed and did not send would be lost: {told}.", "Quit")
        agreed: bool | None = await self.app.push_screen_wait(question)
        return agreed is True

    # What the desk tells.

    def on_desk_opened(self, message: DeskOpened) -> None:
        """Shows the queue and begins to tick."""
        from supportdesk.console.session import Session
        from supportdesk.console.widgets.queue_rows import QueuePainter
        from supportdesk.sla.clocks import epoch

        door = message.door
        self.session = Session(
            username=self._username,
            door=door,
            model=message.model,
            person=message.person,
            policy=message.policy,
            roster=message.roster,
            # A past desk says so by the controls that it has.
            replay=getattr(door, "controls", None),
        )

        def painter(width: int, look: Callable[[str], Style]) -> QueuePainter:
            assert self.session is not None
            return QueuePainter(width, look, self._signs, door.policies, self.session.policy)

        self.foot.hush()
        self.queue.on_cursor = self._show_ticket
        self.queue.show(message.model, painter, epoch(door.now()))
        self._tick()
        pace = REPLAY_PACE if self.session.replay else 1.0
        self.set_timer(pace - time.time() % pace, partial(self._begin_to_tick, pace))
        if self.session.refusal and self.session.replay is None:
            self._say(self.session.refusal, True)

    def on_queue_changed(self, message: QueueChanged) -> None:
        """Shows what changed, wherever it was done."""
        if self.session is not None:
            self._heed(self.queue.take(message.rows, self._epoch()))
            self._tell()

    def on_roster_read(self, message: RosterRead) -> None:
        """Takes in another rota, staff or policy."""
        if self.session is not None:
            self.session.roster, self.session.policy = message.roster, message.policy
            self.queue.repaint()
            self._tell()

    def on_desk_lost(self, message: DeskLost) -> None:
        """Keeps what is shown, dimmed, and says since when it may be out of date."""
        if self.session is not None:
            self.session.lost, self.session.stale_since = message.reason, message.since
            self.queue.stale = True
            self._tell()
        self._say(message.reason, True)

    def on_desk_found(self, message: DeskFound) -> None:
        """Shows the desk as it is again."""
        if self.session is not None:
            self.session.lost = self.session.stale_since = None
            self.queue.stale = False
            self._tell()
            self._say("The desk is back.", False)

    def on_desk_failed(self, message: DeskFailed) -> None:
        """Ends the console: nobody knows what state the desk's thread is in."""
        raise message.error

    def on_ticket_read(self, message: TicketRead) -> None:
        """Fills in the timeline and the rest of the ticket that is looked at."""
        if self._reader.arrived(message.ref) and message.view is not None:
            self._looked_at.read(message.view)
            self._show_ticket()
            self._explain()

    def on_explanation_read(self, message: ExplanationRead) -> None:
        """Shows how the figures came about."""
        self._looked_at.explained(message.ref, message.explanations)
        self._show_ticket()

    # What time brings.

    def _begin_to_tick(self, pace: float) -> None:
        self._tick()
        self.set_interval(pace, self._tick)

    def _tick(self) -> None:
        """A second has gone by; what has changed with it is drawn, unless a dialog covers it."""
        if self.session is None:
            return
        at = self._epoch()
        self._heed(self.queue.tick(at))
        self.foot.tick()
        if self.is_current:
            self.detail.tick(at)
            self._tell()
        self._mind_handover()

    def _heed(self, turn: Turn | None) -> None:
        """Rings and sets the title for those that wake people."""
        if not turn or self.session is None:
            return
        from supportdesk.console import alarm

        if alarm.rings(turn, self.session.policy):
            self.app.bell()
        self._show_title(alarm.title(self.session.model.book, self.session.policy))

    def _mind_handover(self) -> None:
        """Reads the rota anew when the shift is over."""
        assert self.session is not None
        shift = self.session.roster.on_call
        if shift is not None and self.session.now() >= shift.ends:
            self.run_worker(self._link.read_roster, thread=True, group="roster", exclusive=True)

    def _tell(self) -> None:
        if self.session is not None and self.is_current:
            from supportdesk.console.standing import standing_of

            self.query_one(DeskHeader).standing = standing_of(self.session, self._desk, self.session.now())
            self._tell_found()

    def _epoch(self) -> int:
        from supportdesk.sla.clocks import epoch

        assert self.session is not None
        return epoch(self.session.now())

    # The ticket that is looked at.

    def _show_ticket(self) -> None:
        """Shows at once what the queue knows of the ticket under the cursor; the rest is read after a short rest."""
        session, model = self.session, self.queue.model
        if session is None or model is None or (self._is_narrow and not self.has_class("-opened")):
            return
        known = self._looked_at.known(session, model.ticket.row if model.ticket else None)
        self.detail.show(known, self._signs, self._epoch())
        unread = known is not None and self._looked_at.is_unread(known)
        self._reader.want(known.row.ref if known is not None and unread else None)

    def _explain(self) -> None:
        """Has the figures of the clocks explained, while their tab is open."""
        known, tab = self.detail.known, self.detail.tab
        if known is not None and known.view is not None and tab is not None and tab.value == "Clocks":
            ref = known.row.ref
            self.run_worker(partial(self._link.explain, ref), thread=True, group="explain", exclusive=True)

    @on(DetailPane.TabTurned)
    def _tab_turned(self) -> None:
        self._explain()

    @on(QueueList.Opened)
    def _open_ticket(self) -> None:
        self.add_class("-opened")
        self._show_ticket()
        self.detail.focus()

    @property
    def _is_narrow(self) -> bool:
        """Whether there is room for the queue or the ticket, but not for both."""
        return self.has_class("-narrow")

    def action_zoom(self) -> None:
        """Gives the ticket the whole width, or takes it back."""
        if not self._is_narrow:
            self.toggle_class("-zoomed")

    def action_step(self, by: int) -> None:
        """Opens the next ticket of the queue, or the one before."""
        model = self.queue.model
        if model is None:
            return
        self._looked_at.leave()
        line = -1
        while model.cursor_line != line:
            line = model.cursor_line
            self.queue.action_move(by)
            if model.ticket is not None:
                break

    def action_back(self) -> None:
        """One step back: out of the width, the ticket, the filter, the view; never out of the console."""
        filter_line = self.query_one(FilterLine)
        if self._looked_at.leave():
            self._show_ticket()
        elif self.has_class("-zoomed"):
            self.remove_class("-zoomed")
        elif self.has_class("-opened"):
            self.remove_class("-opened")
            self.queue.focus()
        elif filter_line.display:
            filter_line.clear()
            self.queue.focus()
        elif self.queue.model is not None and not self.queue.model.is_first_view:
            self._look(self.queue.model.view_after(None))
        self.foot.hush()

    # What one does.

    def action_command(self, verb: str) -> None:
        """Does something to the ticket that is looked at."""
        if not self._may_act() or self.session is None:
            return
        if self.row is None:
            self._say("Put the cursor on a ticket first.", True)
            return
        verbs = next(key.verbs for key in KEYS if key.verbs and key.verbs[0] == verb)
        self.run_worker(self._commanding.command(self.session, verbs, self.row.ref), group="dialog")

    def action_log(self) -> None:
        """Logs a request and goes to its ticket."""
        if self._may_act() and self.session is not None:
            self.run_worker(self._log(self.session), group="dialog")

    async def _log(self, session: Session) -> None:
        ref = await self._commanding.log(session)
        if ref is not None and self.queue.find(ref):
            self.queue.focus()

    def _may_act(self) -> bool:
        """Whether anything can be done at this desk now; says why not."""
        refusal = self.session.refusal if self.session is not None else "The desk is not open yet."
        if refusal is not None:
            self._say(refusal, True)
        return refusal is None

    def action_filter(self) -> None:
        """Opens the line in which one types what to find."""
        if self.session is not None:
            self.query_one(FilterLine).open()
            self._tell_found()

    def action_next_view(self, by: int) -> None:
        """Takes the next view, or the one before."""
        if self.queue.model is not None:
            self._look(self.queue.model.view_after(self.queue.model.view, by))

    @on(DeskHeader.ViewChosen)
    def _view_chosen(self, event: DeskHeader.ViewChosen) -> None:
        self._look(event.view)

    def _look(self, view: str) -> None:
        self.queue.look_at(view)
        self._tell()

    @on(FilterLine.Typed)
    def _narrow(self, event: FilterLine.Typed) -> None:
        from supportdesk.console.queue import filter as filters

        self.queue.narrow(filters.parse(event.text))
        self._tell_found()

    @on(FilterLine.Kept)
    def _keep_filter(self, event: FilterLine.Kept) -> None:
        if event.entered:
            self.run_worker(self._go_to(event.text), group="go to", exclusive=True)
        if not event.text.strip():
            self.query_one(FilterLine).clear()
        self.queue.focus()

    async def _go_to(self, text: str) -> None:
        """Goes to a ticket by its reference, be it closed; any other text stays a filter."""
        from supportdesk.tickets import reference

        try:
            ref = reference.parse(text)
        except reference.BadReferenceError:
            return
        if self.queue.find(ref):
            self.query_one(FilterLine).clear()
            return
        if self.queue.model is None or self.queue.model.matches:
            return
        view = await self._commanding.read(ref)
        if view is not None:
            self.query_one(FilterLine).clear()
            self._looked_at.stay_at(view)
            self._open_ticket()

    def _tell_found(self) -> None:
        model, line = self.queue.model, self.query_one(FilterLine)
        if model is not None and line.display:
            line.found(model.matches, model.book.views[model.view], more=model.unfinished)

    def action_help(self) -> None:
        """Shows the keys that work here."""
        from supportdesk.console.help import entries
        from supportdesk.console.screens.help import HelpScreen

        place = Place.DETAIL if self.focused is self.detail else Place.QUEUE
        self.app.push_screen(HelpScreen(entries(self.session, place, self.row)))

    # The past, played back.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A replay's keys work while there is one and nobody is typing."""
        if action.startswith("replay_"):
            replaying = self.session is not None and self.session.replay is not None
            return replaying and not isinstance(self.focused, Input)
        return True

    def action_replay_toggle(self) -> None:
        """Stops the past, or lets it go on."""
        replay = self.session.replay if self.session is not None else None
        if replay is not None:
            (replay.pause if replay.running else replay.resume)()
            self._tick()

    def action_replay_step(self) -> None:
        """Goes on by a minute."""
        if self.session is not None and self.session.replay is not None:
            self.session.replay.step(STEP)
            self._tick()

    def action_replay_faster(self) -> None:
        """Goes faster."""
        if self.session is not None and self.session.replay is not None:
            self.session.replay.faster()
            self._tick()

    def action_replay_slower(self) -> None:
        """Goes slower."""
        if self.session is not None and self.session.replay is not None:
            self.session.replay.slower()
            self._tick()

    # The screen itself.

    def on_screen_suspend(self, event: ScreenSuspend) -> None:
        """Draws nothing while something else covers it."""
        self.queue.held = True

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Shows the present again."""
        self.queue.held = False
        self._tick()

    def on_resize(self, event: Resize) -> None:
        """Says so where there is too little room, and shows the ticket where there is room for it now."""
        self.query_one(TooSmall).display = TooSmall.holds(event.size)
        self.call_after_refresh(self._show_ticket)

    def on_descendant_focus(self) -> None:
        """Shows the keys that work there."""
        place = Place.DETAIL if self.focused is self.detail else Place.QUEUE
        replaying = self.session is not None and self.session.replay is not None
        self.foot.keys = bar(place, replaying=replaying)

    def _say(self, text: str, refused: bool) -> None:
        self.foot.say(text, refused=refused)
