"""Announces the state of the desk in the header, the terminal's title, the bell and desktop notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.main.header_data import header_data, watcher_text
from supportdesk.console.notifications import bell
from supportdesk.console.notifications.digest import DesktopNotice, RateLimiter, notices
from supportdesk.console.terminal.lock_mode import is_locked
from supportdesk.sla.clocks import epoch

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.main.header import DeskHeader
    from supportdesk.console.queue.index import QueueDelta
    from supportdesk.console.session import Session
    from supportdesk.console.terminal.host import HostTerminal
    from supportdesk.settings.settings import Settings

MINUTE = 60


class Announcer:
    """Announces changes of the queue at one screen; `desk` is the desk's name, `terminal` shows title and notices."""

    def __init__(
        self, screen: Screen[None], header: DeskHeader, desk: str, terminal: HostTerminal, settings: Settings
    ) -> None:
        self._terminal = terminal
        self._screen = screen
        self._header = header
        self._desk = desk
        self._settings = settings
        self._limiter = RateLimiter()
        self._shown_minute = 0

    def begin(self, session: Session) -> None:
        """Show the terminal's title, without ringing for the tickets that are already there."""
        self._show_title(session)
        known = [severity.key for severity in session.policy.severities]
        if unknown := [key for key in self._settings.bell or () if key not in known]:
            text = f"bell: unknown severity {', '.join(unknown)}; the policy has {', '.join(known)}"
            self._screen.notify(text, title="Ignored in your settings", severity="warning", markup=False)

    def on_change(self, session: Session, delta: QueueDelta | None) -> bool:
        """Ring for tickets of paging severities, count them in the title, and send the operator's desktop notices.

        Returns whether the header must be refreshed.
        """
        settings = self._settings.notices
        if delta:
            chosen = self._settings.bell
            if bell.should_ring(delta, bell.paging_severities(session.policy) if chosen is None else chosen):
                self._screen.app.bell()
            self._show_title(session)
            if settings.by != "off":
                self._limiter.add(notices(delta, session, settings.of))
        notice = self._limiter.due(epoch(session.now()), hide_details=is_locked(self._screen.app))
        if notice:
            self._terminal.notify(notice, settings)
        return bool(delta)

    def announce_message(self, ref: str, details: str) -> None:
        """Send a desktop notice that the customer wrote about a ticket of the operator, given by its reference."""
        if self._settings.notices.by != "off" and "message" in self._settings.notices.of:
            self._limiter.add(iter([DesktopNotice(f"{ref} has a message of the customer", details)]))

    def _show_title(self, session: Session) -> None:
        index, policy, me = session.model.index, session.policy, session.username
        self._terminal.show_title(bell.title(index, policy, me, session.is_escalation_stopped))

    def refresh_header(self, session: Session) -> None:
        """Refresh the header, and the terminal's title, with what is true now."""
        now = session.now()
        self._show_title(session)
        self._shown_minute = epoch(now) // MINUTE
        self._header.data = header_data(session, self._desk, now)

    def refresh_watcher(self, session: Session) -> None:
        """Show whether somebody watches the desk; nothing while the desk cannot be reached, or in a replay."""
        self._header.watcher = watcher_text(session, session.now())

    def is_due(self, session: Session) -> bool:
        """Return whether the header's time has changed; it shows seconds during a replay."""
        return session.replay is not None or epoch(session.now()) // MINUTE != self._shown_minute
