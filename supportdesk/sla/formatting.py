"""Times and durations as text: the one place, so that every surface shows the same figure in the same words.

A duration is in whole seconds; an instant is aware; a zone is a name such as `Europe/London`.
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


def duration(seconds: int) -> str:
    """`1:47` (hours and minutes) from an hour on, `0:08:12` below; a minus sign before what is overrun.

    Minutes are cut off, not rounded, so that the figure never claims more than there is.
    """
    sign = "-" if seconds < 0 else ""
    minutes, second = divmod(abs(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{sign}{hours}:{minute:02}" if hours else f"{sign}0:{minute:02}:{second:02}"


def exact_duration(seconds: int) -> str:
    """`25:07:09`: hours, minutes and seconds, for a sum that has to come out to the second."""
    sign = "-" if seconds < 0 else ""
    minutes, second = divmod(abs(seconds), 60)
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{second:02}"


def amount(seconds: int) -> str:
    """A target in short: `3 h`, `1 h 30 min`, `45 min`, `20 s`."""
    return _named(seconds, ("h", "min", "s"), plural="")


def spoken(seconds: int) -> str:
    """A duration in whole words, to the second: `1 hour 47 minutes`, `1 second`."""
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
    """An instant as the zone's wall shows it."""
    return at.astimezone(ZoneInfo(zone))


def zone_name(at: datetime, zone: str) -> str:
    """The zone's short name at an instant: `GMT`, `BST`; `UTC+04` for one that has only a number."""
    name = local(at, zone).tzname() or zone
    return name if name[0].isalpha() else f"UTC{name}"


def bare_time(at: datetime, zone: str) -> str:
    """`09:42`, for a place where the zone's name already stands."""
    shown = local(at, zone)
    return f"{shown.hour:02}:{shown.minute:02}"


def clock_time(at: datetime, zone: str) -> str:
    """`09:42 GMT`."""
    return f"{bare_time(at, zone)} {zone_name(at, zone)}"


def weekday_time(at: datetime, zone: str) -> str:
    """`Wed 08:00 GMT`, for an instant within a week."""
    return f"{weekday(local(at, zone))} {clock_time(at, zone)}"


def date_time(at: datetime, zone: str) -> str:
    """`Tue 24 Nov 09:42 GMT`, for an instant whose year is plain."""
    shown = local(at, zone)
    return f"{weekday(shown)} {day(shown)} {clock_time(at, zone)}"


def full_time(at: datetime, zone: str) -> str:
    """`Tue 24 Nov 2026 09:42 GMT`, where nothing is left to be guessed."""
    return f"{full_day(local(at, zone))} {clock_time(at, zone)}"


def exact_time(at: datetime, zone: str) -> str:
    """`Tue 24 Nov 2026 09:42:07 GMT`, to the second; the seconds are left out where there are none."""
    shown = local(at, zone)
    second = f":{shown.second:02}" if shown.second else ""
    return f"{full_day(shown)} {bare_time(at, zone)}{second} {zone_name(at, zone)}"


def near_time(at: datetime, zone: str, now: datetime) -> str:
    """An instant as short as it is clear at `now`: `09:30 GMT` today, `Wed 08:00 GMT` in the six days to come, else
    `9 Dec 08:00 GMT`, with the year where it is another.
    """
    then, today = local(at, zone).date(), local(now, zone).date()
    if then == today:
        return clock_time(at, zone)
    if today < then < today + _WEEK:
        return weekday_time(at, zone)
    return f"{near_day(then, today)} {clock_time(at, zone)}"


def said_time(at: datetime, zone: str, now: datetime) -> str:
    """An instant as it is spoken, without the zone: `14:20 today`, `08:00 tomorrow`, `11:00 on Thursday`, else with its
    date: `08:00 on 9 December`.
    """
    then, days = local(at, zone), (local(at, zone).date() - local(now, zone).date()).days
    day_said = {0: "today", 1: "tomorrow"}.get(days)
    if day_said is None:
        named = WEEKDAYS[then.weekday()] if 0 < days < _WEEK.days else f"{then.day} {MONTHS[then.month - 1]}"
        day_said = f"on {named}"
    return f"{bare_time(at, zone)} {day_said}"


def near_day(then: date, today: date) -> str:
    """`9 Dec`, with the year where it is not this one."""
    return day(then) if then.year == today.year else f"{day(then)} {then.year}"


def day(of: date) -> str:
    """`9 Dec`."""
    return f"{of.day} {MONTHS[of.month - 1][:3]}"


def full_day(of: date) -> str:
    """`Wed 9 Dec 2026`."""
    return f"{weekday(of)} {day(of)} {of.year}"


def weekday(of: date) -> str:
    """`Wed`."""
    return WEEKDAYS[of.weekday()][:3]
