"""Takes in the mail of IMAP servers as it arrives; a watcher runs it as one of its tasks."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from supportdesk.desk_api import DeskApi
from supportdesk.intake.mail.configured import ImapMailbox
from supportdesk.intake.mail.imap_reader import MailboxReader

CLOSING = 5.0
"""Seconds for which messages are waited for that are being taken in when the watcher ends."""


class ImapTask:
    """Reads each mailbox on a thread of its own: no server keeps another from being read, or a watcher from paging."""

    name = "taking in mail from IMAP servers"

    def __init__(self, say: Callable[[str], None], load: Callable[[], Sequence[ImapMailbox]]) -> None:
        """Make the task; `load` returns the mailboxes, and is called at each tick."""
        self._say = say
        self._load = load
        self._readers: dict[str, MailboxReader] = {}

    @property
    def fault(self) -> str:
        """Which mailboxes or messages cannot be read at present, and why."""
        return "; ".join(reader.fault for reader in self._readers.values() if reader.fault)

    def tick(self, desk: DeskApi, now: datetime, *, is_stopped: Callable[[], bool]) -> bool:
        """Begin or go on to read the mailboxes; return that nothing more is due at once."""
        wanted = {each.mailbox.name: each for each in self._load()}
        for name, reader in list(self._readers.items()):
            if wanted.get(name) != reader.place:
                reader.stop()
                del self._readers[name]
        for name, place in wanted.items():
            reader = self._readers.setdefault(name, MailboxReader(place, self._say))
            reader.attend(desk)
        return False

    def close(self) -> None:
        """End after the messages that are being taken in, which are waited for a little."""
        for reader in self._readers.values():
            reader.stop()
        end = time.monotonic() + CLOSING
        for reader in self._readers.values():
            reader.join(max(0.0, end - time.monotonic()))
