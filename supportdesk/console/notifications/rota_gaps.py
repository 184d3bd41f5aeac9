"""The notice of a gap in the rota, for supervisors."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from supportdesk.console.widgets.notice import Notice, Rank
from supportdesk.console.workers import call_after, start_worker

if TYPE_CHECKING:
    from datetime import datetime

    from textual.screen import Screen

    from supportdesk.console.notifications.controller import NoticeController
    from supportdesk.console.session import Session
    from supportdesk.tickets.rota.data import RotaData

FIRST, INTERVAL = 0.5, 600.0
"""Seconds after which gaps are looked for first, and again: one may come near, or be over."""
_ID = "rota gap"


class RotaGapNotices:
    """Shows a supervisor the first gap of the next 14 days as a notice, which goes when the gap is closed.

    A notice that was dismissed comes again for another gap, and when the gap is three days or one day ahead.
    """

    def __init__(self, screen: Screen[None], notices: NoticeController) -> None:
        self._screen = screen
        self._notices = notices
        self._shown = ""
        """The key of the gap that was shown last; empty for none."""

    def follow(self, session: Session) -> None:
        """Look for gaps once the queue is on the screen, and from time to time."""
        call_after(self._screen, FIRST, lambda: self.refresh(session))
        self._screen.set_interval(INTERVAL, lambda: self.refresh(session))

    def refresh(self, session: Session) -> None:
        """Look for gaps, after the rota or the staff has changed."""
        if session.read_only_reason is None:
            start_worker(self._screen, self._look, session, group="rota gap", exclusive=True)

    async def _look(self, session: Session) -> None:
        data, now, zone = session.roster.reference_data, session.now(), session.zone
        key, text = await asyncio.to_thread(_first_gap, data, session.username, now, zone)
        if not key:
            self._notices.remove(_ID)
        elif key != self._shown:
            self._notices.add(Notice(_ID, text, Rank.ROTA_GAP, verb="rota", action="rota"))
        self._shown = key


def _first_gap(data: RotaData, username: str, now: datetime, zone: str) -> tuple[str, str]:
    """Return the key and the text of the first gap that a supervisor is shown; empty without one."""
    from supportdesk.tickets.rota.notices.gap_alarms import find_near_gaps
    from supportdesk.tickets.rota.notices.notice import supervisors

    found = sorted(find_near_gaps(data, now, zone), key=lambda each: each.start)
    if not found or username not in supervisors(data):
        return "", ""
    others = len(found) - 1
    more = f" ({others} more)" if others else ""
    return found[0].key, f"{found[0].text}{more}"
