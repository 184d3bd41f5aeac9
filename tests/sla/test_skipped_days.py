"""Zones that crossed the date line and skipped a whole day: hours of that day are nobody's, and the others hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from supportdesk.sla.calendar import BusinessCalendar
from supportdesk.sla.opening_hours import WEEKDAYS

OFFICE = {day: [("08:00", "18:00")] for day in WEEKDAYS}
NIGHTS = {day: [("22:00", "06:00")] for day in WEEKDAYS}
ALL_DAY = {day: [("00:00", "24:00")] for day in WEEKDAYS}
SPLIT = {day: [("00:00", "04:30"), ("09:00", "12:00"), ("13:00", "24:00")] for day in WEEKDAYS}

SKIPPED = [
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Pacific/Fakaofo", date(2011, 12, 30)),
    ("Pacific/Kwajalein", date(1993, 8, 21)),
    ("Pacific/Kiritimati", date(1994, 12, 31)),
    ("Pacific/Enderbury", date(1994, 12, 31)),
]


def is_open(hours: dict[str, list[tuple[str, str]]], zone: ZoneInfo, at: datetime) -> bool:
    """Whether a clock on the wall shows a time within the hours of its date, or of the night before."""
    wall = at.astimezone(zone)
    minute = wall.hour * 60 + wall.minute
    for back in (0, 1):
        for begin, end in hours[WEEKDAYS[(wall.weekday() - back) % 7]]:
            first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (begin, end))
            last += 24 * 60 if last <= first else 0
            if first <= minute + back * 24 * 60 < last:
                return True
    return False


@pytest.mark.parametrize(
    "hours", [OFFICE, NIGHTS, ALL_DAY, SPLIT], ids=["office", "nights", "all day", "split"]
)
@pytest.mark.parametrize(("name", "day"), SKIPPED, ids=[name for name, _ in SKIPPED])
def test_business_time_across_a_skipped_day_is_what_the_clock_on_the_wall_showed(
    name: str, day: date, hours: dict[str, list[tuple[str, str]]]
) -> None:
    zone = ZoneInfo(name)
    calendar = BusinessCalendar(name, hours)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
    opened = 0
    for step in range(4 * 24 * 2):
        at = start + timedelta(minutes=30 * step)
        assert calendar.is_open(at) is is_open(hours, zone, at), at.astimezone(zone)
        assert calendar.between(start, at) == timedelta(minutes=30 * opened), at.astimezone(zone)
        opened += is_open(hours, zone, at)


@pytest.mark.parametrize(("name", "day"), SKIPPED, ids=[name for name, _ in SKIPPED])
def test_the_skipped_day_is_one_that_the_zone_never_had(name: str, day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(name))
    assert noon.astimezone(UTC).astimezone(ZoneInfo(name)).date() != day


def test_a_target_is_due_on_the_other_side_of_a_skipped_day() -> None:
    apia = ZoneInfo("Pacific/Apia")
    calendar = BusinessCalendar("Pacific/Apia", OFFICE)
    begun = datetime(2011, 12, 29, 17, tzinfo=apia)
    assert calendar.add(begun, timedelta(hours=3)).astimezone(apia) == datetime(2011, 12, 31, 10, tzinfo=apia)
