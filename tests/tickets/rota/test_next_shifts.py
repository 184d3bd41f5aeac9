"""Whose next shift has changed."""

from __future__ import annotations

from datetime import UTC, datetime

from supportdesk.tickets.documents import Line, Override, Rotation
from supportdesk.tickets.rota.next_shifts import changed_next_shifts, next_shifts
from tests.tickets.rota.rotas import LONDON, START, Data


def march(day: int) -> datetime:
    return datetime(2026, 3, day, 8, tzinfo=UTC)


def changed(before: Data, after: Data, at: datetime = START) -> list[str]:
    return [each.person for each in changed_next_shifts(before, after, at)]


def test_an_override_changes_the_next_shift_of_both_and_of_nobody_else() -> None:
    cover = Override(1, Line.FIRST, march(23), march(24), "dan", START)
    after = Data(overrides=(cover,))
    assert changed(Data(), after) == ["ben", "dan"]
    was, now = (
        changed_next_shifts(Data(), after, START)[0].was,
        changed_next_shifts(Data(), after, START)[0].now,
    )
    assert was is not None
    assert now is not None
    assert (was.start, now.start) == (march(23), march(24))


def test_a_change_to_a_later_shift_than_the_next_one_concerns_nobody_yet() -> None:
    later = Override(
        1, Line.FIRST, datetime(2026, 4, 15, tzinfo=UTC), datetime(2026, 4, 16, tzinfo=UTC), "cat", START
    )
    assert changed(Data(), Data(overrides=(later,))) == []


def test_of_somebody_on_call_the_shift_after_the_present_one_counts_too() -> None:
    april = Override(
        1, Line.FIRST, datetime(2026, 4, 8, tzinfo=UTC), datetime(2026, 4, 9, tzinfo=UTC), "ben", START
    )
    (change,) = changed_next_shifts(Data(), Data(overrides=(april,)), START)
    assert change.person == "ann"
    assert change.was is not None
    assert change.now is not None
    assert (change.was.end, change.now.end) == (datetime(2026, 4, 13, 7, tzinfo=UTC), april.start)


def test_the_same_turns_by_another_version_concern_nobody() -> None:
    again = Rotation(("ben", "cat", "ann"), march(23), LONDON.timezone)
    assert changed(Data(), Data((LONDON, again))) == []
    other = Rotation(("cat", "ben"), march(23), LONDON.timezone)
    assert changed(Data(), Data((LONDON, other))) == ["ann", "ben", "cat"]


def test_a_shift_that_is_only_divided_in_two_has_not_changed() -> None:
    own = Override(1, Line.FIRST, march(17), march(18), "ann", START)
    assert changed(Data(), Data(overrides=(own,))) == []
    longer = Override(1, Line.FIRST, march(22), march(24), "ann", START)
    assert changed(Data(), Data(overrides=(longer,))) == ["ann", "ben"]


def test_somebody_on_both_lines_has_the_shift_that_begins_first() -> None:
    second = Rotation(("cat", "ann"), march(17), LONDON.timezone, line=Line.SECOND)
    found = next_shifts(Data((LONDON, second)), START)
    assert (found["cat"].line, found["ben"].line) == (Line.SECOND, Line.FIRST)
