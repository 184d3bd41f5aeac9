"""What the desk tells and what time brings, on the screen that shows its queue."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable
from copy import copy
from functools import partial
from typing import TYPE_CHECKING

from textual.events import ScreenResume, ScreenSuspend
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from supportdesk.console.desk_client import DeskClient
from supportdesk.console.keys.keymap import remapped
from supportdesk.console.main.announcer import Announcer
from supportdesk.console.main.header import DeskHeader
from supportdesk.console.main.replay_controls import REPLAY_TICK, control_replay
from supportdesk.console.messages import (
    DeskDisconnected,
    DeskFailed,
    DeskOpened,
    DeskReconnected,
    ExplanationLoaded,
    QueueChanged,
    RecordsChanged,
    ReferenceDataChanged,
    TicketLoaded,
)
from supportdesk.console.paging.open_page import is_on_duty
from supportdesk.console.queue.painter import QueuePainter
from supportdesk.console.queue.widget import QueueList
from supportdesk.console.session import Session
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.ticket.controller import DetailController
from supportdesk.console.ticket.pane import TicketPane
from supportdesk.console.widgets.footer import Footer
from supportdesk.sla.clocks import epoch

if TYPE_CHECKING:
    from rich.style import Style

    from supportdesk.console.drafts.drafts import Drafts
    from supportdesk.console.keys.type_ahead import TypeAhead
    from supportdesk.console.queue.index import QueueDelta
    from supportdesk.console.terminal.host import HostTerminal
    from supportdesk.settings.settings import Settings
    from supportdesk.store.read_models import QueueRow

SECOND = 1.0


class LiveScreen(Screen[None]):
    """Keeps header, queue and ticket true to the desk; what can be done there is the subclass's.

    What blocks is done by its `DeskClient`, whose messages arrive here and are passed on to the screens in front of it.
    """

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
    ) -> None:
        super().__init__()
        self.session: Session | None = None
        self.header, self.foot = DeskHeader(), Footer()
        self.queue, self.detail = QueueList(), TicketPane()
        self._opening = typed.hold()
        self._username = username
        self._settings = settings
        self._drafts = drafts
        self._link = link
        self._signs = terminal_symbols()
        self.detail_controller = DetailController(self, link, self.queue, self.detail)
        self.announcer = Announcer(self, self.header, desk, terminal, settings)

    @property
    def row(self) -> QueueRow | None:
        """The ticket that is looked at."""
        return self.detail_controller.row

    # What the subclass does about it.

    def begin(self, session: Session) -> None:
        """The desk is open, and its queue is about to be shown."""

    def duty_began(self, session: Session) -> None:
        """Told when pages go to the operator from now on."""

    def duty_ended(self, session: Session) -> None:
        """Told when pages go to the operator no more."""

    def on_before_change(self, session: Session, rows: Iterable[QueueRow]) -> None:
        """Tickets have changed, and the queue is about to take that in."""

    def show_keys(self) -> None:
        """Shows the keys that work now."""

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
        self.begin(session)
        self.queue.show(message.model, painter, epoch(door.now()))
        self.show_keys()
        self.tick()
        self.announcer.begin(session)
        # A long queue stays as it is: the collector of garbage need not look through it again and again.
        gc.freeze()
        pace = REPLAY_TICK if session.replay else SECOND
        self.set_timer(pace - time.time() % pace, partial(self._begin_to_tick, pace))
        self._opening.release()

    def on_queue_changed(self, message: QueueChanged) -> None:
        """Shows what changed, wherever it was done."""
        self._update_cover()
        if self.session is not None:
            self.on_before_change(self.session, message.rows)
            self._announce(self.queue.take(message.rows, epoch(self.session.now())))
        self._pass_on(message)

    def on_reference_data_changed(self, message: ReferenceDataChanged) -> None:
        """Show another rota, staff or policy."""
        if self.session is not None:
            was_on_duty = is_on_duty(self.session)
            self.session.update(message.policy, message.roster)
            self.queue.repaint()
            self.detail_controller.renew(self.session)
            self.refresh_header()
            if is_on_duty(self.session) and not was_on_duty:
                self.duty_began(self.session)
            elif was_on_duty and not is_on_duty(self.session):
                self.duty_ended(self.session)
        self._pass_on(message)

    def on_records_changed(self, message: RecordsChanged) -> None:
        """Read the ticket that is looked at again: its customer or an article may have changed."""
        if self.session is not None:
            self.detail_controller.read_again(self.session)
        self._pass_on(message)

    def on_desk_disconnected(self, message: DeskDisconnected) -> None:
        """Keeps what is shown, dimmed, and says since when it may be out of date."""
        if self.session is not None:
            self.session.lost, self.session.stale_since = message.reason, message.since
            self.queue.stale = self.detail.stale = True
            self.refresh_header()
        self.say(message.reason, True)
        self._opening.release()
        self._pass_on(message)

    def on_desk_reconnected(self, message: DeskReconnected) -> None:
        """Shows the desk as it is again."""
        if self.session is not None:
            self.session.lost = self.session.stale_since = None
            self.queue.stale = self.detail.stale = False
            self.refresh_header()
            self.say("The desk is back.", False)
        self._pass_on(message)

    def _pass_on(self, message: Message) -> None:
        """Lets the screens that stand before this one know, too."""
        for screen in self.app.screen_stack:
            if screen is not self:
                screen.post_message(copy(message))

    def on_desk_failed(self, message: DeskFailed) -> None:
        """Ends the console: nobody knows what state the desk's thread is in."""
        raise message.error

    def on_ticket_loaded(self, message: TicketLoaded) -> None:
        """Fills in the timeline and the rest of the ticket that is looked at."""
        if self.session is not None:
            self.detail_controller.read(self.session, message)

    def on_explanation_loaded(self, message: ExplanationLoaded) -> None:
        """Shows how the figures came about."""
        if self.session is not None:
            self.detail_controller.explained(self.session, message)

    # What time brings.

    def _begin_to_tick(self, pace: float) -> None:
        self.tick()
        self.set_interval(pace, self.tick)

    def tick(self) -> None:
        """A second has gone by; what has changed with it is drawn, also beside a dialog, unless a screen covers it."""
        if self.session is None:
            return
        self._update_cover()
        now = epoch(self.session.now())
        self._announce(self.queue.tick(now))
        self.foot.tick()
        if self.is_seen:
            # In a frame of its own: drawn together, all that lies between the two would be drawn as well.
            self.detail.tick(now)
            if self.announcer.is_due(self.session):
                self.refresh_header()
        self._refresh_at_handover(self.session)

    def _announce(self, turn: QueueDelta | None) -> None:
        """Tells the counts, and calls those whom it concerns."""
        if self.session is not None and self.announcer.on_change(self.session, turn):
            self.refresh_header()

    def _refresh_at_handover(self, session: Session) -> None:
        """Read the roster again when a shift or a policy begins with time alone, without anybody writing anything."""
        if session.is_outdated(session.now()):
            self.run_worker(self._link.read_roster, thread=True, group="roster", exclusive=True)

    def refresh_header(self) -> None:
        """Brings the header up to date."""
        if self.session is not None and self.is_seen:
            self.announcer.refresh_header(self.session)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A replay's keys work while there is one and nobody is typing."""
        if action == "replay":
            replaying = self.session is not None and self.session.replay is not None
            return replaying and not isinstance(self.focused, Input)
        return True

    def action_replay(self, way: str) -> None:
        """Steers the past that is played back."""
        if self.session is not None and self.session.replay is not None:
            control_replay(self.session.replay, way)
            self.tick()

    # Whether it is seen.

    def on_screen_suspend(self, event: ScreenSuspend) -> None:
        """Draws on only where the screen that opens lets this one be seen; its looks are known in the next frame."""
        self.queue.held = True
        self.call_after_refresh(self._update_cover)

    @property
    def is_seen(self) -> bool:
        """Whether it is on top, or what stands before it lets it be seen; `is_current` does not ask for the latter."""
        for screen in reversed(self.app.screen_stack):
            if screen is self or screen.styles.background.a == 1:
                return screen is self
        return False

    def _update_cover(self) -> None:
        """Draws what was missed as soon as the queue is seen again beside a dialog, and nothing while it is not."""
        if self.is_seen and self.queue.held:
            self.queue.held = False
            self.queue.repaint()
        self.queue.held = not self.is_seen

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Shows the present again."""
        self.queue.held = False
        self.queue.repaint()
        self.tick()
        self.refresh_header()

    def say(self, text: str, refused: bool) -> None:
        """Says something at the foot; with `refused` why something is not done."""
        self.foot.say(text, refused=refused)
