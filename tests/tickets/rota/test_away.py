"""Who is away, until when, and who deputises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.tickets.documents import Absence, Person, Role
from supportdesk.tickets.rota.away import Away, describe_away, find_away, warn_of_absence
from supportdesk.tickets.staff_data import StaffData

NOW = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)


def data(*absences: Absence, left: str = "") -> StaffData:
    names = {"priya": "Priya Nair", "sam": "Sam Okoro", "tom": "Tom Ellis"}
    staff = {
        each: Person(each, name, "user-support", (Role.AGENT,), active=each != left)
        for each, name in names.items()
    }
    return StaffData(staff=staff, absences=absences)


def away(number: int, person: str, deputy: str | None = None, until: datetime = MONDAY) -> Absence:
    return Absence(number, person, NOW - timedelta(days=1), until, deputy)


def test_somebody_is_away_from_the_start_of_an_absence_to_its_end() -> None:
    found = data(away(1, "priya", "sam"))
    assert find_away(found, "priya", NOW) == Away(MONDAY, "sam")
    assert find_away(found, "priya", NOW - timedelta(days=2)) is None
    assert find_away(found, "priya", MONDAY) is None
    assert find_away(found, "sam", NOW) is None


def test_the_deputy_of_a_deputy_who_is_away_is_named() -> None:
    assert find_away(data(away(1, "priya", "sam"), away(2, "sam", "tom")), "priya", NOW) == Away(
        MONDAY, "tom"
    )


@pytest.mark.parametrize(
    "absences",
    [(away(1, "priya"),), (away(1, "priya", "sam"), away(2, "sam", "priya"))],
    ids=["none", "circle"],
)
def test_without_a_deputy_who_is_present_none_is_named(absences: tuple[Absence, ...]) -> None:
    assert find_away(data(*absences), "priya", NOW) == Away(MONDAY)


def test_a_deputy_who_has_left_is_not_named() -> None:
    assert find_away(data(away(1, "priya", "sam"), left="sam"), "priya", NOW) == Away(MONDAY)


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (MONDAY, "absent to Mon 30 Nov, deputy Sam Okoro"),
        (NOW.replace(hour=14, minute=0), "absent to 14:00 GMT, deputy Sam Okoro"),
        (datetime(2027, 1, 4, 8, tzinfo=UTC), "absent to Mon 4 Jan 2027, deputy Sam Okoro"),
    ],
)
def test_the_end_is_a_time_today_and_else_a_day(until: datetime, words: str) -> None:
    found = data(away(1, "priya", "sam", until))
    absence = find_away(found, "priya", NOW)
    assert absence is not None
    assert describe_away(found, absence, "Europe/London", NOW) == words


def test_the_warning_names_who_is_away_and_is_empty_for_others() -> None:
    found = data(away(1, "priya"))
    assert warn_of_absence(found, "priya", "Europe/London", NOW) == "Priya Nair is absent to Mon 30 Nov."
    assert warn_of_absence(found, "sam", "Europe/London", NOW) == ""
