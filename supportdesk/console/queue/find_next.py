"""Finds the next matching ticket, while the others stay on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.incremental_filter import SLICE
from supportdesk.console.queue.lines import Heading, QueueLine


class Match(msgspec.Struct, frozen=True):
    """A matching ticket; `wrapped`: the search went past the end and continued at the other one."""

    entry: QueueEntry
    wrapped: bool


def find_next(
    groups: Mapping[str, list[QueueEntry]],
    start: QueueLine,
    by: int,
    matching: Callable[[list[QueueEntry]], list[QueueEntry]],
    *,
    include_start: bool,
) -> Match | None:
    """Return the next match after `start`, or before it with `by` -1, wrapping round; None without a match.

    With `include_start` the ticket at `start` may be the match.
    """
    drawn = [entry for entries in groups.values() for entry in entries]
    at = _place(groups, start)
    on = isinstance(start, QueueEntry)
    if by > 0:
        first = at if include_start or not on else at + 1
        ahead, behind = drawn[first:], drawn[:first]
    else:
        last = at + 1 if include_start and on else at
        ahead, behind = drawn[:last][::-1], drawn[last:][::-1]
    for wrapped, entries in ((False, ahead), (True, behind)):
        for some in _slices(entries):
            matches = matching(some)
            if matches:
                return Match(matches[0], wrapped)
    return None


def _place(groups: Mapping[str, list[QueueEntry]], start: QueueLine) -> int:
    """Return the number of tickets above a line."""
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
