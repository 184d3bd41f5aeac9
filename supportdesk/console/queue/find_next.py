"""Going from ticket to ticket of those that match, while all of them stay on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.incremental_filter import SLICE
from supportdesk.console.queue.lines import Heading, Line


class Match(msgspec.Struct, frozen=True):
    """A ticket that matches; `around` says that it was found only from the other end on."""

    entry: QueueEntry
    around: bool


def find_next(
    groups: Mapping[str, list[QueueEntry]],
    start: Line,
    by: int,
    matching: Callable[[list[QueueEntry]], list[QueueEntry]],
    *,
    here: bool,
) -> Match | None:
    """The next match after `start`, or with `by` -1 the one before, round the end.

    With `here` the ticket at `start` may be it.
    """
    drawn = [entry for entries in groups.values() for entry in entries]
    at = _place(groups, start)
    on = isinstance(start, QueueEntry)
    if by > 0:
        first = at if here or not on else at + 1
        ahead, behind = drawn[first:], drawn[:first]
    else:
        last = at + 1 if here and on else at
        ahead, behind = drawn[:last][::-1], drawn[last:][::-1]
    for around, entries in ((False, ahead), (True, behind)):
        for some in _slices(entries):
            matches = matching(some)
            if matches:
                return Match(matches[0], around)
    return None


def _place(groups: Mapping[str, list[QueueEntry]], start: Line) -> int:
    """How many tickets stand above a line."""
    above = 0
    for severity, entries in groups.items():
        if isinstance(start, Heading) and start.severity == severity:
            return above
        if isinstance(start, QueueEntry) and start.row.severity == severity:
            return above + entries.index(start)
        above += len(entries)
    return 0


def _slices(entries: list[QueueEntry]) -> Iterator[list[QueueEntry]]:
    for start in range(0, len(entries), SLICE):
        yield entries[start : start + SLICE]
