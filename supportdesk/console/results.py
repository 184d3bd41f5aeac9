"""What a place that was visited is left with."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.desk_api import Done


@dataclass(frozen=True, slots=True)
class Narrow:
    """Tickets to look at: `text` is what one would type after `/`."""

    text: str


Came = Done | Narrow | str | None
"""What one comes back with: a command that was carried out, tickets to look at, the reference of one, or nothing."""


def reference_of(came: Came) -> str | None:
    """The ticket to go to."""
    return came.ref if isinstance(came, Done) else None if isinstance(came, Narrow) else came
