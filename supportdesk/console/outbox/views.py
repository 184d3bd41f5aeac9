"""The views of the outbox: what waits, everything, and each thing that can become of a delivery."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from supportdesk.tickets.outbox.entry import Fate

Counts = Mapping[Fate, int]
"""How many deliveries there are by what became of them; without that of which there are none."""


class OutboxView(msgspec.Struct, frozen=True):
    """A view by its name; `fate` is what became of its deliveries, None for all of them."""

    name: str
    fate: Fate | None = None

    def count(self, counts: Counts) -> int:
        """Return how many deliveries the view has."""
        return sum(counts.values()) if self.fate is None else counts.get(self.fate, 0)


WAITING = OutboxView("Waiting", Fate.WAITING)
VIEWS = (
    WAITING,
    OutboxView("All"),
    *(OutboxView(each.capitalize(), each) for each in Fate if each is not Fate.WAITING),
)
"""Every view, in the order of the tabs."""

_IN_THE_PAST = "The outbox is not shown for a moment of the past."
_EMPTY = {
    None: "Nothing was sent in the last 30 days, and nothing waits.",
    Fate.WAITING: "Nothing waits to be sent.",
    Fate.SENT: "Nothing was sent in the last 30 days.",
    Fate.UNCONFIRMED: "No message of the last 30 days is unconfirmed.",
    Fate.UNDELIVERED: "No message of the last 30 days failed to be delivered.",
    Fate.BOUNCED: "No mail of the last 30 days bounced.",
    Fate.CANCELLED: "No message of the last 30 days was cancelled.",
}


def describe_empty(view: OutboxView, *, is_past: bool) -> str:
    """Return why a view has no deliveries."""
    return _IN_THE_PAST if is_past else _EMPTY[view.fate]
