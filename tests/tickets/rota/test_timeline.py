"""The resolved timeline: rotations, swaps, overrides and deputies, and that `duty` reads nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.tickets.documents import Absence, Line, Override, Rotation, Swap, SwapState, TurnUnit
from supportdesk.tickets.rota.duty import duty
from supportdesk.tickets.rota.gaps import GapCause, RotaGap, find_gaps
from supportdesk.tickets.rota.layers import lines_in_use
from supportdesk.tickets.rota.resolution import LineResolver, Reason
from supportdesk.tickets.rota.timeline import Shift, timeline
from tests.tickets.rota.rotas import LONDON, PEOPLE, START, Data, overrides, rotas, within

WEEK, HOUR, SECOND = timedelta(weeks=1), timedelta(hours=1), timedelta(seconds=1)
FIRST = Line.FIRST
END = START + timedelta(days=160)


def march(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def override(number: int, start: datetime, end: datetime, person: str, made: int = 0) -> Override:
    return Override(number, FIRST, start, end, person, START + timedelta(minutes=made))


def shown(data: Data, weeks: int = 3) -> list[tuple[str, datetime, str, str]]:
    """The shifts of some weeks: person, start, reason and whose shift it was."""
    shifts = timeline(data, START, START + weeks * WEEK - HOUR)
    return [(each.person, each.start, each.reason.value, each.instead_of) for each in shifts]


def test_the_timeline_of_a_rotation_is_its_turns() -> None:
    assert timeline(Data(), march(18), march(24)) == (
        Shift(FIRST, "ann", START, march(23), Reason.ROTATION),
        Shift(FIRST, "ben", march(23), march(30, 7), Reason.ROTATION),
    )


def test_an_override_cuts_into_the_shift_of_another() -> None:
    data = Data(overrides=(override(1, march(17), march(18), "cat"),))
    assert shown(data, 1) == [
        ("ann", START, "rotation", ""),
        ("cat", march(17), "override", "ann"),
        ("ann", march(18), "rotation", ""),
    ]


def test_of_two_overrides_the_one_made_later_holds_whatever_its_number() -> None:
    one, other = override(1, march(17), march(19), "cat", 5), override(2, march(18), march(20), "ben", 1)
    assert [person for person, *_ in shown(Data(overrides=(other, one)), 1)] == ["ann", "cat", "ben", "ann"]


def test_a_cancelled_override_changes_nothing() -> None:
    assert shown(Data(overrides=(override(1, march(17), march(17), "cat"),))) == shown(Data())


def test_an_override_covers_a_time_without_a_rotation() -> None:
    data = Data((), overrides=(override(1, march(17), march(18), "cat"),))
    assert shown(data) == [("cat", march(17), "override", "")]
    assert [(gap.start, gap.end) for gap in find_gaps(data, START, march(20))] == [
        (START, march(17)),
        (march(18), march(20)),
    ]


def swap(state: SwapState, *, returned: bool = True) -> Swap:
    return Swap(
        1,
        FIRST,
        "ann",
        START,
        march(23),
        state,
        taken_by="ben",
        in_return=(march(23), march(30, 7)) if returned else None,
        approved_at=START,
    )


def test_a_swap_changes_the_rota_only_once_it_is_approved() -> None:
    for state in SwapState:
        people = [person for person, *_ in shown(Data(swaps=(swap(state),)), 2)]
        assert people == (["ben", "ann"] if state is SwapState.APPROVED else ["ann", "ben"])
    taken_over = Data(swaps=(swap(SwapState.APPROVED, returned=False),))
    assert shown(taken_over, 2) == [("ben", START, "swap", "ann"), ("ben", march(23), "rotation", "")]


def test_a_swap_moves_nobody_who_no_longer_has_the_shift() -> None:
    changed = (Rotation(("cat",), START, "Europe/London"),)
    assert shown(Data(changed, swaps=(swap(SwapState.APPROVED),)), 2) == shown(Data(changed), 2)


def test_a_deputy_has_the_shifts_of_somebody_who_is_away_and_deputies_chain() -> None:
    away = Absence(1, "ann", march(17), march(24), "ben")
    assert shown(Data(absences=(away,)), 1) == [
        ("ann", START, "rotation", ""),
        ("ben", march(17), "deputy", "ann"),
    ]
    also = Absence(2, "ben", march(18), march(19), "cat")
    assert [person for person, *_ in shown(Data(absences=(away, also)), 1)] == ["ann", "ben", "cat", "ben"]


def test_an_absence_also_covers_a_shift_by_override() -> None:
    data = Data(
        overrides=(override(1, march(17), march(18), "cat"),),
        absences=(Absence(1, "cat", START, march(20), "dan"),),
    )
    assert ("dan", march(17), "deputy", "cat") in shown(data)


def test_nobody_is_on_call_for_somebody_away_without_a_deputy_or_in_a_circle_of_deputies() -> None:
    alone = Data(absences=(Absence(1, "ann", march(17), march(18)),))
    gap = RotaGap(FIRST, march(17), march(18), GapCause.AWAY, "ann")
    assert find_gaps(alone, START, march(23)) == (gap,)
    circle = (Absence(1, "ann", march(17), march(18), "ben"), Absence(2, "ben", march(17), march(18), "ann"))
    assert find_gaps(Data(absences=circle), START, march(23)) == (gap,)
    found = duty(alone, march(17))
    assert (found.on_call, found.left, found.away) == (None, "ann", True)


def test_a_person_without_an_address_leaves_a_gap() -> None:
    silent = msgspec.structs.replace(PEOPLE[0], telephone="", email="")
    data = Data(people=(silent, *PEOPLE[1:]))
    assert find_gaps(data, START, march(24)) == (
        RotaGap(FIRST, START, march(23), GapCause.NO_ADDRESS, "ann"),
    )
    by_mail = msgspec.structs.replace(silent, email="ann@desk.example")
    assert not find_gaps(Data(people=(by_mail, *PEOPLE[1:])), START, march(24))


def test_a_higher_layer_has_the_shifts_while_it_lasts_and_the_lower_one_is_as_it_would_have_been() -> None:
    holidays = Rotation(
        ("dan", "eve"), march(20), "Europe/London", layer=1, unit=TurnUnit.DAYS, every=2, ends=march(25)
    )
    assert [(person, start) for person, start, *_ in shown(Data((LONDON, holidays)))] == [
        ("ann", START),
        ("dan", march(20)),
        ("eve", march(22)),
        ("dan", march(24)),
        ("ben", march(25)),
        ("cat", march(30, 7)),
    ]


def test_the_second_line_has_its_own_shifts_and_gaps_only_once_it_has_a_rotation() -> None:
    assert {gap.line for gap in find_gaps(Data(()), START, END)} == {Line.FIRST}
    second = Rotation(("dan",), march(20), "Europe/London", line=Line.SECOND)
    data = Data((LONDON, second))
    assert [gap.line for gap in find_gaps(data, START, END)] == [Line.SECOND]
    found = duty(data, march(21), Line.SECOND).on_call
    assert found is not None
    assert found.username == "dan"
    assert {each.line for each in timeline(data, march(20), march(21))} == {Line.FIRST, Line.SECOND}


@given(rotas(), st.lists(within(160), min_size=1, max_size=20))
def test_every_instants_duty_agrees_with_the_timeline(data: Data, instants: list[datetime]) -> None:
    shifts, gaps = timeline(data, START, END), find_gaps(data, START, END)
    edges = [edge for each in shifts for edge in (each.start, each.end)]
    moments = [*instants, *edges[:20], *(edge - SECOND for edge in edges[:20])]
    for line in Line:
        for at in moments:
            if not START <= at < END:
                continue
            there = [each for each in shifts if each.line is line and each.start <= at < each.end]
            found = duty(data, at, line)
            if found.on_call is None:
                assert there == []
                continue
            assert there == [
                Shift(
                    line,
                    found.on_call.username,
                    *_times(found.began, found.ends),
                    found.reason,
                    found.instead_of,
                )
            ]
        if line in lines_in_use(data.rotations):
            assert _covered(shifts, line) + _covered(gaps, line) == END - START


def _times(began: datetime | None, ends: datetime | None) -> tuple[datetime, datetime]:
    assert began is not None
    assert ends is not None
    return began, ends


def _covered(pieces: tuple[Shift, ...] | tuple[RotaGap, ...], line: Line) -> timedelta:
    """How much of the time from START to END the shifts or gaps of a line cover."""
    spans = [(max(each.start, START), min(each.end, END)) for each in pieces if each.line is line]
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    return sum((end - start for start, end in spans), timedelta())


@given(rotas(), overrides(number=9))
def test_an_override_never_changes_anything_outside_its_interval(data: Data, added: Override) -> None:
    after = replace(data, overrides=(*data.overrides, added))
    for line in Line:
        was, now = LineResolver(data, line), LineResolver(after, line)
        edges = {
            edge
            for resolver in (was, now)
            for each in resolver.spans(START, END)
            for edge in (each.since, each.until)
            if edge is not None
        }
        for at in sorted({*edges, *(edge - SECOND for edge in edges), START, added.start, added.end}):
            inside = line is added.line and added.start <= at < added.end
            one, other = was.at(at), now.at(at)
            if not inside:
                facts = ("person", "reason", "instead_of", "left", "away", "shift")
                assert [getattr(one, name) for name in facts] == [getattr(other, name) for name in facts]
