"""The resolved timeline of the rota: the shifts of every line, and the gaps between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from supportdesk.tickets.documents import Line
from supportdesk.tickets.rota.data import RotaData, has_address
from supportdesk.tickets.rota.layers import lines_in_use
from supportdesk.tickets.rota.resolution import LineResolver, Reason, Stretch

GAP_NOTICE = timedelta(days=14)
"""How far ahead every hour must have an active person with an address."""


class Shift(msgspec.Struct, frozen=True):
    """A person on call on a line from `start` to `end`, which are UTC instants.

    `person` is a username. `instead_of` is whose shift it was before an override, a swap or an absence; it is empty for
    a turn of a rotation, and for an override where nobody was on call.
    """

    line: Line
    person: str
    start: datetime
    end: datetime
    reason: Reason
    instead_of: str = ""

    def seconds_within(self, start: datetime, end: datetime) -> int:
        """Return how many seconds of the shift are between two instants."""
        return max(0, int((min(self.end, end) - max(self.start, start)).total_seconds()))


class GapCause(StrEnum):
    """Why nobody can be paged who is on call."""

    NOBODY = "nobody"
    LEFT = "left"
    AWAY = "away"
    NO_ADDRESS = "no address"


class Gap(msgspec.Struct, frozen=True):
    """A time on a line in which nobody is on call who can be reached.

    `person` is the username of the person whose shift it would be; empty where it would be nobody's.
    """

    line: Line
    start: datetime
    end: datetime
    cause: GapCause
    person: str = ""


def timeline(reference_data: RotaData, start: datetime, end: datetime) -> tuple[Shift, ...]:
    """Return the shifts that have a part between two instants, whole, by line and start.

    The shifts of a line do not overlap. Where they leave a time out, nobody is on call.
    """
    return tuple(
        Shift(line, each.person, each.since, each.until, each.reason, each.instead_of)
        for line in Line
        for each in LineResolver(reference_data, line).stretches(start, end)
        if each.person and each.since is not None and each.until is not None
    )


def find_gaps(reference_data: RotaData, start: datetime, end: datetime) -> tuple[Gap, ...]:
    """Return the times between two instants in which a line has nobody on call who can be reached, by line and start.

    A line for which no rotation was ever set has no gaps, except for the first.
    """
    return tuple(
        gap
        for line in lines_in_use(reference_data.rotations)
        for gap in _gaps_of(reference_data, line, start, end)
    )


def _gaps_of(reference_data: RotaData, line: Line, start: datetime, end: datetime) -> Iterator[Gap]:
    for each in LineResolver(reference_data, line).stretches(start, end):
        cause = _cause(reference_data, each)
        if cause is not None:
            since = start if each.since is None else max(start, each.since)
            until = end if each.until is None else min(end, each.until)
            yield Gap(line, since, until, cause, each.person or each.left)


def _cause(reference_data: RotaData, stretch: Stretch) -> GapCause | None:
    if stretch.person:
        has_one = has_address(reference_data.staff[stretch.person])
        return None if has_one else GapCause.NO_ADDRESS
    if stretch.away:
        return GapCause.AWAY
    return GapCause.LEFT if stretch.left else GapCause.NOBODY
