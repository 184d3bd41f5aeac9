"""Formats times and durations, so that every surface shows the same figure in the same words, and makes sentences.

Durations are in whole seconds, instants are aware, and zones are names such as `Europe/London`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEK = timedelta(days=7)


def sentence(text: str) -> str:
    """Return a text with a capital at the beginning and one full stop at the end."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def duration(seconds: int) -> str:
    """Return a duration for timers: `1:47` from an hour up, `0:08:12` below; with a minus sign below zero.

    Seconds are cut off, not rounded, so that a timer never shows more time than is left.
    """
    sign = "-" if seconds < 0 else ""
    minutes, second = divmod(abs(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{sign}{hours}:{minute:02}" if hours else f"{sign}0:{minute:02}:{second:02}"


def exact_duration(seconds: int) -> str:
    """Return hours, minutes and seconds, `25:07:09`, for sums that must be exact."""
    sign = "-" if seconds < 0 else ""
    minutes, second = divmod(abs(seconds), 60)
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{second:02}"


def amount(seconds: int) -> str:
    """Return a duration in short: `3 h`, `1 h 30 min`, `45 min`, `20 s`."""
    return _named(seconds, ("h", "min", "s"), plural="")


def brief_amount(seconds: int) -> str:
    """Return a duration in short, in whole minutes from one minute up: `4 min`, `20 s`."""
    return amount(seconds if seconds < 60 else seconds // 60 * 60)


def spoken(seconds: int) -> str:
    """Return a duration in words, to the second: `1 hour 47 minutes`, `1 second`."""
    return _named(seconds, ("hour", "minute", "second"), plural="s")


def _named(seconds: int, units: tuple[str, str, str], plural: str) -> str:
    minutes, second = divmod(abs(seconds), 60)
    hours, minute = divmod(minutes, 60)
    parts = [
        f"{count} {unit}{plural if count != 1 else ''}"
        for count, unit in zip((hours, minute, second), units, strict=True)
        if count
    ]
    return " ".join(parts) or f"0 {units[2]}{plural}"


def local(at: datetime, zone: str) -> datetime:
    """Return an instant as a datetime of the zone."""
    return at.astimezone(ZoneInfo(zone))


def zone_name(at: datetime, zone: str) -> str:
    """Return the zone's short name at an instant: `GMT`, `BST`; `UTC+04` where it has only an offset."""
    name = local(at, zone).tzname() or zone
    return name if name[0].isalpha() else f"UTC{name}"


def bare_time(at: datetime, zone: str) -> str:
    """Return `09:42`, for places that show the zone elsewhere."""
    shown = local(at, zone)
    return f"{shown.hour:02}:{shown.minute:02}"


def clock_time(at: datetime, zone: str) -> str:
    """Return the time of day with its zone: `09:42 GMT`."""
    return f"{bare_time(at, zone)} {zone_name(at, zone)}"


def weekday_time(at: datetime, zone: str) -> str:
    """Return `Wed 08:00 GMT`, for an instant within a week."""
    return f"{weekday(local(at, zone))} {clock_time(at, zone)}"


def date_time(at: datetime, zone: str) -> str:
    """Return `Tue 24 Nov 09:42 GMT`, for an instant whose year is obvious."""
    shown = local(at, zone)
    return f"{weekday(shown)} {day(shown)} {clock_time(at, zone)}"


def full_time(at: datetime, zone: str) -> str:
    """Return the complete date and time: `Tue 24 Nov 2026 09:42 GMT`."""
    return f"{full_day(local(at, zone))} {clock_time(at, zone)}"


def exact_time(at: datetime, zone: str) -> str:
    """Return `Tue 24 Nov 2026 09:42:07 GMT`, without the seconds where they are zero."""
    shown = local(at, zone)
    second = f":{shown.second:02}" if shown.second else ""
    return f"{full_day(shown)} {bare_time(at, zone)}{second} {zone_name(at, zone)}"


def dated_time(at: datetime, zone: str) -> str:
    """Return the date and time without the weekday, for sentences: `24 Nov 2026 09:42 GMT`."""
    return f"{dated(local(at, zone))} {clock_time(at, zone)}"


def utc_time(at: datetime) -> str:
    """Return a UTC instant for messages that know no zone: `24 Nov 2026 09:42 UTC`."""
    return f"{dated(at)} {at:%H:%M} UTC"


def near_time(at: datetime, zone: str, now: datetime) -> str:
    """Return the shortest clear form of an instant at `now`.

    `09:30 GMT` today, `Wed 08:00 GMT` in the next six days, else `9 Dec 08:00 GMT`, with the year if it is another.
    """
    then, today = local(at, zone).date(), local(now, zone).date()
    if then == today:
        return clock_time(at, zone)
    if today < then < today + _WEEK:
        return weekday_time(at, zone)
    return f"{near_day(then, today)} {clock_time(at, zone)}"


def at_near_time(at: datetime, zone: str, now: datetime) -> str:
    """Return `near_time` with its preposition, to follow a verb: `at 09:30 GMT` today, else `on 9 Dec 08:00 GMT`."""
    is_today = local(at, zone).date() == local(now, zone).date()
    return f"{'at' if is_today else 'on'} {near_time(at, zone, now)}"


def said_time(at: datetime, zone: str, now: datetime) -> str:
    """Return an instant as it is spoken, without the zone.

    `14:20 today`, `08:00 tomorrow`, `11:00 on Thursday`, else with its date: `08:00 on 9 December`.
    """
    then, days = local(at, zone), (local(at, zone).date() - local(now, zone).date()).days
    day_said = {0: "today", 1: "tomorrow"}.get(days)
    if day_said is None:
        named = WEEKDAYS[then.weekday()] if 0 < days < _WEEK.days else f"{then.day} {MONTHS[then.month - 1]}"
        day_said = f"on {named}"
    return f"{bare_time(at, zone)} {day_said}"


def near_day(then: date, today: date) -> str:
    """Return `9 Dec`, with the year where it is not that of `today`."""
    return day(then) if then.year == today.year else dated(then)


def day(of: date) -> str:
    """Return a date without its year: `9 Dec`."""
    return f"{of.day} {MONTHS[of.month - 1][:3]}"


def dated(of: date) -> str:
    """Return a date with its year: `9 Dec 2026`."""
    return f"{day(of)} {of.year}"


def full_day(of: date) -> str:
    """Return a date with weekday and year: `Wed 9 Dec 2026`."""
    return f"{weekday(of)} {dated(of)}"


def weekday(of: date) -> str:
    """Return the short name of a date's weekday: `Wed`."""
    return WEEKDAYS[of.weekday()][:3]
