"""The ticks of the main screen: they draw what changes as time passes, and nothing while a screen covers it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from supportdesk.console.main.replay_controls import REPLAY_TICK
from supportdesk.console.workers import call_after
from supportdesk.sla.clocks import epoch

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.desk_client import DeskClient
    from supportdesk.console.main.announcer import Announcer
    from supportdesk.console.queue.index import QueueDelta
    from supportdesk.console.queue.widget import QueueList
    from supportdesk.console.session import Session
    from supportdesk.console.ticket.pane import TicketPane
    from supportdesk.console.widgets.footer import Footer

SECOND = 1.0


class Ticker:
    """Draws what changes with time in the queue, the ticket pane, the foot and the header.

    Ticks do nothing until `session` is set. `on_header` is called whenever the header has been refreshed.
    """

    def __init__(
        self,
        screen: Screen[None],
        client: DeskClient,
        announcer: Announcer,
        *,
        queue: QueueList,
        ticket_pane: TicketPane,
        foot: Footer,
        on_header: Callable[[], None],
    ) -> None:
        self.session: Session | None = None
        self._screen = screen
        self._client = client
        self._announcer = announcer
        self._queue, self._ticket_pane, self._foot = queue, ticket_pane, foot
        self._on_header = on_header

    def start(self, session: Session) -> None:
        """Tick now and from now on, at whole seconds, or at each `REPLAY_TICK` of a replay."""
        self.tick()
        pace = REPLAY_TICK if session.replay else SECOND
        call_after(self._screen, pace - time.time() % pace, partial(self._start_interval, pace))

    def _start_interval(self, pace: float) -> None:
        self.tick()
        self._screen.set_interval(pace, self.tick)

    def tick(self) -> None:
        """Draw what has changed with time, also beside a dialog, unless a screen covers it."""
        if self.session is None:
            return
        self.update_cover()
        now = epoch(self.session.now())
        self.announce(self._queue.tick(now))
        self._foot.tick()
        if self.is_seen:
            # In a frame of its own: drawn together, everything between the two would be drawn as well.
            self._ticket_pane.tick(now)
            if self._announcer.is_due(self.session):
                self.refresh_header()
            self.refresh_watcher()
        self._refresh_at_handover(self.session)

    def announce(self, delta: QueueDelta | None) -> None:
        """Announce a change of the queue, and refresh the header if it counts that."""
        if self.session is not None and self._announcer.on_change(self.session, delta):
            self.refresh_header()

    def refresh_header(self) -> None:
        """Refresh the header, unless it is covered."""
        if self.session is not None and self.is_seen:
            self._announcer.refresh_header(self.session)
            self._on_header()

    def refresh_watcher(self) -> None:
        """Draw in the header for how long the watcher has not looked, if its text has changed."""
        if self.session is not None and self.is_seen:
            self._announcer.refresh_watcher(self.session)

    def _refresh_at_handover(self, session: Session) -> None:
        """Read the roster again when a shift or a policy begins by the passing of time alone."""
        if session.is_outdated(session.now()):
            self._screen.run_worker(
                self._client.post_reference_data, thread=True, group="roster", exclusive=True
            )

    # Visibility.

    @property
    def is_seen(self) -> bool:
        """Whether the screen is visible: in front, or behind screens that leave it visible.

        Textual's `is_current` ignores the latter.
        """
        for screen in reversed(self._screen.app.screen_stack):
            if screen is self._screen or screen.styles.background.a == 1:
                return screen is self._screen
        return False

    def update_cover(self) -> None:
        """Draw what was missed when the queue becomes visible again, and nothing while it is covered."""
        if self.is_seen and self._queue.covered:
            self._queue.covered = False
            self._queue.repaint()
        self._queue.covered = not self.is_seen

    def suspend(self) -> None:
        """Stop drawing unless the screen that opens leaves this one visible; its style is known in the next frame."""
        self._queue.covered = True
        self._screen.call_after_refresh(self.update_cover)

    def resume(self) -> None:
        """Draw the current state again."""
        self._queue.covered = False
        self._queue.repaint()
        self.tick()
        self.refresh_header()
