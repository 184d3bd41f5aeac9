"""Resolves who is on call on a line at an instant: rotations, then swaps and overrides, then deputies.

Swaps and overrides hold in the order in which they were approved or made, so that the later one decides. The deputy of
somebody who is away has all their shifts, also those by swap or override; where the deputy is away too, the deputy's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from supportdesk.tickets.documents import Absence, Line, SwapState
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.layers import boundaries_of_layers, rotations_of, scheduled_at
from supportdesk.tickets.rota.turns import cycle_length

_INSTANT = timedelta(microseconds=1)
_MOST_PARTS = 1_000
"""How many parts of a shift or a gap are looked at to find when it began."""


class Reason(StrEnum):
    """Why a shift is somebody's."""

    ROTATION = "rotation"
    OVERRIDE = "override"
    SWAP = "swap"
    DEPUTY = "deputy"


class DutySpan(msgspec.Struct, frozen=True):
    """A time on a line in which the same person is on call, for the same reason; None means from or for ever.

    `person` is empty where nobody is: `left` is then whose shift it would be, if they have left or are away without a
    deputy, and `away` says that they are away. `instead_of` is whose shift it was before a swap, an override or an
    absence; it may be empty. `shift` identifies the shift of which this is a part.
    """

    person: str
    since: datetime | None
    until: datetime | None
    reason: Reason = Reason.ROTATION
    instead_of: str = ""
    left: str = ""
    away: bool = False
    shift: tuple[object, ...] = ()

    def joins(self, other: DutySpan) -> bool:
        """Return whether two spans that adjoin are parts of one shift or of one gap."""
        return (self.person, self.reason, self.instead_of, self.left, self.away, self.shift) == (
            other.person,
            other.reason,
            other.instead_of,
            other.left,
            other.away,
            other.shift,
        )


class _Replacement:
    """A person instead of another, of `instead_of` only or, if that is empty, of anybody; `made_at` orders them."""

    __slots__ = ("end", "instead_of", "made_at", "number", "person", "reason", "start")

    def __init__(
        self,
        made_at: datetime,
        number: int,
        reason: Reason,
        *,
        start: datetime,
        end: datetime,
        person: str,
        instead_of: str,
    ) -> None:
        self.made_at = made_at
        self.number = number
        self.reason = reason
        self.start = start
        self.end = end
        self.person = person
        self.instead_of = instead_of


class LineResolver:
    """Answers who is on call on one line, and for how long nothing changes."""

    def __init__(self, data: RotaData, line: Line) -> None:
        self._staff = data.staff
        self._rotations = rotations_of(data.rotations, line)
        self._replacements = sorted(
            _replacements(data, line), key=lambda each: (each.made_at, each.reason, each.number)
        )
        self._absences: defaultdict[str, list[Absence]] = defaultdict(list)
        for absence in sorted(data.absences, key=lambda each: each.number):
            if absence.start < absence.end:
                self._absences[absence.person].append(absence)
        self._boundaries = sorted(
            {
                *boundaries_of_layers(self._rotations),
                *(each.start for each in self._replacements),
                *(each.end for each in self._replacements),
            }
        )
        ends = (absence.end for theirs in self._absences.values() for absence in theirs)
        self._last_boundary = max((*self._boundaries[-1:], *ends), default=None)

    def horizon(self, at: datetime) -> datetime:
        """Return an instant after which everything is as in the cycle before it."""
        cycle = max(map(cycle_length, self._rotations), default=timedelta())
        return max(at, self._last_boundary or at) + cycle

    def at(self, at: datetime) -> DutySpan:
        """Return the span at an instant; it may be shorter than the shift."""
        scheduled = scheduled_at(self._rotations, at)
        since, until = self._between(at, scheduled.since, scheduled.until)
        person, reason, instead_of = scheduled.member, Reason.ROTATION, ""
        shift: tuple[object, ...] = (scheduled.turn,)
        for each in self._replacements:
            if each.start <= at < each.end and each.instead_of in ("", person):
                person, reason = each.person, each.reason
                instead_of = scheduled.member if scheduled.member != person else ""
                # An override is one shift, however many turns it covers.
                turn = scheduled.turn if each.reason is Reason.SWAP else None
                shift = (each.reason, each.number, turn)
        return self._resolve_absence(DutySpan(person, since, until, reason, instead_of, shift=shift), at)

    def whole(self, at: datetime) -> DutySpan:
        """Return the whole shift, or the whole gap, around an instant.

        A gap in which it would be somebody's shift ends where it would be somebody else's. `until` is None where a gap
        never ends.
        """
        return self._whole(self.at(at))[0]

    def spans(self, start: datetime, end: datetime) -> Iterator[DutySpan]:
        """Yield the shifts and the gaps from one instant to before another, whole, in order."""
        found, following = self._whole(self.at(start))
        yield found
        while following is not None and following.since is not None and following.since < end:
            found, following = self._to_its_end(following)
            yield found

    def _whole(self, found: DutySpan) -> tuple[DutySpan, DutySpan | None]:
        """Return the whole shift or gap of which a span is a part, and the first part of the next; None after the
        last.
        """
        first = found
        for _ in range(_MOST_PARTS):
            if first.since is None:
                break
            before = self.at(first.since - _INSTANT)
            if not before.joins(found):
                break
            first = before
        return self._to_its_end(msgspec.structs.replace(found, since=first.since))

    def _to_its_end(self, found: DutySpan) -> tuple[DutySpan, DutySpan | None]:
        """Return a span to the end of its shift or gap, and the first part of the next; None after the last."""
        until, horizon = found.until, None
        while until is not None:
            following = self.at(until)
            if not following.joins(found):
                return msgspec.structs.replace(found, until=until), following
            if not found.person:
                horizon = horizon or self.horizon(until)
                if until > horizon:
                    break
            until = following.until
        return msgspec.structs.replace(found, until=None), None

    def _between(
        self, at: datetime, since: datetime | None, until: datetime | None
    ) -> tuple[datetime | None, datetime | None]:
        """Return the bounds, brought in to the boundaries of layers and replacements around an instant."""
        place = bisect_right(self._boundaries, at)
        if place:
            before = self._boundaries[place - 1]
            since = before if since is None else max(since, before)
        if place < len(self._boundaries):
            after = self._boundaries[place]
            until = after if until is None else min(until, after)
        return since, until

    def _resolve_absence(self, span: DutySpan, at: datetime) -> DutySpan:
        """Return the span with the deputy of somebody who is away, or as a gap where there is none who can."""
        person, since, until = span.person, span.since, span.until
        asked: set[str] = set()
        absence: Absence | None = None
        covering: Absence | None = None
        while person and person not in asked:
            asked.add(person)
            theirs = self._absences.get(person, ())
            for each in theirs:
                for instant in (each.start, each.end):
                    if instant <= at:
                        since = instant if since is None else max(since, instant)
                    else:
                        until = instant if until is None else min(until, instant)
            absence = next((each for each in reversed(theirs) if each.start <= at < each.end), None)
            if absence is None:
                break
            covering = absence
            person = absence.deputy or ""
        span = msgspec.structs.replace(span, since=since, until=until)
        if not span.person:
            return msgspec.structs.replace(span, reason=Reason.ROTATION, instead_of="", shift=())
        if absence is not None:
            # Nobody deputises in the end: the last one asked has no deputy, or each is away for another.
            return DutySpan("", since, until, left=span.person, away=True)
        on_staff = self._staff.get(person)
        if on_staff is None or not on_staff.active:
            return DutySpan("", since, until, left=person)
        if covering is None:
            return span
        shift = (*span.shift, covering.number)
        return DutySpan(person, since, until, Reason.DEPUTY, span.person, shift=shift)


def _replacements(data: RotaData, line: Line) -> Iterator[_Replacement]:
    for override in data.overrides:
        if override.line is line and override.start < override.end:
            yield _Replacement(
                override.made_at,
                override.number,
                Reason.OVERRIDE,
                start=override.start,
                end=override.end,
                person=override.person,
                instead_of="",
            )
    for swap in data.swaps:
        if swap.line is not line or swap.state is not SwapState.APPROVED:
            continue
        assert swap.taken_by is not None
        assert swap.approved_at is not None
        given = (swap.start, swap.end, swap.taken_by, swap.offered_by)
        returned = (*swap.in_return, swap.offered_by, swap.taken_by) if swap.in_return is not None else None
        for start, end, person, instead_of in filter(None, (given, returned)):
            yield _Replacement(
                swap.approved_at,
                swap.number,
                Reason.SWAP,
                start=start,
                end=end,
                person=person,
                instead_of=instead_of,
            )
