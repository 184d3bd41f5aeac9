"""Whose turn it is in one rotation.

Handover is at the same wall-clock time of the rotation's zone, so a turn with a change to summer time is an hour
shorter. A skipped wall-clock time becomes an hour later; of a repeated one, the first is used (rule 11).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from supportdesk.tickets.documents import Rotation, TurnUnit

_UNITS = {
    TurnUnit.HOURS: timedelta(hours=1),
    TurnUnit.DAYS: timedelta(days=1),
    TurnUnit.WEEKS: timedelta(weeks=1),
}


class Turn(msgspec.Struct, frozen=True):
    """A turn of a rotation, or a part of one: `member` is a username, or empty where nobody is a member.

    `number` counts the turns from 0. The member is the same from `began` to `ends`, which are UTC instants.
    """

    member: str
    number: int
    began: datetime
    ends: datetime


class _Phase:
    """A time in which the same members take turns. `members` are places in the rotation's list.

    `starts` is None for the first phase. The turn `number` is that of the member at `offset` in `members`.
    """

    __slots__ = ("members", "number", "offset", "starts")

    def __init__(self, starts: datetime | None, members: tuple[int, ...], number: int, offset: int) -> None:
        self.starts = starts
        self.members = members
        self.number = number
        self.offset = offset

    def place(self, number: int) -> int | None:
        """Return the place of the member whose turn is `number`; None without members."""
        if not self.members:
            return None
        return self.members[(number - self.number + self.offset) % len(self.members)]


def turn_length(rotation: Rotation) -> timedelta:
    """Return the length of a turn on the wall clock."""
    return _UNITS[rotation.unit] * rotation.every


def cycle_length(rotation: Rotation) -> timedelta:
    """Return the time after which everybody has had a turn, and one turn more."""
    return turn_length(rotation) * (len(rotation.members) + 1)


def turn_at(rotation: Rotation, at: datetime) -> Turn:
    """Return the turn at an instant, which must not be before the rotation starts.

    Somebody who joins has the turn that comes after those before them in the list. Where somebody leaves during their
    turn, the next member takes over at once, and the one after at the next handover.
    """
    grid = _grid(rotation)
    number = grid.number_at(at)
    began, ends = grid.handover(number), grid.handover(number + 1)
    if not rotation.memberships:
        return Turn(rotation.members[number % len(rotation.members)], number, began, ends)
    phases = _phases(rotation)
    index = max(i for i, phase in enumerate(phases) if phase.starts is None or phase.starts <= at)
    phase = phases[index]
    if phase.starts is not None:
        began = max(began, phase.starts)
    if index + 1 < len(phases):
        following = phases[index + 1].starts
        assert following is not None
        ends = min(ends, following)
    place = phase.place(number)
    return Turn(rotation.members[place] if place is not None else "", number, began, ends)


def boundaries_of(rotation: Rotation) -> tuple[datetime, ...]:
    """Return the instants at which somebody joins or leaves after the rotation's start, in order."""
    found = {
        instant
        for each in rotation.memberships
        for day in (each.joins, each.leaves)
        if day is not None and (instant := _on(rotation, day)) > rotation.starts
    }
    return tuple(sorted(found))


class _Grid:
    """The regular handovers of a rotation, by their number."""

    def __init__(self, rotation: Rotation) -> None:
        self._starts = rotation.starts
        self._zone = ZoneInfo(rotation.timezone)
        # Within one zone, Python adds and subtracts on the wall clock.
        self._first = rotation.starts.astimezone(self._zone)
        self._length = turn_length(rotation)

    def handover(self, number: int) -> datetime:
        """Return when the turn of this number begins."""
        if number == 0:
            return self._starts.astimezone(UTC)
        return (self._first + number * self._length).astimezone(UTC)

    def number_at(self, at: datetime) -> int:
        """Return the number of the turn at an instant."""
        number = (at.astimezone(self._zone) - self._first) // self._length
        while number > 0 and self.handover(number) > at:
            number -= 1
        number = max(number, 0)
        while self.handover(number + 1) <= at:
            number += 1
        return number


@lru_cache(maxsize=256)
def _grid(rotation: Rotation) -> _Grid:
    return _Grid(rotation)


@lru_cache(maxsize=256)
def _phases(rotation: Rotation) -> tuple[_Phase, ...]:
    """Return the phases of a rotation, the first of which begins with it."""
    grid = _grid(rotation)
    phases = [_Phase(None, _members_at(rotation, rotation.starts), 0, 0)]
    for instant in boundaries_of(rotation):
        before, members = phases[-1], _members_at(rotation, instant)
        number = grid.number_at(instant)
        is_handover = grid.handover(number) == instant
        last = before.place(number - 1 if is_handover and number > before.number else number)
        stays = not is_handover and last in members
        offset = members.index(last) if stays and last is not None else _next_after(last, members)
        phases.append(_Phase(instant, members, number, offset))
    return tuple(phases)


def _next_after(place: int | None, members: Sequence[int]) -> int:
    """Return the index of the first of `members` that stands after a place in the rotation's list."""
    return next((i for i, each in enumerate(members) if place is not None and each > place), 0)


def _members_at(rotation: Rotation, at: datetime) -> tuple[int, ...]:
    terms = {each.username: each for each in rotation.memberships}
    found = []
    for place, username in enumerate(rotation.members):
        term = terms.get(username)
        has_joined = term is None or term.joins is None or _on(rotation, term.joins) <= at
        has_left = term is not None and term.leaves is not None and _on(rotation, term.leaves) <= at
        if has_joined and not has_left:
            found.append(place)
    return tuple(found)


def _on(rotation: Rotation, day: date) -> datetime:
    """Return the instant on a date at the time of day at which the rotation starts."""
    zone = ZoneInfo(rotation.timezone)
    clock: time = rotation.starts.astimezone(zone).time()
    return datetime.combine(day, clock, zone).astimezone(UTC)
