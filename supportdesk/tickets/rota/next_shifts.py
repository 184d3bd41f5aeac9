"""Each person's next shift, and whose has changed: they are the ones who must be notified."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from supportdesk.tickets.documents import Line
from supportdesk.tickets.rota.data import RotaData
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
        for each in resolver.stretches(at, min(resolver.horizon(at), at + _FARTHEST)):
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
    its end; why it is theirs does not matter.
    """
    changes: dict[str, NextShiftChange] = {}
    for begun in (False, True):
        was, now = next_shifts(before, at, begun=begun), next_shifts(after, at, begun=begun)
        for person in {*was, *now}:
            if _times(was, person) != _times(now, person):
                changes[person] = NextShiftChange(person, was.get(person), now.get(person))
    return tuple(changes[person] for person in sorted(changes))


def _times(shifts: Mapping[str, Shift], person: str) -> tuple[Line, datetime, datetime] | None:
    shift = shifts.get(person)
    return (shift.line, shift.start, shift.end) if shift is not None else None
