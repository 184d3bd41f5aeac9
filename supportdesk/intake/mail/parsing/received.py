"""Finds when our own mail server received a message, from which its clocks start (rule 2).

Each server that a message passes writes its line above the others. What stands below the line of our own server was
written by strangers, who could write our server's name there, or give it as that of the machine that they send from:
only the topmost line of our own server is believed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from supportdesk.intake.mail.parsing.headers import Headers
from supportdesk.intake.mail.parsing.mail_date import read_date

OLDEST = timedelta(days=366)
CLOCKS_DIFFER = timedelta(minutes=5)
"""By how much the mail server's clock may be fast."""

_BY = re.compile(r"\bby\s+([^\s;()]+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")


def read_received_at(headers: Headers, own_hosts: Collection[str], now: datetime) -> datetime | None:
    """Return when the topmost of our own servers received a message, in UTC.

    `own_hosts` are their names. None where none wrote a line, or its date is in the future or older than
    OLDEST. A date that is a little in the future, by a fast clock, is `now`.
    """
    own = {host.rstrip(".").casefold() for host in own_hosts}
    for value in headers.values("received"):
        line = _COMMENT.sub(" ", value.decode("latin-1"))
        text, _, date = line.rpartition(";")
        by = _BY.search(text)
        if by is not None and by[1].rstrip(".").casefold() in own:
            at = read_date(date)
            is_sound = at is not None and now - OLDEST <= at <= now + CLOCKS_DIFFER
            return min(at, now) if at is not None and is_sound else None
    return None
