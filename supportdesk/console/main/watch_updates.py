"""Shows on the main screen, and on every other, whether somebody watches the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.messages import StepsOverdue, WatcherSeen

if TYPE_CHECKING:
    from supportdesk.console.main.ticker import Ticker
    from supportdesk.console.notifications.overdue import OverdueSteps
    from supportdesk.console.session import Session


class WatchUpdates:
    """Applies what the desk's thread found: the watcher's heartbeat in the header, and what is overdue in a bar."""

    def __init__(self, ticker: Ticker, overdue: OverdueSteps) -> None:
        self._ticker = ticker
        self._overdue = overdue

    def apply(self, session: Session, message: WatcherSeen | StepsOverdue) -> None:
        """Show what a message says."""
        if isinstance(message, WatcherSeen):
            session.heartbeat, session.heartbeat_read_at = message.heartbeat, message.looked_at
            self._ticker.refresh_watcher()
        else:
            self._overdue.set(session, message.tickets)
