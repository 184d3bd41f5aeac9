"""How the desk stands, told to whoever does not look at a ticket: in the header, the terminal's title, by its bell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.main.header_data import header_data
from supportdesk.console.notifications import bell
from supportdesk.console.notifications.digest import RateLimiter, notices
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
    """Announces from one screen; `desk` is the desk's name, and `terminal` what the screen is drawn on."""

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
        """Gives the terminal its title; what is on the desk already rings no bell."""
        self._terminal.show_title(bell.title(session.model.book, session.policy))
        known = [severity.key for severity in session.policy.severities]
        if unknown := [key for key in self._settings.bell or () if key not in known]:
            told = f"bell: unknown severity {', '.join(unknown)}; the policy has {', '.join(known)}"
            self._screen.notify(told, title="Ignored in your settings", severity="warning", markup=False)

    def on_change(self, session: Session, turn: QueueDelta | None) -> bool:
        """Rings for those that wake people and counts them in the title, and tells the operator their news.

        Returns whether the header has to say something else.
        """
        wanted = self._settings.notices
        if turn:
            chosen = self._settings.bell
            if bell.should_ring(turn, bell.paging_severities(session.policy) if chosen is None else chosen):
                self._screen.app.bell()
            self._terminal.show_title(bell.title(session.model.book, session.policy))
            if wanted.by != "off":
                self._limiter.add(notices(turn, session, wanted.of))
        if told := self._limiter.due(epoch(session.now())):
            self._terminal.notify(told, wanted)
        return bool(turn)

    def refresh_header(self, session: Session) -> None:
        """Brings the header up to date."""
        now = session.now()
        self._shown_minute = epoch(now) // MINUTE
        self._header.standing = header_data(session, self._desk, now)

    def is_due(self, session: Session) -> bool:
        """Whether the header's time is another by now; it shows seconds while the past is played back."""
        return session.replay is not None or epoch(session.now()) // MINUTE != self._shown_minute
