"""Waits until a server says that a folder has changed."""

from __future__ import annotations

import time
from collections.abc import Callable

from imap_tools.errors import MailboxTaggedResponseError

from supportdesk.intake.mail.imap.connection import ImapMailBox

_LOOK = 1.0
"""Seconds between two looks at whether the wait must end."""
_ANSWER = 30.0
"""Seconds in which a server begins to wait, or ends it."""
_POLL = 30.0
"""Seconds of a wait for a server that says nothing by itself."""


def wait_for_change(box: ImapMailBox, seconds: float, must_end: Callable[[], bool]) -> None:
    """Wait until the server says anything, for so many seconds, or until it must end.

    That it says nothing proves nothing: it may have lost sight of the connection. Raises IMAP4.error and OSError.
    """
    if "IDLE" not in box.client.capabilities:
        _watch(box, min(seconds, _POLL), must_end)
        return
    box.client.allow(_ANSWER)
    try:
        box.idle.start()
    except MailboxTaggedResponseError as error:
        if not error.command_result[0].startswith(b"*"):
            # It refuses to wait, whatever it has said.
            box.client.capabilities = tuple(each for each in box.client.capabilities if each != "IDLE")
            return
        # It told news before it began to wait.
        seconds = 0
    _watch(box, seconds, must_end)
    box.client.allow(_ANSWER)
    box.idle.stop()


def _watch(box: ImapMailBox, seconds: float, must_end: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not must_end():
        if box.client.has_news(min(left, _LOOK)):
            return
