"""The order of an inbox, and how many of its entries are new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

import msgspec

from supportdesk.tickets.inbox.entry import InboxKind

if TYPE_CHECKING:
    from supportdesk.settings.inbox_marks import InboxMarks
    from supportdesk.tickets.inbox.entry import InboxEntry

SHOWN_FOR = timedelta(days=14)
"""How far back an inbox goes."""


class Part(IntEnum):
    """A part of the inbox, in the order in which they are shown."""

    NEW = 0
    LATER = 1
    DONE = 2


class InboxLine(msgspec.Struct, frozen=True):
    """An entry and the part of the inbox that it is in; `until` is when it is new again, in `Part.LATER`."""

    entry: InboxEntry
    part: Part
    until: datetime | None = None


def arrange(entries: Iterable[InboxEntry], marks: InboxMarks, now: datetime) -> list[InboxLine]:
    """Return the lines of an inbox: new entries first, then those put off, by their times, and those that are done.

    Of the new ones, those that wait for this person come first: pages, then the others. `entries` are given the newest
    first, and stay so otherwise. An entry that was answered is done.
    """
    lines = [_line(entry, marks, now) for entry in entries]
    return sorted(lines, key=lambda line: (line.part, line.until or now, _urgency(line)))


def _urgency(line: InboxLine) -> int:
    """Return the place of an entry among the new ones: less for what must be answered first."""
    if line.part is not Part.NEW or not line.entry.is_open:
        return 2
    return 0 if line.entry.kind is InboxKind.PAGE else 1


def count_new(entries: Iterable[InboxEntry], marks: InboxMarks, now: datetime) -> int:
    """Return how many entries are new."""
    return sum(_line(entry, marks, now).part is Part.NEW for entry in entries)


def first_reminder(lines: Iterable[InboxLine]) -> datetime | None:
    """Return when the first of the entries that were put off is new again; None without one."""
    return min(_reminders(lines), default=None)


def _reminders(lines: Iterable[InboxLine]) -> Iterator[datetime]:
    return (line.until for line in lines if line.until is not None)


def _line(entry: InboxEntry, marks: InboxMarks, now: datetime) -> InboxLine:
    if entry.answer or entry.id in marks.done:
        return InboxLine(entry, Part.DONE)
    until = marks.later.get(entry.id)
    return (
        InboxLine(entry, Part.LATER, until)
        if until is not None and until > now
        else InboxLine(entry, Part.NEW)
    )
