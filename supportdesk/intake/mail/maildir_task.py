"""Takes in the mail of maildirs as time passes; a watcher runs it as one of its tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime

from supportdesk.desk_api import DeskApi
from supportdesk.intake.mail.configured import MaildirMailbox

CLOSING = 5.0
"""Seconds for which a message is waited for that is being taken in when the watcher ends."""


class MaildirTask:
    """Takes in what is in maildirs, on a thread of its own: no message may keep a watcher from paging somebody.

    A mailbox or a message that cannot be read keeps no other from being read.
    """

    name = "taking in mail"

    def __init__(self, say: Callable[[str], None], load: Callable[[], Sequence[MaildirMailbox]]) -> None:
        """Make the task; `load` returns the mailboxes, and is called at each tick."""
        self._say = say
        self._load = load
        self._faults: tuple[str, ...] = ()
        self._pool = ThreadPoolExecutor(1, "mail")
        self._work: Future[tuple[str, ...]] | None = None

    @property
    def fault(self) -> str:
        """Which mailboxes or messages cannot be read at present, and why."""
        return "; ".join(self._faults)

    def tick(self, desk: DeskApi, now: datetime, *, is_stopped: Callable[[], bool]) -> bool:
        """Begin to take in what is there, unless that is still under way; return that nothing more is due at once.

        Raises what the last time has raised, such as DeskUnavailableError.
        """
        if self._work is not None and not self._work.done():
            return False
        done, self._work = self._work, None
        self._faults = done.result() if done is not None else self._faults
        mailboxes = self._load()
        if mailboxes:
            self._work = self._pool.submit(_take_in, desk, mailboxes, self._say, is_stopped)
        else:
            self._faults = ()
        return False

    def close(self) -> None:
        """End after the message that is being taken in, which is waited for a little."""
        if self._work is not None:
            wait([self._work], CLOSING)
        self._pool.shutdown(wait=False, cancel_futures=True)


def _take_in(
    desk: DeskApi,
    mailboxes: Sequence[MaildirMailbox],
    say: Callable[[str], None],
    is_stopped: Callable[[], bool],
) -> tuple[str, ...]:
    """Take in what is in the mailboxes, and return what could not be. Raises DeskUnavailableError."""
    try:
        # What reads mail is loaded by a watcher that has a mailbox only.
        from supportdesk.intake.mail.mail_intake import MailIntake, describe_taken_in
        from supportdesk.intake.mail.maildir_intake import take_in_maildir
    except ImportError:
        return ("mail needs nh3: pip install 'supportdesk[mail]'",)
    faults = []
    for each in mailboxes:
        name, intake = each.mailbox.name, MailIntake(desk, each.mailbox)
        if (fault := intake.find_fault()) is not None:
            faults.append(fault)
            continue
        try:
            for path, accounted in take_in_maildir(intake, each.folder):
                if isinstance(accounted, str):
                    faults.append(f"{path}: {accounted}")
                else:
                    say(describe_taken_in(each.mailbox, accounted))
                if is_stopped():
                    return tuple(faults)
        except OSError as error:
            faults.append(f"the mailbox {name} cannot be read: {each.folder}: {error.strerror or error}")
    return tuple(faults)
