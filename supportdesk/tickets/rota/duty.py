"""Who is on call at an instant, and who is paged where nobody is (rule 18): `duty` is the only answer to that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from supportdesk.sla.policy import Rung
from supportdesk.tickets.documents import Line, Person
from supportdesk.tickets.rota.data import RotaData, has_address
from supportdesk.tickets.rota.resolution import DutySpan, LineResolver, Reason

LOOK_AHEAD = timedelta(weeks=8)
"""How far ahead gaps in the rota are looked for."""


class Duty(msgspec.Struct, frozen=True):
    """Who is paged from `began` to `ends`, which are aware UTC instants.

    `person` is None where nobody can be paged. `rung` is set where nobody is on call and the person is the last resort,
    by that rung. `left` is the username of somebody whose shift it would be, but who has left or, with `away`, is away
    without a deputy. `began` is None before the first rotation, `ends` is None where nobody will be on call unless a
    rotation is set. `instead_of` is the username of the person whose shift it was, where `reason` is not the rotation.
    """

    person: Person | None
    began: datetime | None
    ends: datetime | None
    rung: Rung | None = None
    left: str = ""
    away: bool = False
    reason: Reason = Reason.ROTATION
    instead_of: str = ""

    @property
    def on_call(self) -> Person | None:
        """The person whose shift it is; None in a gap of the rota."""
        return self.person if self.rung is None else None

    def holds_at(self, at: datetime) -> bool:
        """Return whether this is the duty at an instant, as long as no record changes."""
        return (self.began is None or self.began <= at) and (self.ends is None or at < self.ends)


def duty(reference_data: RotaData, at: datetime, line: Line = Line.FIRST) -> Duty:
    """Return the duty on a line at an instant: the person of the shift, else the last resort, else nobody.

    A rotation is in force from its start until the next one starts. Somebody who has left has no shift.
    """
    return _duty_in(reference_data, LineResolver(reference_data, line).whole(at), at)


def next_duty(reference_data: RotaData, at: datetime) -> Duty | None:
    """Return the duty after the one at `at`; None where that one never ends."""
    resolver = LineResolver(reference_data, Line.FIRST)
    ends = resolver.whole(at).until
    return _duty_in(reference_data, resolver.whole(ends), ends) if ends is not None else None


def next_shift(reference_data: RotaData, username: str, at: datetime, line: Line = Line.FIRST) -> Duty | None:
    """Return the present or next shift of a member of staff on a line; None where they have none."""
    for each in _duties(reference_data, line, at):
        if each.on_call is not None and each.on_call.username == username:
            return each
    return None


def find_duty_gaps(reference_data: RotaData, at: datetime) -> tuple[Duty, ...]:
    """Return the times from `at` to `LOOK_AHEAD` in which nobody is on call; adjoining ones are joined.

    The last one has no end if it continues beyond that.
    """
    until = at + LOOK_AHEAD
    found = [each for each in _duties(reference_data, Line.FIRST, at, until) if each.on_call is None]
    if found and found[-1].ends is not None and duty(reference_data, found[-1].ends).on_call is None:
        found[-1] = replace(found[-1], ends=None)
    return tuple(found)


def _duties(
    reference_data: RotaData, line: Line, at: datetime, until: datetime | None = None
) -> Iterator[Duty]:
    """Yield one duty after another from `at` on: to `until`, or until the last rotation has gone round once."""
    resolver = LineResolver(reference_data, line)
    until = resolver.horizon(at) if until is None else until
    following: datetime | None = at
    while following is not None and following <= until:
        span = resolver.whole(following)
        yield _duty_in(reference_data, span, following)
        following = span.until


def _duty_in(reference_data: RotaData, span: DutySpan, at: datetime) -> Duty:
    """Return the duty of a span of which `at` is an instant."""
    began, ends = span.since, span.until
    if span.person:
        person = reference_data.staff[span.person]
        return Duty(person, began, ends, reason=span.reason, instead_of=span.instead_of)
    methods = reference_data.find_methods()
    for rung in reference_data.ladder_at(at):
        for each in reference_data.staff.values():
            # A number without a method still lets the operator ring.
            is_reachable = bool(each.telephone) or has_address(each, methods)
            if rung.key in each.rungs and each.active and is_reachable:
                return Duty(each, began, ends, rung, span.left, span.away)
    return Duty(None, began, ends, left=span.left, away=span.away)
