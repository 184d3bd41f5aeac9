"""The views of the queue: filters with a name and a count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.filter.filter import Filter
from supportdesk.console.queue.filter.parser import parse
from supportdesk.console.queue.filter.vocabulary import Vocabulary
from supportdesk.tickets.folding import same_name

ALL_OPEN, UNASSIGNED, MINE, MY_TEAM = "All open", "Unassigned", "Mine", "My team"
AT_RISK_OR_BREACHED, ON_HOLD, OUT_OF_POLICY = "At risk or breached", "On hold", "Out of policy"
PROMISED_FIXES, RESOLVED = "Promised fixes", "Resolved"

STANDARD = {
    ALL_OPEN: "is:open",
    UNASSIGNED: "is:open owner:none",
    MINE: "is:open owner:me",
    MY_TEAM: "is:open team:mine",
    # A clock that breaches after its ticket was resolved is urgent, too: the ticket needs another look.
    AT_RISK_OR_BREACHED: 'state:"at risk",breached',
    ON_HOLD: "is:open waiting",
    OUT_OF_POLICY: "is:open policy:out",
    PROMISED_FIXES: "is:open promised",
    RESOLVED: "is:resolved",
}
"""The views that every desk has, in their order."""


class View(msgspec.Struct, frozen=True):
    """A filter with a name. `latest_first` sorts by when a ticket was resolved, and not by urgency."""

    name: str
    filter: Filter
    latest_first: bool = False

    def order(self, entry: QueueEntry) -> tuple[int, int, str]:
        """Return the sort key of a ticket: the most urgent first, or with `latest_first` the latest."""
        return latest_first(entry) if self.latest_first else entry.urgency


def latest_first(entry: QueueEntry) -> tuple[int, int, str]:
    """Return the sort key by which the tickets that were resolved last come first."""
    row = entry.row
    return (-(row.resolution.stopped_at or row.received_at), row.received_at, row.ref)


def standard_views(vocabulary: Vocabulary) -> tuple[View, ...]:
    """Return the views of every desk; My team only for an operator who is in a team."""
    return tuple(
        View(name, parse(text, vocabulary).filter, latest_first=name == RESOLVED)
        for name, text in STANDARD.items()
        if vocabulary.team or name != MY_TEAM
    )


def parse_user_views(
    wanted: Iterable[tuple[str, str]], taken: Iterable[View], vocabulary: Vocabulary
) -> tuple[list[View], list[str]]:
    """Return the operator's views, from pairs of name and filter, and what is wrong with those that are skipped.

    A name that one of the views `taken` has, or an earlier one, is skipped.
    """
    views: list[View] = []
    wrong: list[str] = []
    names = {same_name(view.name) for view in taken}
    for name, text in wanted:
        read = parse(text, vocabulary)
        if same_name(name) in names:
            wrong.append(f"there is already a view “{name}”; give yours another name")
        elif read.faults:
            wrong.append(f"the view “{name}” was skipped: {read.faults[0].message}")
        elif not read.filter:
            wrong.append(f"the view “{name}” was skipped: its filter is empty")
        else:
            names.add(same_name(name))
            views.append(View(name, read.filter))
    return views, wrong


def view_named(views: Sequence[View], name: str) -> View:
    """Return the view of this name; without one, the first view."""
    return next((view for view in views if view.name == name), views[0])
