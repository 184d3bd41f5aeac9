"""The resolved timeline of the rota: the shifts of every line."""

from __future__ import annotations

from datetime import datetime

import msgspec

from supportdesk.tickets.documents import Line
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.resolution import LineResolver, Reason


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


def timeline(reference_data: RotaData, start: datetime, end: datetime) -> tuple[Shift, ...]:
    """Return the shifts that have a part between two instants, whole, by line and start.

    The shifts of a line do not overlap. Where they leave a time out, nobody is on call.
    """
    return tuple(
        Shift(line, each.person, each.since, each.until, each.reason, each.instead_of)
        for line in Line
        for each in LineResolver(reference_data, line).spans(start, end)
        if each.person and each.since is not None and each.until is not None
    )
