"""Reads a mailbox on an IMAP server on a thread of its own, until nobody wants that any more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from supportdesk.access.secret import SetupError
from supportdesk.crash_log import write_crash
from supportdesk.desk_api import DeskApi, DeskUnavailableError
from supportdesk.intake.mail.configured import ImapMailbox
from supportdesk.intake.mail.imap.server import ImapError

if TYPE_CHECKING:
    from supportdesk.intake.mail.imap.folder_intake import FolderIntake
    from supportdesk.intake.mail.imap.session import ImapSession

IDLE = 300.0
"""Seconds after which a server is asked whatever it said: it may be deaf, or this connection cut."""
UNATTENDED = 60.0
"""Seconds after which a reader ends that nobody has asked for."""
FIRST_PAUSE, LAST_PAUSE = 5.0, 300.0
"""Seconds before a server is called again after a failure, the first time and at most; they double."""
_SHOWN = 3
"""How many messages that failed are named."""

Wait = Callable[[float], object]
"""Waits so many seconds, or until the reader is stopped."""


class MailboxReader:
    """Takes in the mail of one mailbox as it arrives; `attend` says on which desk, and that it is still wanted."""

    def __init__(self, place: ImapMailbox, say: Callable[[str], None], wait: Wait | None = None) -> None:
        """Make a reader, which does nothing before `attend`. `wait` is what it does in its pauses."""
        self._place = place
        self._say = say
        self._stopped = threading.Event()
        self._wait = wait or self._stopped.wait
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._desk: DeskApi | None = None
        self._attended = 0.0
        self._failed: set[str] = set()
        self.fault = ""
        """What is wrong at present, without a secret; empty where all is well."""

    @property
    def place(self) -> ImapMailbox:
        """The mailbox that is read."""
        return self._place

    def attend(self, desk: DeskApi) -> None:
        """Read on, or begin, and take in the mail on this desk. Call it at least each `UNATTENDED` seconds."""
        with self._guard:
            self._desk, self._attended = desk, time.monotonic()
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, name=f"imap {self._place.mailbox.name}", daemon=True
                )
                self._thread.start()

    def stop(self) -> None:
        """Have the reader end after the message that it takes in."""
        self._stopped.set()

    def join(self, timeout: float) -> None:
        """Wait until the reader has ended, for so many seconds."""
        if self._thread is not None:
            self._thread.join(timeout)

    def _must_end(self) -> bool:
        return self._stopped.is_set() or time.monotonic() - self._attended > UNATTENDED

    def _run(self) -> None:
        try:
            # What reads mail is loaded by a watcher that has a mailbox only.
            from supportdesk.intake.mail.imap.folder_intake import FolderIntake
            from supportdesk.intake.mail.imap.session import open_session
        except ImportError:
            self.fault = "mail needs imap-tools and nh3: pip install 'supportdesk[mail]'"
            return
        intake = FolderIntake()
        pause = FIRST_PAUSE
        while not self._must_end():
            try:
                with open_session(self._place.make_server()) as opened:
                    while not self._must_end():
                        self._take_in(intake, opened)
                        pause = FIRST_PAUSE
                        opened.wait(intake.find_pause(IDLE), must_end=self._must_end)
                return
            except Exception as error:  # noqa: BLE001 - a reader that ends reads nothing
                self.fault = self._describe(error)
            self._wait(pause)
            pause = min(pause * 2, LAST_PAUSE)

    def _take_in(self, intake: FolderIntake, session: ImapSession) -> None:
        """Take in what is in the folder. Raises ImapError and DeskUnavailableError."""
        from supportdesk.intake.mail.mail_intake import Accounted, MailIntake, describe_taken_in

        assert self._desk is not None
        mailbox = self._place.mailbox
        mail_intake = MailIntake(self._desk, mailbox)
        if (fault := mail_intake.find_fault()) is not None:
            self.fault = fault
            return
        for _, accounted in intake.take_in(mail_intake, session):
            if isinstance(accounted, Accounted):
                self._say(describe_taken_in(mailbox, accounted))
            if self._must_end():
                break
        named = [f"message {uid}: {reason}" for uid, reason in intake.failures]
        if len(named) > _SHOWN:
            named[_SHOWN:] = [f"{len(named) - _SHOWN} more"]
        folder = f"the folder {self._place.settings.folder} of the mailbox {mailbox.name}"
        self.fault = f"{folder}: {', '.join(named)}" if named else ""

    def _describe(self, error: Exception) -> str:
        name = self._place.mailbox.name
        match error:
            case ImapError() | SetupError():
                return f"the mailbox {name} cannot be read: {error}"
            case DeskUnavailableError():
                return f"the mailbox {name} waits for the desk: {error}"
        kind = type(error).__name__
        if kind not in self._failed:
            self._failed.add(kind)
            write_crash(error)
        return f"reading the mailbox {name} failed ({kind}, see the crash log)"
