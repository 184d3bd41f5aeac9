"""The summary of each Monday: their shifts for everybody on the rota, the whole week and its gaps for supervisors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from supportdesk.tickets.documents import NOTICE
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.gap_text import uncovered_sentence
from supportdesk.tickets.rota.gaps import find_gaps
from supportdesk.tickets.rota.next_shifts import next_shifts
from supportdesk.tickets.rota.notices.notice import RotaNotice, supervisors
from supportdesk.tickets.rota.notices.shift_text import join_shifts, shift_text
from supportdesk.tickets.rota.timeline import timeline

AT = time(8)
"""The time of day of the summary, on a Monday; after that Monday it is no longer sent."""
_WEEK = timedelta(weeks=1)


def find_weekly_summaries(data: RotaData, now: datetime, zone: str) -> tuple[RotaNotice, ...]:
    """Return the summaries that are due at an instant, one for each person; none but on a Monday from eight o'clock.

    The shifts are those from now on, of two weeks or of one, which end at midnight.
    """
    local = now.astimezone(ZoneInfo(zone))
    if local.weekday() != 0 or local.time() < AT:
        return ()
    day = local.date()
    following = next_shifts(data, now)
    overview = _overview(data, now, _midnight(day + _WEEK, zone), zone)
    found = []
    for person in sorted({*following, *supervisors(data)}):
        parts = []
        if person in following:
            parts.append(_own_shifts(data, person, now, _midnight(day + 2 * _WEEK, zone), zone))
        if person in supervisors(data):
            parts.append(overview)
        found.append(RotaNotice(f"week {day.isoformat()} {person}", NOTICE, (person,), " ".join(parts)))
    return tuple(found) if data.rotations else ()


def _own_shifts(data: RotaData, person: str, start: datetime, end: datetime, zone: str) -> str:
    """Return a person's shifts between two instants, or when the next one after them is."""
    shifts = [each for each in timeline(data, start, end) if each.person == person]
    if shifts:
        return f"Your shifts of the next two weeks: {join_shifts(shift_text(data, each, zone) for each in shifts)}."
    following = next_shifts(data, end).get(person)
    when = f" Your next one is {shift_text(data, following, zone)}." if following is not None else ""
    return f"You have no shift in the next two weeks.{when}"


def _overview(data: RotaData, start: datetime, end: datetime, zone: str) -> str:
    """Return who is on call between two instants, and every gap."""
    shifts = join_shifts(shift_text(data, each, zone, named=True) for each in timeline(data, start, end))
    parts = [f"On call this week: {shifts or 'nobody'}."]
    parts += _gap_sentences(data, start, end, zone)
    return " ".join(parts)


def _gap_sentences(data: RotaData, start: datetime, end: datetime, zone: str) -> Iterator[str]:
    for gap in find_gaps(data, start, end):
        yield f"{uncovered_sentence(data, gap, zone)}."


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
