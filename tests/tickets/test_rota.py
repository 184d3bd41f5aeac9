"""Who is on call."""

from datetime import UTC, datetime

from supportdesk.tickets.people import Rotation
from supportdesk.tickets.rota import on_call

LONDON = Rotation(("ann", "ben", "cat"), datetime(2026, 3, 16, 8, tzinfo=UTC), "Europe/London")


def test_each_member_has_a_week_in_turn() -> None:
    weeks = [on_call(LONDON, datetime(2026, 3, day, 12, tzinfo=UTC)) for day in (16, 23, 30)]
    assert [shift.username for shift in weeks if shift] == ["ann", "ben", "cat"]


def test_the_turn_comes_round_again() -> None:
    shift = on_call(LONDON, datetime(2026, 4, 6, 12, tzinfo=UTC))
    assert shift is not None
    assert shift.username == "ann"


def test_handover_is_at_the_same_wall_clock_time_across_the_change_to_summer_time() -> None:
    shift = on_call(LONDON, datetime(2026, 3, 29, 12, tzinfo=UTC))
    assert shift is not None
    assert shift.began == datetime(2026, 3, 23, 8, tzinfo=UTC)
    assert shift.ends == datetime(2026, 3, 30, 7, tzinfo=UTC)


def test_the_handover_second_belongs_to_the_one_who_takes_over() -> None:
    before = on_call(LONDON, datetime(2026, 3, 30, 6, 59, 59, tzinfo=UTC))
    after = on_call(LONDON, datetime(2026, 3, 30, 7, tzinfo=UTC))
    assert before is not None
    assert after is not None
    assert (before.username, after.username) == ("ben", "cat")


def test_nobody_is_on_call_before_the_rotation_starts_or_without_one() -> None:
    assert on_call(LONDON, datetime(2026, 3, 16, 7, 59, 59, tzinfo=UTC)) is None
    assert on_call(None, datetime(2026, 3, 16, 9, tzinfo=UTC)) is None
    assert (
        on_call(Rotation((), datetime(2026, 3, 16, 8, tzinfo=UTC), "UTC"), datetime(2026, 4, 1, tzinfo=UTC))
        is None
    )
