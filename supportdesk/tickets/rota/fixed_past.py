"""Who was on call stays: the first instant at which a change to the rota would say otherwise."""

from __future__ import annotations

from datetime import datetime

from supportdesk.tickets.documents import Line
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.resolution import LineResolver


def find_first_difference(
    before: RotaData, after: RotaData, line: Line, start: datetime, end: datetime
) -> datetime | None:
    """Return the first instant from `start` to before `end` at which another person is on call on a line.

    None where the same people are on call all the time, for whatever reason.
    """
    was, now = LineResolver(before, line), LineResolver(after, line)
    at = start
    while at < end:
        one, other = was.at(at), now.at(at)
        if one.person != other.person:
            return at
        at = min((each for each in (one.until, other.until) if each is not None), default=end)
    return None
