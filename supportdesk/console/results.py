"""The results with which a visited screen is dismissed."""

from __future__ import annotations

import msgspec

from supportdesk.desk_api import Applied


class ShowTickets(msgspec.Struct, frozen=True):
    """Tickets to show in the queue: `text` is a filter, as it is typed after `/`."""

    text: str


VisitResult = Applied | ShowTickets | str | None
"""An executed command, tickets to show, the reference of a ticket to open, or nothing."""


def reference_of(came: VisitResult) -> str | None:
    """Return the reference of the ticket to go to, or None."""
    return came.ref if isinstance(came, Applied) else None if isinstance(came, ShowTickets) else came
