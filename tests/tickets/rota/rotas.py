"""Rotas for the tests: what the rota depends on, and strategies for random ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

from supportdesk.sla.policy import Rung
from supportdesk.tickets.documents import (
    Absence,
    Handover,
    Line,
    Membership,
    Override,
    Person,
    Rotation,
    Swap,
    SwapState,
    TurnUnit,
)
from supportdesk.tickets.rota.layers import with_rotation
from tests.tickets.scenario import person

START = datetime(2026, 3, 16, 8, tzinfo=UTC)
"""A Monday; the clocks of London change on the 29th."""
NAMES = ("ann", "ben", "cat", "dan", "eve")
PEOPLE = tuple(person(name, "support") for name in NAMES)
LONDON = Rotation(("ann", "ben", "cat"), START, "Europe/London")
TEN_YEARS = timedelta(days=3653)


@dataclass(frozen=True)
class Data:
    """What the rota depends on."""

    rotations: Sequence[Rotation] = (LONDON,)
    people: Sequence[Person] = PEOPLE
    ladder: Sequence[Rung] = ()
    overrides: Sequence[Override] = ()
    swaps: Sequence[Swap] = ()
    absences: Sequence[Absence] = ()
    handovers: Sequence[Handover] = ()
    methods: frozenset[str] = frozenset()
    staff: Mapping[str, Person] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "staff", {each.username: each for each in self.people})

    def find_methods(self) -> frozenset[str]:
        return self.methods

    def ladder_at(self, at: datetime) -> Sequence[Rung]:
        return self.ladder


@cache
def zones_with_daylight_saving() -> tuple[str, ...]:
    """The zones whose clocks change in the ten years from START on."""
    found = []
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        offsets = {(START + timedelta(days=day)).astimezone(zone).utcoffset() for day in range(0, 3653, 30)}
        if len(offsets) > 1:
            found.append(name)
    return tuple(found)


def within(days: int) -> st.SearchStrategy[datetime]:
    """An instant in the days after START, in whole minutes."""
    return st.integers(0, days * 1440).map(lambda minutes: START + timedelta(minutes=minutes))


def dates(days: int) -> st.SearchStrategy[date]:
    return st.integers(0, days).map(lambda day: START.date() + timedelta(days=day))


names = st.sampled_from(NAMES)


@st.composite
def intervals(draw: st.DrawFn, days: int) -> tuple[datetime, datetime]:
    start = draw(within(days))
    return start, start + timedelta(minutes=draw(st.integers(1, 20 * 1440)))


@st.composite
def memberships(draw: st.DrawFn, days: int) -> tuple[Membership, ...]:
    chosen = draw(st.lists(names, unique=True, max_size=2))
    return tuple(
        Membership(each, draw(st.none() | dates(days)), draw(st.none() | dates(days))) for each in chosen
    )


@st.composite
def rotations(draw: st.DrawFn, days: int = 120) -> Rotation:
    unit = draw(st.sampled_from(TurnUnit))
    starts = draw(within(days))
    return Rotation(
        members=tuple(draw(st.lists(names, min_size=1, max_size=4))),
        starts=starts,
        timezone=draw(st.sampled_from(zones_with_daylight_saving())),
        line=draw(st.sampled_from(Line)),
        layer=draw(st.integers(0, 2)),
        unit=unit,
        every=draw(st.integers(6, 30) if unit is TurnUnit.HOURS else st.integers(1, 3)),
        ends=draw(
            st.none() | st.integers(1, 60 * 1440).map(lambda minutes: starts + timedelta(minutes=minutes))
        ),
        memberships=draw(memberships(days)),
    )


@st.composite
def overrides(draw: st.DrawFn, number: int, days: int = 120) -> Override:
    start, end = draw(intervals(days))
    return Override(number, draw(st.sampled_from(Line)), start, end, draw(names), draw(within(days)))


@st.composite
def swaps(draw: st.DrawFn, number: int, days: int = 120) -> Swap:
    start, end = draw(intervals(days))
    return Swap(
        number,
        draw(st.sampled_from(Line)),
        draw(names),
        start,
        end,
        draw(st.sampled_from(SwapState)),
        taken_by=draw(names),
        in_return=draw(st.none() | intervals(days)),
        approved_at=draw(within(days)),
    )


@st.composite
def absences(draw: st.DrawFn, number: int, days: int = 120) -> Absence:
    start, end = draw(intervals(days))
    return Absence(number, draw(names), start, end, draw(st.none() | names))


@st.composite
def rotas(draw: st.DrawFn) -> Data:
    """A rota with everything in it, also gaps, people who have left and circles of deputies."""
    found: tuple[Rotation, ...] = ()
    for each in draw(st.lists(rotations(), min_size=1, max_size=4)):
        found = with_rotation(found, each)
    gone = draw(st.sets(names, max_size=1))
    count = st.integers(0, 3)
    return Data(
        rotations=found,
        people=tuple(
            Person(
                each.username,
                each.name,
                each.team,
                each.roles,
                each.telephone,
                active=each.username not in gone,
            )
            for each in PEOPLE
        ),
        overrides=tuple(draw(overrides(number)) for number in range(draw(count))),
        swaps=tuple(draw(swaps(number)) for number in range(draw(count))),
        absences=tuple(draw(absences(number)) for number in range(draw(count))),
    )
