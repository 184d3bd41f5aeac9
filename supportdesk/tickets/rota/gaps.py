"""Gaps: the times of the resolved timeline in which nobody is on call who can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from supportdesk.tickets.documents import Line
from supportdesk.tickets.rota.data import RotaData, has_address
from supportdesk.tickets.rota.layers import lines_in_use
from supportdesk.tickets.rota.resolution import DutySpan, LineResolver

GAP_NOTICE = timedelta(days=14)
"""How far ahead every hour must have an active person with an address."""


NEVER = datetime.max.replace(microsecond=0, tzinfo=UTC)
"""The end of a gap that nothing ends."""
_EPOCH = datetime.fromtimestamp(0, UTC)
_INSTANT = timedelta(microseconds=1)
_MOST_PARTS = 100
"""How many parts of a gap are looked at to find when it began."""


class GapCause(StrEnum):
    """Why nobody can be paged who is on call."""

    NOBODY = "nobody"
    LEFT = "left"
    AWAY = "away"
    NO_ADDRESS = "no address"


class RotaGap(msgspec.Struct, frozen=True):
    """A time on a line in which nobody is on call who can be reached.

    `person` is the username of the person whose shift it would be; empty where it would be nobody's.
    """

    line: Line
    start: datetime
    end: datetime
    cause: GapCause
    person: str = ""


def find_gaps(reference_data: RotaData, start: datetime, end: datetime) -> tuple[RotaGap, ...]:
    """Return the gaps between two instants, by line and start.

    A line for which no rotation was ever set has no gaps, except for the first.
    """
    return tuple(
        gap
        for line in lines_in_use(reference_data.rotations)
        for gap in _gaps_of(reference_data, line, start, end)
    )


def find_whole_gaps(reference_data: RotaData, start: datetime, end: datetime) -> tuple[RotaGap, ...]:
    """Return the gaps that have a part between two instants, whole, by line and start; adjoining ones are joined.

    A gap has the cause with which it begins, or that of its part at `start`. One that began before there was a rota
    begins at the Unix epoch, and one that nothing ends at `NEVER`.
    """
    found: list[RotaGap] = []
    for line in lines_in_use(reference_data.rotations):
        resolver, joins = LineResolver(reference_data, line), False
        for each in resolver.spans(start, end):
            cause = _cause(reference_data, each)
            if cause is None:
                joins = False
                continue
            until = NEVER if each.until is None else each.until
            if joins:
                found[-1] = replace(found[-1], end=until)
            else:
                since = _beginning(reference_data, resolver, each)
                found.append(RotaGap(line, since, until, cause, each.person or each.left))
            joins = True
    return tuple(found)


def _beginning(reference_data: RotaData, resolver: LineResolver, span: DutySpan) -> datetime:
    """Return when the gap begins of which a span is the first known part."""
    for _ in range(_MOST_PARTS):
        if span.since is None:
            return _EPOCH
        before = resolver.whole(span.since - _INSTANT)
        if _cause(reference_data, before) is None:
            return span.since
        span = before
    return span.since or _EPOCH


def find_new_gaps(before: RotaData, after: RotaData, start: datetime, end: datetime) -> tuple[RotaGap, ...]:
    """Return the times between two instants that were covered before a change to the rota and are not after it."""
    return tuple(
        gap
        for line in lines_in_use(before.rotations)
        for each in _gaps_of(after, line, start, end)
        for gap in _without(each, _gaps_of(before, line, start, end))
    )


def _without(gap: RotaGap, others: Iterable[RotaGap]) -> Iterator[RotaGap]:
    """Yield the parts of a gap that are in none of the others, which are in order."""
    start = gap.start
    for other in others:
        if start < min(other.start, gap.end):
            yield replace(gap, start=start, end=min(other.start, gap.end))
        start = max(start, other.end)
    if start < gap.end:
        yield replace(gap, start=start)


def _gaps_of(reference_data: RotaData, line: Line, start: datetime, end: datetime) -> Iterator[RotaGap]:
    for each in LineResolver(reference_data, line).spans(start, end):
        cause = _cause(reference_data, each)
        if cause is not None:
            since = start if each.since is None else max(start, each.since)
            until = end if each.until is None else min(end, each.until)
            yield RotaGap(line, since, until, cause, each.person or each.left)


def _cause(reference_data: RotaData, span: DutySpan) -> GapCause | None:
    if span.person:
        has_one = has_address(reference_data.staff[span.person], reference_data.find_methods())
        return None if has_one else GapCause.NO_ADDRESS
    if span.away:
        return GapCause.AWAY
    return GapCause.LEFT if span.left else GapCause.NOBODY
