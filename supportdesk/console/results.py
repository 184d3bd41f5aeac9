"""What a place that was visited is left with."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.desk_api import Applied


@dataclass(frozen=True, slots=True)
class ShowTickets:
    """Tickets to look at: `text` is what one would type after `/`."""

    text: str


VisitResult = Applied | ShowTickets | str | None
"""What one comes back with: a command that was carried out, tickets to look at, the reference of one, or nothing."""


def reference_of(came: VisitResult) -> str | None:
    """The ticket to go to."""
    return came.ref if isinstance(came, Applied) else None if isinstance(came, ShowTickets) else came
