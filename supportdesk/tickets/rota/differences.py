"""What a change to the rota changes: when somebody else is on call after it than before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from supportdesk.tickets.documents import Line
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.resolution import LineResolver


class Difference(msgspec.Struct, frozen=True):
    """From an instant on, another person is on call than before the change; a username, or empty where nobody is."""

    at: datetime
    was: str
    now: str


def find_differences(
    before: RotaData, after: RotaData, line: Line, start: datetime, end: datetime
) -> Iterator[Difference]:
    """Yield when somebody else is on call on a line, from `start` to before `end`; several may adjoin.

    There are none where the same people are on call for another reason.
    """
    was, now = LineResolver(before, line), LineResolver(after, line)
    at = start
    while at < end:
        one, other = was.at(at), now.at(at)
        if one.person != other.person:
            yield Difference(at, one.person, other.person)
        at = min((each for each in (one.until, other.until) if each is not None), default=end)
