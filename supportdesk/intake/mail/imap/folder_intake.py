"""Takes in the messages of a folder of an IMAP server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from msgspec import Struct

from supportdesk.desk_api import DeskUnavailableError
from supportdesk.intake.mail.imap.server import ImapError, ImapMessageError
from supportdesk.intake.mail.imap.session import ImapSession
from supportdesk.intake.mail.mail_intake import Accounted, IntakeRefusedError, MailIntake

_FIRST, _LAST = 30.0, 3600.0
"""Seconds after which a message that failed is tried again, the first time and at most; they double."""


class _Failure(Struct, frozen=True):
    uid: int
    reason: str
    pause: float
    until: float


class FolderIntake:
    """Takes in what is in a folder, one message after another, and knows which messages failed, over all sessions.

    What failed is tried again later, after everything else: a message that ends each connection, or that the server
    does not hand over, keeps no other from being read.
    """

    def __init__(self, time_now: Callable[[], float] = time.monotonic) -> None:
        """Make an intake of a folder; `time_now` returns seconds that only grow."""
        self._now = time_now
        self._failures: dict[str, _Failure] = {}

    @property
    def failures(self) -> list[tuple[int, str]]:
        """The UIDs of the messages that were not accounted for, or not put away, and why."""
        return [(each.uid, each.reason) for each in self._failures.values()]

    def take_in(self, intake: MailIntake, session: ImapSession) -> Iterator[tuple[int, Accounted | str]]:
        """Take in the messages, and yield the UID of each with what became of it, or why it stays there.

        Raises ImapError and DeskUnavailableError, and what a fault of the program raises.
        """
        found = {f"{session.validity}.{uid}": uid for uid in session.find_new()}
        self._failures = {key: each for key, each in self._failures.items() if key in found}
        for key, uid in sorted(found.items(), key=lambda item: (item[0] in self._failures, item[1])):
            failure = self._failures.get(key)
            if failure is not None and failure.until > self._now():
                continue
            try:
                delivery = session.fetch(uid)
                if delivery is None:
                    # Another has put it away.
                    self._failures.pop(key, None)
                    continue
                accounted = intake.take_in(delivery)
                session.put_away(uid)
            except DeskUnavailableError:
                raise
            except (ImapMessageError, IntakeRefusedError) as error:
                self._note(key, uid, str(error))
                yield uid, str(error)
            except Exception as error:
                # Perhaps this message ends each session: the next one begins with all others.
                self._note(key, uid, str(error) if isinstance(error, ImapError) else type(error).__name__)
                raise
            else:
                self._failures.pop(key, None)
                yield uid, accounted

    def find_pause(self, longest: float) -> float:
        """Return the seconds until a message is to be tried again, or the longest ones if there is none before."""
        waits = [each.until - self._now() for each in self._failures.values()]
        return max(0.0, min([longest, *waits]))

    def _note(self, key: str, uid: int, reason: str) -> None:
        earlier = self._failures.get(key)
        pause = min(earlier.pause * 2, _LAST) if earlier is not None else _FIRST
        self._failures[key] = _Failure(uid, reason, pause, self._now() + pause)
