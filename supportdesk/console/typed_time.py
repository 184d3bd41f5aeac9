"""What people type for a time: `9:15`, `20 min ago`, `yesterday 17:40`, `fri 16:00`, `24 Nov 9:15`, ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from supportdesk.sla.words import date_time

_PAST = "type 9:15, 20 min ago, yesterday 17:40 or 24 Nov 9:15"
_TO_COME = "type mon 8:00, tomorrow 17:40, 24 Nov or 24 Nov 9:15"
_LONGEST = 60
_YEARS = range(1990, 2101)

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_SPAN = r"(\d{1,6})\s*(d|h|m|s)(?:ays?|ours?|rs?|in(?:ute)?s?|ec(?:ond)?s?)?(?![a-z])\s*"
_AGO = re.compile(rf"-\s*(?P<minus>(?:{_SPAN})+)|(?P<ago>(?:{_SPAN})+)ago")
_OCLOCK = re.compile(r"(\d{1,2})[.:h]?(\d{2})")
_DAYS_AWAY = {"today": 0, "yesterday": -1, "tomorrow": 1}
_WEEKDAYS = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}


class NotUnderstoodError(ValueError):
    """A text is no time; the message says what can be typed."""


def understand(text: str, *, zone: str, now: datetime, not_after: datetime | None = None) -> datetime:
    """The instant, in UTC and whole seconds, that somebody typed in the wall time of `zone` at `now`.

    Days come before months. Where the words leave room (`9:15`, `fri 16:00`, `24 Dec`), the latest instant that is not
    after `not_after` is taken, if that is given. Of a wall time that came twice the first one is meant. Raises
    NotUnderstoodError for what is no time, and for a wall time that the change to summer time skipped.
    """
    words = " ".join(text.lower().split())
    now = now.replace(microsecond=0)
    ago = _AGO.fullmatch(words)
    examples = _TO_COME if not_after is None else _PAST
    if words == "now":
        return now
    try:
        if len(words) > _LONGEST:
            raise ValueError("no time takes so many words")
        if ago is not None:
            return now - _span(ago["minus"] or ago["ago"])
        if words.isdigit() and len(words) < 3:
            raise NotUnderstoodError(f"an hour or a day? {examples}")
        return _choose(_readings(words, now.astimezone(ZoneInfo(zone))), zone, not_after)
    except NotUnderstoodError:
        raise
    except (ValueError, OverflowError) as error:
        raise NotUnderstoodError(f"that is no time: {examples}") from error


def _choose(readings: Iterator[datetime], zone: str, not_after: datetime | None) -> datetime:
    plainest = _located(next(readings), zone)
    if not_after is None or plainest <= not_after:
        return plainest
    past = (instant for read in readings if (instant := _located(read, zone)) <= not_after)
    return next(past, plainest)


def _span(words: str) -> timedelta:
    return timedelta(seconds=sum(int(count) * _UNITS[unit] for count, unit in re.findall(_SPAN, words)))


def _readings(words: str, here: datetime) -> Iterator[datetime]:
    """What the words can mean, the plainest first: today, then on a day before, then in the year before."""
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    first, _, rest = words.partition(" ")
    if first in _DAYS_AWAY:
        yield _parsed(_oclock(rest or "0:00"), midnight + timedelta(days=_DAYS_AWAY[first]), here)
        return
    if len(words) > len("0915"):
        try:
            yield datetime.fromisoformat(words.upper())
            return
        except ValueError:
            pass
    typed = f"{first} {_oclock(rest)}" if rest and first[:3] in _WEEKDAYS else _oclock(words)
    for back in range(8):
        yield _parsed(typed, midnight - timedelta(days=back), here)
    yield _parsed(typed, midnight - timedelta(days=365), here)


def _oclock(words: str) -> str:
    """A time that was typed with a point or nothing between its hours and minutes, as 9:15."""
    if words.isdigit() and len(words) < 3:
        return f"{words}:00"
    found = _OCLOCK.fullmatch(words)
    return f"{found[1]}:{found[2]}" if found else words


def _parsed(words: str, default: datetime, here: datetime) -> datetime:
    # Imported when first needed: it takes some 20 ms that no start-up should wait for.
    from dateutil import parser

    def zone_of(name: str | None, offset: int | None) -> tzinfo | None:
        if offset is not None:
            return timezone(timedelta(seconds=offset))
        if name is None or name in _names(here):
            return None
        raise NotUnderstoodError(f"the zone {name[:12]} is not known: leave it out, or write +01:00")

    return parser.parse(words.upper(), default=default, dayfirst=True, tzinfos=zone_of)


def _names(here: datetime) -> set[str | None]:
    """The short names by which the zone goes over the year; `here` is any time in it."""
    return {(here + timedelta(days=days)).tzname() for days in (0, 91, 182, 273)}


def _located(read: datetime, zone: str) -> datetime:
    if read.year not in _YEARS:
        raise ValueError("no desk was open in that year")
    if read.tzinfo is not None:
        return read.astimezone(UTC).replace(microsecond=0)
    local = read.replace(microsecond=0)
    instant = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        raise NotUnderstoodError(f"the clocks went forward then; {date_time(instant, zone)} came instead")
    return instant
