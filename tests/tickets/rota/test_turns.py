"""Whose turn it is: handovers on the wall clock, and people who join and leave on a date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import DAILY, HOURLY, WEEKLY, rrule
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from supportdesk.tickets.documents import Line, Membership, Rotation, TurnUnit
from supportdesk.tickets.rota.gaps import find_gaps
from supportdesk.tickets.rota.timeline import timeline
from supportdesk.tickets.rota.turns import turn_at
from tests.tickets.rota.rotas import (
    LONDON,
    START,
    TEN_YEARS,
    Data,
    rotations,
    within,
    zones_with_daylight_saving,
)

FREQUENCIES: Mapping[TurnUnit, Any] = {TurnUnit.HOURS: HOURLY, TurnUnit.DAYS: DAILY, TurnUnit.WEEKS: WEEKLY}


def handovers(rotation: Rotation, end: datetime) -> list[datetime]:
    """The instants at which turns begin up to `end`, by the recurrence rule of the zone's wall clock."""
    zone = ZoneInfo(rotation.timezone)
    first = rotation.starts.astimezone(zone).replace(tzinfo=None)
    rule = rrule(
        FREQUENCIES[rotation.unit],
        interval=rotation.every,
        dtstart=first,
        until=end.astimezone(zone).replace(tzinfo=None),
    )
    walls = [each.replace(tzinfo=zone).astimezone(UTC) for each in rule]
    return sorted({rotation.starts, *(each for each in walls[1:] if each < end)})


def persons(rotation: Rotation, *days: date) -> list[str]:
    """Who has the turn at noon of these days."""
    return [turn_at(rotation, datetime(day.year, day.month, day.day, 12, tzinfo=UTC)).member for day in days]


def march(day: int) -> date:
    return date(2026, 3, day)


@pytest.mark.parametrize(
    "zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]
)
@pytest.mark.parametrize(("unit", "every"), [(TurnUnit.HOURS, 12), (TurnUnit.DAYS, 2), (TurnUnit.WEEKS, 1)])
def test_rule_11_turns_begin_where_the_recurrence_rule_of_the_wall_clock_has_them(
    zone: str, unit: TurnUnit, every: int
) -> None:
    rotation = Rotation(("ann", "ben"), START, zone, unit=unit, every=every)
    end = START + timedelta(days=800)
    shifts = timeline(Data((rotation,)), START, end)
    assert [each.start for each in shifts] == handovers(rotation, end)


def test_rule_11_a_turn_of_hours_keeps_its_wall_clock_time_and_is_an_hour_longer_or_shorter() -> None:
    rotation = Rotation(("ann", "ben"), START, "Europe/London", unit=TurnUnit.HOURS, every=12)
    night = turn_at(rotation, datetime(2026, 3, 29, 0, tzinfo=UTC))
    assert (night.began, night.ends) == (
        datetime(2026, 3, 28, 20, tzinfo=UTC),
        datetime(2026, 3, 29, 7, tzinfo=UTC),
    )
    autumn = turn_at(rotation, datetime(2026, 10, 25, 0, tzinfo=UTC))
    assert autumn.ends - autumn.began == timedelta(hours=13)


@given(
    zone=st.sampled_from(zones_with_daylight_saving()),
    starts=within(365),
    members=st.integers(1, 4),
    length=st.sampled_from(
        [
            *((TurnUnit.HOURS, every) for every in (12, 23)),
            *((TurnUnit.DAYS, every) for every in (1, 5)),
            *((TurnUnit.WEEKS, every) for every in (1, 2)),
        ]
    ),
)
def test_the_rota_has_no_gap_and_no_overlap_over_ten_years_in_any_zone_with_daylight_saving(
    zone: str, starts: datetime, members: int, length: tuple[TurnUnit, int]
) -> None:
    unit, every = length
    names = ("ann", "ben", "cat", "dan")[:members]
    data = Data((Rotation(names, starts, zone, unit=unit, every=every),))
    end = starts + TEN_YEARS
    shifts = timeline(data, starts, end)
    assert shifts[0].start == starts
    assert all(each.start < each.end for each in shifts)
    assert all(one.end == other.start for one, other in pairwise(shifts))
    assert shifts[-1].end >= end
    assert not find_gaps(data, starts, starts + timedelta(days=400))
    assert [each.person for each in shifts[: 2 * members]] == [*names, *names]


@given(rotations(), st.data())
def test_joining_and_leaving_leave_no_gap_and_no_overlap_while_somebody_stays(
    rotation: Rotation, data: st.DataObject
) -> None:
    stays = data.draw(st.sampled_from(rotation.members))
    terms = tuple(each for each in rotation.memberships if each.username != stays)
    rotation = replace(rotation, line=Line.FIRST, ends=None, memberships=terms)
    end = START + timedelta(days=400)
    shifts = timeline(Data((rotation,)), rotation.starts, end)
    assert shifts[0].start == rotation.starts
    assert shifts[-1].end >= end
    assert all(one.end == other.start for one, other in pairwise(shifts))
    for each in shifts:
        term = next((term for term in terms if term.username == each.person), Membership(each.person))
        zone = ZoneInfo(rotation.timezone)
        assert term.joins is None or each.start.astimezone(zone).date() >= term.joins
        assert term.leaves is None or each.end.astimezone(zone).date() <= term.leaves


@pytest.mark.parametrize("at", ["01:30", "02:00", "02:30", "00:00"])
def test_a_handover_at_a_skipped_or_repeated_time_leaves_no_gap_in_any_zone(at: str) -> None:
    hour, minute = map(int, at.split(":"))
    for name in zones_with_daylight_saving():
        starts = datetime(2026, 1, 4, hour, minute, tzinfo=ZoneInfo(name)).astimezone(UTC)
        shifts = timeline(
            Data((Rotation(("ann", "ben"), starts, name),)), starts, starts + timedelta(days=800)
        )
        assert all(one.end == other.start for one, other in pairwise(shifts)), name
        assert [each.person for each in shifts[:3]] == ["ann", "ben", "ann"]


def test_somebody_who_joins_on_a_date_has_turns_from_then_on_and_nobody_loses_theirs() -> None:
    rotation = Rotation(
        LONDON.members, START, LONDON.timezone, memberships=(Membership("cat", joins=march(25)),)
    )
    weeks = [START.date() + timedelta(weeks=week) for week in range(6)]
    # Cat joins during Ben's turn, and follows him.
    assert persons(rotation, *weeks) == ["ann", "ben", "cat", "ann", "ben", "cat"]
    later = Rotation(
        LONDON.members, START, LONDON.timezone, memberships=(Membership("cat", joins=date(2026, 4, 1)),)
    )
    assert persons(later, *weeks) == ["ann", "ben", "ann", "ben", "cat", "ann"]


def test_somebody_who_leaves_on_a_date_hands_over_to_the_next_at_the_time_of_day_of_the_handover() -> None:
    rotation = Rotation(
        LONDON.members, START, LONDON.timezone, memberships=(Membership("ben", leaves=march(25)),)
    )
    shifts = timeline(Data((rotation,)), START, datetime(2026, 4, 20, 7, tzinfo=UTC))
    assert [(each.person, each.start.day) for each in shifts] == [
        ("ann", 16),
        ("ben", 23),
        ("cat", 25),
        ("ann", 30),
        ("cat", 6),
        ("ann", 13),
    ]
    assert all(one.end == other.start for one, other in pairwise(shifts))


def test_where_everybody_has_left_nobody_has_the_turn() -> None:
    gone = tuple(Membership(name, leaves=march(25)) for name in LONDON.members)
    data = Data((Rotation(LONDON.members, START, LONDON.timezone, memberships=gone),))
    (gap,) = find_gaps(data, START, START + timedelta(weeks=9))
    assert (gap.start, gap.person) == (datetime(2026, 3, 25, 8, tzinfo=UTC), "")


@pytest.mark.long
@pytest.mark.parametrize(("unit", "every"), [(TurnUnit.HOURS, 12), (TurnUnit.DAYS, 1), (TurnUnit.WEEKS, 1)])
def test_no_zone_at_all_has_a_gap_or_an_overlap_over_ten_years(unit: TurnUnit, every: int) -> None:
    """Every zone, with handovers in the night in which its clocks change, a layer above and a member who changes."""
    for zone in zones_with_daylight_saving():
        starts = datetime(2026, 3, 16, 1, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        terms = (Membership("ben", joins=date(2028, 3, 26), leaves=date(2031, 10, 26)),)
        base = Rotation(("ann", "ben", "cat"), starts, zone, unit=unit, every=every, memberships=terms)
        above = Rotation(
            ("dan", "eve"), starts + timedelta(days=900), zone, layer=1, ends=starts + timedelta(days=2000)
        )
        end = starts + TEN_YEARS
        data = Data((base, above))
        shifts = timeline(data, starts, end)
        assert shifts[0].start == starts, zone
        assert all(each.start < each.end for each in shifts), zone
        assert all(one.end == other.start for one, other in pairwise(shifts)), zone
        assert shifts[-1].end >= end, zone
        assert not find_gaps(data, starts, end), zone
