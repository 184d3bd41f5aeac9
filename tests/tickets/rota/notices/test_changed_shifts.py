"""Whoever has another next shift is told, whatever the cause, but not of their own change."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from supportdesk.tickets.documents import Absence, Line, Override, Swap, SwapState
from supportdesk.tickets.rota.notices.changed_shifts import notices_of_changed_shifts
from supportdesk.tickets.rota.notices.notice import RotaNotice
from tests.tickets.rota.rotas import LONDON, PEOPLE, START, Data

ZONE = "Europe/London"
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def told(after: Data, actor: str = "sue", before: Data | None = None) -> dict[str, RotaNotice]:
    found = notices_of_changed_shifts(
        before or Data(), after, START + DAY, actor=actor, change="c1", zone=ZONE
    )
    assert all(each.key == f"next shift {each.people[0]} c1" for each in found)
    return {each.people[0]: each for each in found}


def test_an_override_tells_both_and_the_one_who_is_on_call_soon_at_any_time_of_day() -> None:
    found = told(Data(overrides=(Override(1, Line.FIRST, START + DAY, START + 2 * DAY, "dan", START),)))
    assert found["dan"].text == (
        "You are on call now: Tue 17 Mar 08:00 GMT to Wed 18 Mar 08:00 GMT (override for Ann). You had none."
    )
    assert found["ann"].text == (
        "Your next shift on call is Wed 18 Mar 08:00 GMT to Mon 23 Mar 08:00 GMT."
        " It was Mon 16 Mar 08:00 GMT to Mon 23 Mar 08:00 GMT."
    )
    assert (found["dan"].urgent, found["ann"].urgent) == (True, False)


def test_a_swap_tells_both_an_absence_the_deputy_and_a_leaver_those_who_take_over() -> None:
    swap = Swap(
        1, Line.FIRST, "ben", START + WEEK, START + 2 * WEEK - timedelta(hours=1), SwapState.APPROVED,
        taken_by="dan", approved_at=START,
    )  # fmt: skip
    assert set(told(Data(swaps=(swap,)))) == {"ben", "dan"}
    assert set(told(Data(absences=(Absence(1, "ben", START + WEEK, START + 2 * WEEK, "dan"),)), "ben")) == {
        "dan"
    }
    without_ben = replace(LONDON, members=("ann", "cat"))
    assert set(told(Data((without_ben,)))) == {"ann", "ben", "cat"}
    gone = tuple(replace(each, active=each.username != "ben") for each in PEOPLE)
    assert told(Data(people=gone)) == {}


def test_nobody_is_told_of_their_own_change_or_of_one_that_changes_nothing_for_them() -> None:
    cover = Data(overrides=(Override(1, Line.FIRST, START + DAY, START + 2 * DAY, "dan", START),))
    assert set(told(cover, actor="dan")) == {"ann"}
    assert told(Data()) == {}


def test_who_has_no_shift_any_more_is_told_what_it_was() -> None:
    found = told(Data((replace(LONDON, members=("ann",)),)))
    assert found["cat"].text == (
        "You have no shift on call any more. It was Mon 30 Mar 08:00 BST to Mon 6 Apr 08:00 BST."
    )
