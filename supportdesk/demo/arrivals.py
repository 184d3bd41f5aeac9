"""What arrives at a demo while it is open: emails and a voicemail of its customers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from supportdesk.demo.customer_mail import deliver_email
from supportdesk.demo.customer_voicemail import leave_voicemail
from supportdesk.demo.intake_folders import DemoFolders
from supportdesk.desk_api import DeskApi

_Deliver = Callable[[DeskApi, DemoFolders, datetime], bool]

ARRIVALS: tuple[tuple[timedelta, _Deliver], ...] = (
    (timedelta(seconds=20), deliver_email),
    (timedelta(seconds=40), leave_voicemail),
    (timedelta(seconds=60), deliver_email),
    (timedelta(seconds=80), deliver_email),
)
"""What arrives, and how long after the demo was opened."""


class DemoArrivals:
    """Puts what the demo's customers send where its intake finds it; a watcher does this as one of its tasks.

    Each time that the demo is opened, the next of each kind arrives at its time, until all have arrived once.
    """

    name = "delivering what the demo's customers send"

    def __init__(self, find_folders: Callable[[], DemoFolders | None]) -> None:
        """Make the task; `find_folders` returns the folders of a demo, None for every other desk."""
        self._find_folders = find_folders
        self._opened_at: datetime | None = None
        self._due = list(ARRIVALS)
        self._fault = ""

    @property
    def fault(self) -> str:
        """Why something cannot be delivered at present."""
        return self._fault

    def tick(self, desk: DeskApi, now: datetime, *, is_stopped: Callable[[], bool]) -> bool:
        """Deliver what is due next, and return that nothing more is due at once. Raises DeskUnavailableError."""
        self._opened_at = self._opened_at or now
        if not self._due or now < self._opened_at + self._due[0][0]:
            return False
        folders = self._find_folders()
        if folders is None:
            return False
        try:
            if self._due[0][1](desk, folders, now):
                del self._due[0]
            self._fault = ""
        except OSError as error:
            self._fault = f"nothing can arrive at the demo: {folders.root}: {error.strerror or error}"
        return False

    def close(self) -> None:
        """End; nothing is under way."""
