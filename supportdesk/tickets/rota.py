"""Who is on call at an instant, and who is paged where nobody is (rule 18): `duty` is the only answer to that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from supportdesk.sla.policy import Rung
from supportdesk.tickets.documents import Person, Rotation

_UTC = ZoneInfo("UTC")
WEEK = timedelta(weeks=1)
LOOK_AHEAD = timedelta(weeks=8)
"""How far ahead gaps in the rota are looked for."""


class RotaData(Protocol):
    """The reference data that the rota depends on."""

    @property
    def staff(self) -> Mapping[str, Person]:
        """The staff by username, including those who have left."""

    @property
    def rotations(self) -> Sequence[Rotation]:
        """Every rotation that was set, one for each start."""

    def ladder_at(self, at: datetime) -> Sequence[Rung]:
        """Return the rungs of the policy in force at an instant, the lowest first."""


class Duty(msgspec.Struct, frozen=True):
    """Who is paged from `began` to `ends`, which are aware UTC instants.

    `person` is None where nobody can be paged. `rung` is set where nobody is on call and the person is the last resort,
    by that rung. `left` is the username of somebody who has left and whose shift it would be. `began` is None before
    the first rotation, `ends` is None where nobody will be on call unless a rotation is set.
    """

    person: Person | None
    began: datetime | None
    ends: datetime | None
    rung: Rung | None = None
    left: str = ""

    @property
    def on_call(self) -> Person | None:
        """The person whose shift it is; None in a gap of the rota."""
        return self.person if self.rung is None else None

    def holds_at(self, at: datetime) -> bool:
        """Return whether this is the duty at an instant, as long as no record changes."""
        return (self.began is None or self.began <= at) and (self.ends is None or at < self.ends)


def duty(reference_data: RotaData, at: datetime) -> Duty:
    """Return the duty at an instant: the person of the shift, else the last resort, else nobody.

    A rotation is in force from its start until the next one starts. Somebody who has left has no shift.
    """
    scheduled, began, ends = _scheduled(reference_data.rotations, at)
    person = reference_data.staff.get(scheduled)
    if person is not None and person.active:
        return Duty(person, began, ends)
    ends = _gap_ends(reference_data.rotations, scheduled, at, ends)
    for rung in reference_data.ladder_at(at):
        for each in reference_data.staff.values():
            if rung.key in each.rungs and each.active and each.telephone:
                return Duty(each, began, ends, rung, scheduled)
    return Duty(None, began, ends, left=scheduled)


def next_duty(reference_data: RotaData, at: datetime) -> Duty | None:
    """Return the duty after the one at `at`; None where that one never ends."""
    ends = duty(reference_data, at).ends
    return duty(reference_data, ends) if ends is not None else None


def next_shift(reference_data: RotaData, username: str, at: datetime) -> Duty | None:
    """Return the present or next shift of a member of staff; None where they have none."""
    for each in _duties(reference_data, at):
        if each.on_call is not None and each.on_call.username == username:
            return each
    return None


def find_duty_gaps(reference_data: RotaData, at: datetime) -> tuple[Duty, ...]:
    """Return the times from `at` to `LOOK_AHEAD` in which nobody is on call; adjoining ones are joined.

    The last one has no end if it continues beyond that.
    """
    found = [each for each in _duties(reference_data, at, until=at + LOOK_AHEAD) if each.on_call is None]
    if found and found[-1].ends is not None and duty(reference_data, found[-1].ends).on_call is None:
        found[-1] = replace(found[-1], ends=None)
    return tuple(found)


def find_rotation(rotations: Sequence[Rotation], at: datetime) -> Rotation | None:
    """Return the rotation in force at an instant: the last one that has started and was not cancelled."""
    started = [each for each in rotations if each.members and each.starts <= at]
    return max(started, key=lambda each: each.starts, default=None)


def with_rotation(rotations: Sequence[Rotation], rotation: Rotation) -> tuple[Rotation, ...]:
    """Return the rotations by start, with `rotation` in place of one with the same start."""
    others = (each for each in rotations if each.starts != rotation.starts)
    return tuple(sorted((*others, rotation), key=lambda each: each.starts))


def _gap_ends(
    rotations: Sequence[Rotation], left: str, at: datetime, ends: datetime | None
) -> datetime | None:
    """Return the end of a gap in which a person who has left has the shift, across their further shifts.

    `ends` is the end of the present shift. None where no other shift follows.
    """
    horizon = _once_round(rotations, at)
    while ends is not None:
        scheduled, _, following = _scheduled(rotations, ends)
        if scheduled != left:
            return ends
        if ends > horizon:
            return None
        ends = following
    return None


def _once_round(rotations: Sequence[Rotation], at: datetime) -> datetime:
    """Return when the last rotation has gone round once; `at` without one."""
    last = max((each for each in rotations if each.members), key=lambda each: each.starts, default=None)
    return max(at, last.starts) + WEEK * (len(last.members) + 1) if last is not None else at


def _duties(reference_data: RotaData, at: datetime, until: datetime | None = None) -> Iterator[Duty]:
    """Yield one duty after another from `at` on: to `until`, or until the last rotation has gone round once."""
    if until is None:
        until = _once_round(reference_data.rotations, at)
    following: datetime | None = at
    while following is not None and following <= until:
        each = duty(reference_data, following)
        yield each
        following = each.ends


def _scheduled(rotations: Sequence[Rotation], at: datetime) -> tuple[str, datetime | None, datetime | None]:
    """Return the username whose turn it is, and its start and end; an empty text before the first rotation.

    Handover is at the same wall-clock time each week, so a week with a change to summer time is an hour shorter.
    """
    starts = min((each.starts for each in rotations if each.members and each.starts > at), default=None)
    rotation = find_rotation(rotations, at)
    if rotation is None:
        return "", None, starts
    zone = ZoneInfo(rotation.timezone)
    first = rotation.starts.astimezone(zone).replace(tzinfo=None)

    def handover(week: int) -> datetime:
        # A skipped wall-clock time becomes an hour later; of a repeated one, the first is used.
        return (first + week * WEEK).replace(tzinfo=zone).astimezone(_UTC)

    week = (at.astimezone(zone).replace(tzinfo=None) - first) // WEEK
    while week > 0 and handover(week) > at:
        week -= 1
    while handover(week + 1) <= at:
        week += 1
    ends = handover(week + 1)
    return (
        rotation.members[week % len(rotation.members)],
        handover(week) if week else rotation.starts.astimezone(_UTC),
        ends if starts is None else min(ends, starts),
    )
