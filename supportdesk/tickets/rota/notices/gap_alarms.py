"""A gap in the rota pages the supervisors when it is found, and again three days and one day before it begins.

At night they are paged only for a gap that begins within a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from supportdesk.tickets.documents import PAGE, Line
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.gap_text import uncovered_sentence
from supportdesk.tickets.rota.gaps import GAP_NOTICE, RotaGap, find_whole_gaps
from supportdesk.tickets.rota.night import is_night
from supportdesk.tickets.rota.notices.notice import RotaNotice, supervisors

THREE_DAYS, ONE_DAY = timedelta(days=3), timedelta(days=1)
PREFIX = "gap"
"""What the keys of these notices begin with."""


class AlarmStage(StrEnum):
    """The last of its three pages that is due for a gap."""

    FOUND = "found"
    THREE_DAYS = "3-days"
    ONE_DAY = "1-day"


class NearGap(msgspec.Struct, frozen=True):
    """A gap of the next 14 days: `key` names it and its stage, `text` says when and why without a full stop."""

    key: str
    start: datetime
    stage: AlarmStage
    text: str


def find_near_gaps(data: RotaData, now: datetime, zone: str) -> tuple[NearGap, ...]:
    """Return the gaps of the next 14 days. A line for which no rotation was ever set has none."""
    found = []
    for gap in _gaps(data, now):
        stage = _stage(gap, now)
        text = uncovered_sentence(data, _from(gap, now), zone)
        found.append(NearGap(f"{gap_key(gap)} {stage}", gap.start, stage, text))
    return tuple(found)


def find_gap_alarms(data: RotaData, now: datetime, zone: str) -> tuple[RotaNotice, ...]:
    """Return the pages that are due at an instant, one for each gap of the next 14 days; `zone` is that of the nights.

    They stay due until the gap is over; each is sent once.
    """
    people = supervisors(data)
    if not people:
        return ()
    return tuple(
        RotaNotice(
            gap.key,
            PAGE,
            people,
            f"{gap.text}. Set the rota, or put somebody on call.",
            urgent=gap.stage is AlarmStage.ONE_DAY,
        )
        for gap in find_near_gaps(data, now, zone)
        if gap.stage is AlarmStage.ONE_DAY or not is_night(now, zone)
    )


def find_closed_gaps(data: RotaData, now: datetime, keys: Iterable[str]) -> Iterator[str]:
    """Yield those of the keys of pages that were sent whose gap is closed or over: they are withdrawn."""
    present = {gap_key(gap) for gap in _gaps(data, now)}
    for key in keys:
        if key.startswith(f"{PREFIX} ") and key.rpartition(" ")[0] not in present:
            yield key


def gap_key(gap: RotaGap) -> str:
    """Return what identifies a gap: its line and when it begins."""
    return f"{PREFIX} {gap.line} {gap.start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _gaps(data: RotaData, now: datetime) -> Iterator[RotaGap]:
    for gap in find_whole_gaps(data, now, now + GAP_NOTICE):
        if _has_rotation(data, gap.line):
            yield gap


def _has_rotation(data: RotaData, line: Line) -> bool:
    return any(each.line is line and each.members for each in data.rotations)


def _stage(gap: RotaGap, now: datetime) -> AlarmStage:
    if gap.start - now <= ONE_DAY:
        return AlarmStage.ONE_DAY
    return AlarmStage.THREE_DAYS if gap.start - now <= THREE_DAYS else AlarmStage.FOUND


def _from(gap: RotaGap, now: datetime) -> RotaGap:
    """Return the rest of a gap that has begun."""
    return msgspec.structs.replace(gap, start=max(gap.start, now))
