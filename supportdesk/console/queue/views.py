"""The cuts through the queue that have a name and a count."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from supportdesk.console.queue.entry import Entry
from supportdesk.sla.clocks import State


class View(StrEnum):
    """A named cut, by its name on the screen."""

    ALL_OPEN = "All open"
    UNASSIGNED = "Unassigned"
    MINE = "Mine"
    AT_RISK = "At risk"
    RESOLVED = "Resolved"

    def among(self, entries: Collection[Entry], me: str) -> list[Entry]:
        """Those that are in this view of the member of staff `me`; made for a hundred thousand at a time.

        A promise that breaks after its ticket was resolved is at risk, too: somebody has to look at it again.
        """
        at_risk, breached = State.AT_RISK, State.BREACHED
        match self:
            case View.ALL_OPEN:
                return [entry for entry in entries if entry.is_open]
            case View.UNASSIGNED:
                return [entry for entry in entries if entry.is_open and entry.row.owner is None]
            case View.MINE:
                return [entry for entry in entries if entry.is_open and entry.row.owner == me]
            case View.AT_RISK:
                return [entry for entry in entries if entry.state is at_risk or entry.state is breached]
            case View.RESOLVED:
                return [entry for entry in entries if not entry.is_open]

    def holds(self, entry: Entry, me: str) -> bool:
        """Whether a ticket is in this view."""
        return bool(self.among((entry,), me))


def order(view: View, entry: Entry) -> tuple[int, int, str]:
    """The sort key of a ticket in a view: the most urgent first, and among the resolved the latest."""
    if view is View.RESOLVED:
        row = entry.row
        return (-(row.resolution.stopped_at or row.received_at), row.received_at, row.ref)
    return entry.urgency
