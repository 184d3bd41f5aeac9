"""How the desk stands, told to whoever does not look at a ticket: in the header, the terminal's title, by its bell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supportdesk.console import alarm
from supportdesk.console.standing import standing_of
from supportdesk.sla.clocks import epoch

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.queue.book import Turn
    from supportdesk.console.session import Session
    from supportdesk.console.widgets.desk_header import DeskHeader

MINUTE = 60


class Announcing:
    """Announces from one screen; `desk` is the desk's name, and `show_title` gives the terminal a title."""

    def __init__(
        self, screen: Screen[None], header: DeskHeader, desk: str, show_title: Callable[[str], None]
    ) -> None:
        self.show_title = show_title
        self._screen = screen
        self._header = header
        self._desk = desk
        self._told_at = 0

    def begin(self, session: Session) -> None:
        """Gives the terminal its title; what is on the desk already rings no bell."""
        self.show_title(alarm.title(session.model.book, session.policy))

    def heed(self, session: Session, turn: Turn) -> None:
        """Rings for those that wake people, and counts them in the title."""
        if alarm.rings(turn, session.policy):
            self._screen.app.bell()
        self.show_title(alarm.title(session.model.book, session.policy))

    def tell(self, session: Session) -> None:
        """Brings the header up to date."""
        now = session.now()
        self._told_at = epoch(now) // MINUTE
        self._header.standing = standing_of(session, self._desk, now)

    def is_due(self, session: Session) -> bool:
        """Whether the header's time is another by now; it shows seconds while the past is played back."""
        return session.replay is not None or epoch(session.now()) // MINUTE != self._told_at
