"""The shift that somebody works: on call by the rota, or in office hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from supportdesk.tickets.documents import Handover, Line, Rotation
from supportdesk.tickets.rota.working_shift import WorkingShift, find_working_shift
from supportdesk.tickets.staff_data import StaffData
from tests.tickets.scenario import RECORDS, claritum

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
"""A Tuesday; the office is open from 8:00 to 18:00."""
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
DATA = StaffData(
    staff=RECORDS.staff,
    rotations=(Rotation(("priya", "dev"), MONDAY, "Europe/London"),),
    policies=RECORDS.policies,
)


def shift(username: str, now: datetime, *handovers: Handover, data: StaffData = DATA) -> WorkingShift:
    return find_working_shift(data, claritum(), handovers, username, now)


def given(by: str, at: datetime, start: datetime, accepted: datetime | None = None) -> Handover:
    return Handover(
        1, by, start, at, at, "x",
        line=Line.FIRST, accepted_by="sam" if accepted else None, accepted_at=accepted,
    )  # fmt: skip


def test_the_shift_of_the_person_on_call_is_that_of_the_rota_and_the_next_one_follows() -> None:
    assert shift("priya", NOON) == WorkingShift(Line.FIRST, MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK, "dev")


def test_a_shift_that_has_just_ended_is_still_to_hand_over_until_it_is_accepted() -> None:
    after = MONDAY + WEEK + HOUR
    assert shift("priya", after).start == MONDAY
    assert shift("priya", after).next_person == "dev"
    accepted = given("priya", after, MONDAY, accepted=after)
    assert shift("priya", after, accepted).line is None
    assert shift("priya", MONDAY + WEEK + 13 * HOUR).line is None


def test_the_second_line_counts_too() -> None:
    second = Rotation(("sam", "ann"), MONDAY, "Europe/London", line=Line.SECOND)
    data = replace(DATA, rotations=(*DATA.rotations, second))
    assert shift("sam", NOON, data=data).line is Line.SECOND


def test_others_work_in_todays_office_hours_and_the_next_ones_are_tomorrows() -> None:
    opens, closes = NOON.replace(hour=8), NOON.replace(hour=18)
    assert shift("sam", NOON) == WorkingShift(None, opens, closes, closes + timedelta(days=1))
    friday = NOON + timedelta(days=3)
    assert shift("sam", friday).next_end == closes + timedelta(days=6)


def test_in_the_evening_todays_office_hours_are_over_and_before_opening_the_day_begins_at_midnight() -> None:
    evening = NOON.replace(hour=20)
    assert (shift("sam", evening).start, shift("sam", evening).end) == (NOON.replace(hour=8), evening)
    early = NOON.replace(hour=6)
    assert (shift("sam", early).start, shift("sam", early).end) == (NOON.replace(hour=0), early)
    assert shift("sam", early).next_end == NOON.replace(hour=18)


def test_office_hours_begin_with_the_last_handover_of_today() -> None:
    ten = NOON.replace(hour=10)
    taken = Handover(1, "ann", MONDAY, ten, ten, "x", accepted_by="sam", accepted_at=ten)
    assert shift("sam", NOON, taken).start == ten
    assert shift("ann", NOON, taken).start == ten
    yesterday = replace(taken, accepted_at=ten - timedelta(days=1))
    assert shift("sam", NOON, yesterday).start == NOON.replace(hour=8)
