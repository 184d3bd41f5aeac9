"""On Monday at eight everybody on the rota has their shifts, and the supervisors the whole week with its gaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from supportdesk.tickets.documents import Absence, Role
from supportdesk.tickets.rota.notices.weekly_summary import find_weekly_summaries
from tests.tickets.rota.rotas import PEOPLE, START, Data

ZONE = "Europe/London"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SUPERVISED = (*PEOPLE[:4], replace(PEOPLE[4], roles=(Role.SUPERVISOR,)))


def texts(data: Data, at: datetime) -> dict[str, str]:
    return {each.people[0]: each.text for each in find_weekly_summaries(data, at, ZONE)}


def test_it_is_due_on_mondays_from_eight_local_time_until_midnight() -> None:
    summer = datetime(2026, 3, 30, 7, tzinfo=UTC)
    for at, due in (
        (START - MINUTE, False),
        (START, True),
        (START + DAY * 15 / 24, True),
        (START + DAY * 16 / 24, False),
        (START + DAY, False),
        (summer - MINUTE, False),
        (summer, True),
    ):
        assert bool(find_weekly_summaries(Data(), at, ZONE)) is due, at
    keys = {each.key for each in find_weekly_summaries(Data(), START, ZONE)}
    assert keys == {f"week 2026-03-16 {name}" for name in ("ann", "ben", "cat")}


def test_everybody_on_the_rota_has_their_own_shifts_of_two_weeks() -> None:
    found = texts(Data(), START)
    assert found["ann"] == (
        "Your shifts of the next two weeks: Mon 16 Mar 08:00 GMT to Mon 23 Mar 08:00 GMT."
    )
    assert found["cat"] == (
        "You have no shift in the next two weeks. Your next one is Mon 30 Mar 08:00 BST to Mon 6 Apr 08:00 BST."
    )
    away = Data(absences=(Absence(1, "ann", START + DAY, START + 2 * DAY, "dan"),))
    assert "Tue 17 Mar 08:00 GMT to Wed 18 Mar 08:00 GMT (deputy for Ann)" in texts(away, START)["dan"]


def test_supervisors_have_the_whole_week_and_its_gaps_and_nobody_is_told_of_a_rota_there_is_none_of() -> None:
    gap = Absence(1, "ann", START + DAY, START + 2 * DAY)
    found = texts(Data(people=SUPERVISED, absences=(gap,)), START)
    assert found["eve"] == (
        "On call this week: Ann Mon 16 Mar 08:00 GMT to Tue 17 Mar 08:00 GMT;"
        " Ann Wed 18 Mar 08:00 GMT to Mon 23 Mar 08:00 GMT."
        " Nobody is on call from Tue 17 Mar 2026 08:00 GMT to Wed 18 Mar 2026 08:00 GMT,"
        " as Ann is away without a deputy."
    )
    assert texts(Data((), SUPERVISED), START) == {}
