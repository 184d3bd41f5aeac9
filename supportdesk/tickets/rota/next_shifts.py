"""Each person's next shift, and whose has changed: they are the ones who must be notified."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from supportdesk.tickets.documents import Line
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.differences import find_differences
from supportdesk.tickets.rota.resolution import LineResolver
from supportdesk.tickets.rota.timeline import Shift

_FARTHEST = timedelta(days=366)
"""How far ahead a next shift is looked for."""


class NextShiftChange(msgspec.Struct, frozen=True):
    """The next shift of a person before and after a change to the rota; None where they have none."""

    person: str
    was: Shift | None
    now: Shift | None


def next_shifts(reference_data: RotaData, at: datetime, *, begun: bool = True) -> dict[str, Shift]:
    """Return the present or next shift of everybody who has one within a year, by username; not `begun`: the next.

    A person on several lines has the shift that begins first.
    """
    found: dict[str, Shift] = {}
    for line in Line:
        resolver = LineResolver(reference_data, line)
        seen: set[str] = set()
        for each in resolver.spans(at, min(resolver.horizon(at), at + _FARTHEST)):
            if not each.person or each.person in seen or each.since is None or each.until is None:
                continue
            if not begun and each.since <= at:
                continue
            seen.add(each.person)
            shift = Shift(line, each.person, each.since, each.until, each.reason, each.instead_of)
            if each.person not in found or shift.start < found[each.person].start:
                found[each.person] = shift
    return found


def changed_next_shifts(before: RotaData, after: RotaData, at: datetime) -> tuple[NextShiftChange, ...]:
    """Return whose present or next shift at an instant differs after a change to the rota, by username.

    Of somebody who keeps the present one, it is the next one that differs. A shift differs by its line, its start or
    its end; why it is theirs, or that it is divided in two, does not matter.
    """
    changes: dict[str, NextShiftChange] = {}
    for begun in (False, True):
        was, now = next_shifts(before, at, begun=begun), next_shifts(after, at, begun=begun)
        for person in {*was, *now}:
            change = NextShiftChange(person, was.get(person), now.get(person))
            if _times(was, person) != _times(now, person) and _is_felt(before, after, change, at):
                changes[person] = change
    return tuple(changes[person] for person in sorted(changes))


def _is_felt(before: RotaData, after: RotaData, change: NextShiftChange, at: datetime) -> bool:
    """Return whether the person of a change is on call at other times, as far as their two shifts reach."""
    shifts = [each for each in (change.was, change.now) if each is not None]
    start, end = min(each.start for each in shifts), max(each.end for each in shifts)
    return any(
        change.person in (difference.was, difference.now)
        for line in {each.line for each in shifts}
        for difference in find_differences(before, after, line, max(start, at), end)
    )


def _times(shifts: Mapping[str, Shift], person: str) -> tuple[Line, datetime, datetime] | None:
    shift = shifts.get(person)
    return (shift.line, shift.start, shift.end) if shift is not None else None
