"""The results with which a visited screen is dismissed."""

from __future__ import annotations

import msgspec

from supportdesk.desk_api import Applied


class ShowTickets(msgspec.Struct, frozen=True):
    """Tickets to show in the queue: `text` is a filter, as it is typed after `/`."""

    text: str


class ShowScreen(msgspec.Struct, frozen=True):
    """Another screen to go to: `place` is its name in `navigation.DESTINATIONS`, and `text` what it starts with."""

    place: str
    text: str = ""


VisitResult = Applied | ShowTickets | ShowScreen | str | None
"""An executed command, tickets or a screen to show, the reference of a ticket to open, or nothing."""


def reference_of(came: VisitResult) -> str | None:
    """Return the reference of the ticket to go to, or None."""
    if isinstance(came, Applied):
        return came.ref
    return None if isinstance(came, ShowTickets | ShowScreen) else came
