"""The live half of the main screen: handles the desk's messages and the ticks of the clock."""

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
    """Keeps header, queue and ticket up to date with the desk; the actions are the subclass's.

    Its `DeskClient` makes the blocking calls; the client's messages arrive here and go on to the screens in front.
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
        """The ticket under the cursor, or the one that is open."""
        return self.detail_controller.row

    # For the subclass to override.

    def begin(self, session: Session) -> None:
        """Called when the desk is open, before its queue is shown."""

    def duty_began(self, session: Session) -> None:
        """Called when the operator goes on duty: pages go to them from now on."""

    def duty_ended(self, session: Session) -> None:
        """Called when the operator goes off duty."""

    def on_before_change(self, session: Session, rows: Iterable[QueueRow]) -> None:
        """Called when tickets have changed, before the queue applies the changes."""

    def show_keys(self) -> None:
        """Show the keys that work now."""

    # The desk's messages.

    def on_mount(self) -> None:
        """Say that the desk is being opened."""
        self.foot.say("Opening the desk …")

    def on_desk_opened(self, message: DeskOpened) -> None:
        """Show the queue and start the ticks."""
        desk = message.desk
        session = self.session = Session(
            username=self._username,
            desk=desk,
            model=message.model,
            person=message.person,
            policy=message.policy,
            roster=message.roster,
            settings=self._settings,
            drafts=self._drafts,
            keys=remapped(self._settings.keys),
            # Only a desk in the past has controls.
            replay=getattr(desk, "controls", None),
        )

        def painter(width: int, look: Callable[[str], Style]) -> QueuePainter:
            own = session.settings.columns
            return QueuePainter(
                width, look, self._signs, desk.policies, session.policy, zone=session.zone, wanted=own
            )

        self.foot.hush()
        self.begin(session)
        self.queue.show(message.model, painter, epoch(desk.now()))
        self.show_keys()
        self.tick()
        self.announcer.begin(session)
        # A long queue lives as long as the console: the garbage collector need not scan it again and again.
        gc.freeze()
        pace = REPLAY_TICK if session.replay else SECOND
        self.set_timer(pace - time.time() % pace, partial(self._begin_to_tick, pace))
        self._opening.release()

    def on_queue_changed(self, message: QueueChanged) -> None:
        """Show the changed tickets."""
        self._update_cover()
        if self.session is not None:
            self.on_before_change(self.session, message.rows)
            self._announce(self.queue.apply_changes(message.rows, epoch(self.session.now())))
        self._pass_on(message)

    def on_reference_data_changed(self, message: ReferenceDataChanged) -> None:
        """Apply another rota, staff or policy, and report when the operator's duty begins or ends."""
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
        """Read the ticket in the pane again: its customer or an article may have changed."""
        if self.session is not None:
            self.detail_controller.read_again(self.session)
        self._pass_on(message)

    def on_desk_disconnected(self, message: DeskDisconnected) -> None:
        """Dim the queue and the ticket, and show since when they may be out of date."""
        if self.session is not None:
            self.session.lost, self.session.stale_since = message.reason, message.since
            self.queue.stale = self.detail.stale = True
            self.refresh_header()
        self.say(message.reason, True)
        self._opening.release()
        self._pass_on(message)

    def on_desk_reconnected(self, message: DeskReconnected) -> None:
        """Show the desk as up to date again."""
        if self.session is not None:
            self.session.lost = self.session.stale_since = None
            self.queue.stale = self.detail.stale = False
            self.refresh_header()
            self.say("The desk is back.", False)
        self._pass_on(message)

    def _pass_on(self, message: Message) -> None:
        """Forward a message to the screens in front of this one."""
        for screen in self.app.screen_stack:
            if screen is not self:
                screen.post_message(copy(message))

    def on_desk_failed(self, message: DeskFailed) -> None:
        """End the console: the state of the desk's thread is unknown."""
        raise message.error

    def on_ticket_loaded(self, message: TicketLoaded) -> None:
        """Show the timeline and the other details of the ticket in the pane."""
        if self.session is not None:
            self.detail_controller.read(self.session, message)

    def on_explanation_loaded(self, message: ExplanationLoaded) -> None:
        """Show the explanation of the ticket's clocks."""
        if self.session is not None:
            self.detail_controller.explained(self.session, message)

    # Ticks.

    def _begin_to_tick(self, pace: float) -> None:
        self.tick()
        self.set_interval(pace, self.tick)

    def tick(self) -> None:
        """Draw what has changed with time, also beside a dialog, unless a screen covers it."""
        if self.session is None:
            return
        self._update_cover()
        now = epoch(self.session.now())
        self._announce(self.queue.tick(now))
        self.foot.tick()
        if self.is_seen:
            # In a frame of its own: drawn together, everything between the two would be drawn as well.
            self.detail.tick(now)
            if self.announcer.is_due(self.session):
                self.refresh_header()
        self._refresh_at_handover(self.session)

    def _announce(self, turn: QueueDelta | None) -> None:
        """Announce a change of the queue, and refresh the header if needed."""
        if self.session is not None and self.announcer.on_change(self.session, turn):
            self.refresh_header()

    def _refresh_at_handover(self, session: Session) -> None:
        """Read the roster again when a shift or a policy begins by the passing of time alone."""
        if session.is_outdated(session.now()):
            self.run_worker(self._link.read_roster, thread=True, group="roster", exclusive=True)

    def refresh_header(self) -> None:
        """Refresh the header, unless it is covered."""
        if self.session is not None and self.is_seen:
            self.announcer.refresh_header(self.session)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow a replay's keys only during a replay, and not while the operator types."""
        if action == "replay":
            replaying = self.session is not None and self.session.replay is not None
            return replaying and not isinstance(self.focused, Input)
        return True

    def action_replay(self, way: str) -> None:
        """Control the replay; see `control_replay`."""
        if self.session is not None and self.session.replay is not None:
            control_replay(self.session.replay, way)
            self.tick()

    # Visibility.

    def on_screen_suspend(self, event: ScreenSuspend) -> None:
        """Stop drawing unless the screen that opens leaves this one visible; its style is known in the next frame."""
        self.queue.covered = True
        self.call_after_refresh(self._update_cover)

    @property
    def is_seen(self) -> bool:
        """Whether it is visible: in front, or behind screens that leave it visible. `is_current` ignores the latter."""
        for screen in reversed(self.app.screen_stack):
            if screen is self or screen.styles.background.a == 1:
                return screen is self
        return False

    def _update_cover(self) -> None:
        """Draw what was missed when the queue becomes visible again, and nothing while it is covered."""
        if self.is_seen and self.queue.covered:
            self.queue.covered = False
            self.queue.repaint()
        self.queue.covered = not self.is_seen

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Draw the current state again."""
        self.queue.covered = False
        self.queue.repaint()
        self.tick()
        self.refresh_header()

    def say(self, text: str, refused: bool) -> None:
        """Show a text at the foot; with `refused`, the reason for a refusal."""
        self.foot.say(text, refused=refused)
