"""Hours on call: their sums are those of the timeline, whatever the rota."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.reports.on_call_hours import OnCallHours, compute_on_call_hours
from supportdesk.reports.periods import month
from supportdesk.sla.clocks import instant
from supportdesk.store.read_models import PageSent
from supportdesk.tickets.documents import Line, Rotation
from supportdesk.tickets.rota.duty import duty
from supportdesk.tickets.rota.night import is_night
from supportdesk.tickets.rota.timeline import timeline
from tests.tickets.rota.rotas import LONDON, Data, rotas, within, zones_with_daylight_saving

MARCH = month(date(2026, 3, 1), "Europe/London")
ALONE = Data((Rotation(("ann",), datetime(2026, 1, 5, 8, tzinfo=UTC), "Europe/London"),))


def hours(data: Data, *pages: datetime, holidays: frozenset[date] = frozenset()) -> OnCallHours:
    sent = [PageSent(at, "CD-0000-0", "ann") for at in pages]
    (found,) = compute_on_call_hours(data, MARCH, "Europe/London", holidays=holidays, pages=sent)
    return found


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


def test_a_month_with_a_change_to_summer_time_is_an_hour_shorter_and_so_is_its_night() -> None:
    found = hours(ALONE)
    assert found.on_call == found.first == (31 * 24 - 1) * 3600
    assert found.night == (31 * 7 - 1) * 3600


def test_bank_holidays_are_counted_from_midnight_to_midnight() -> None:
    assert hours(ALONE, holidays=frozenset({date(2026, 3, 17), date(2026, 4, 3)})).holiday == 24 * 3600
    assert hours(ALONE, holidays=frozenset({date(2026, 3, 29)})).holiday == 23 * 3600


def test_a_page_wakes_at_night_and_only_once_within_half_an_hour() -> None:
    found = hours(ALONE, march(10, 3), march(10, 3, 20), march(10, 5), march(10, 6), march(10, 22, 59))
    assert (found.pages, found.woken) == (5, 2)
    assert hours(ALONE, march(10, 23)).woken == 1
    assert hours(ALONE, datetime(2026, 4, 2, 3, tzinfo=UTC)).pages == 0


def test_somebody_who_was_paged_but_not_on_call_is_counted_too() -> None:
    page = PageSent(march(10, 3), "CD-0000-0", "dan")
    found = compute_on_call_hours(ALONE, MARCH, "Europe/London", holidays=(), pages=[page])
    assert [(each.person, each.on_call, each.woken) for each in found] == [
        ("ann", (31 * 24 - 1) * 3600, 0),
        ("dan", 0, 1),
    ]


def test_a_month_that_is_not_over_counts_up_to_now() -> None:
    until = march(2, 0)
    (found,) = compute_on_call_hours(ALONE, MARCH, "Europe/London", holidays=(), pages=(), until=until)
    assert found.on_call == 24 * 3600


@given(
    data=rotas(),
    zone=st.sampled_from(zones_with_daylight_saving()),
    first=st.sampled_from([date(2026, month, 1) for month in range(3, 9)]),
    holidays=st.frozensets(
        st.integers(0, 180).map(lambda day: date(2026, 3, 1) + timedelta(days=day)), max_size=9
    ),
)
def test_the_sums_are_those_of_the_timeline(
    data: Data, zone: str, first: date, holidays: frozenset[date]
) -> None:
    asked = month(first, zone)
    start, end = instant(asked.start), instant(asked.end)
    found = compute_on_call_hours(data, asked, zone, holidays=holidays, pages=())
    shifts = timeline(data, start, end)
    for line in Line:
        covered = sum(each.seconds_within(start, end) for each in shifts if each.line is line)
        assert sum(getattr(each, line.value) for each in found) == covered
    assert {each.person for each in found} == {each.person for each in shifts}
    for each in found:
        assert 0 <= each.night <= each.on_call
        assert 0 <= each.holiday <= each.on_call
    every_day = frozenset(first + timedelta(days=day) for day in range(-1, 33))
    for each in compute_on_call_hours(data, asked, zone, holidays=every_day, pages=()):
        assert each.holiday == each.on_call


@pytest.mark.straggler
@given(
    data=rotas(),
    instants=st.lists(within(160), max_size=40),
    zone=st.sampled_from(("Europe/London", "Asia/Gaza")),
)
def test_pages_and_times_woken_are_those_of_who_is_on_call_by_the_timeline(
    data: Data, instants: list[datetime], zone: str
) -> None:
    asked = month(date(2026, 5, 1), zone)
    start, end = instant(asked.start), instant(asked.end)
    shifts = [each for each in timeline(data, start, end) if each.line is Line.FIRST]
    pages = []
    for number, at in enumerate(instants):
        person = duty(data, at).on_call
        if person is not None:
            pages.append(PageSent(at, f"CD-{number}", person.username))
    found = compute_on_call_hours(data, asked, zone, holidays=(), pages=pages)
    for each in found:
        theirs = sorted(
            at
            for at in instants
            for shift in shifts
            if start <= at < end and shift.start <= at < shift.end and shift.person == each.person
        )
        nights = [at for at in theirs if is_night(at, zone)]
        assert each.pages == len(theirs)
        assert each.woken <= len(nights)
        # Pages half an hour apart wake each time; of those that are closer, only the first does.
        apart = [at for at in nights if not any(0 < (at - one).total_seconds() <= 1800 for one in instants)]
        assert each.woken >= len(set(apart))
        assert not each.pages or each.first
    assert sum(each.pages for each in found) == sum(start <= each.at < end for each in pages)


def test_a_page_just_before_the_month_wakes_nobody_a_second_time_within_it() -> None:
    assert hours(ALONE, march(1, 0) - timedelta(minutes=10), march(1, 0, 15)).woken == 0
    found = hours(ALONE, march(1, 0) - timedelta(minutes=10), march(1, 0, 25))
    assert (found.pages, found.woken) == (1, 1)
    before = PageSent(march(1, 0) - timedelta(minutes=10), "CD-0000-0", "dan")
    people = compute_on_call_hours(ALONE, MARCH, "Europe/London", holidays=(), pages=[before])
    assert [each.person for each in people] == ["ann"]


def test_the_rotation_of_three_shares_the_month() -> None:
    found = compute_on_call_hours(Data((LONDON,)), MARCH, "Europe/London", holidays=(), pages=())
    assert [(each.person, each.on_call // 3600) for each in found] == [
        ("ann", 7 * 24),
        ("ben", 7 * 24 - 1),
        ("cat", 24 + 16),
    ]
