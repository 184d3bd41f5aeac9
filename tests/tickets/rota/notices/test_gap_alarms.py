"""A gap pages the supervisors when it is found, three days and one day before it begins; at night only if near."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from supportdesk.tickets.documents import Absence, Line, Override, Role, Rotation
from supportdesk.tickets.rota.gaps import NEVER, find_gaps, find_whole_gaps
from supportdesk.tickets.rota.night import is_night
from supportdesk.tickets.rota.notices.gap_alarms import ONE_DAY, find_closed_gaps, find_gap_alarms, gap_key
from tests.tickets.rota.rotas import LONDON, PEOPLE, START, Data, rotas

ZONE = "Europe/London"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
STAFF = (replace(PEOPLE[4], roles=(Role.SUPERVISOR,)), *PEOPLE[:4])
AWAY = Absence(1, "ann", START + 5 * DAY, START + 6 * DAY)
"""Ann is away without a deputy on the sixth day of her week."""


def rota(*absences: Absence, **changes: object) -> Data:
    return Data(people=STAFF, absences=absences, **changes)  # type: ignore[arg-type]


def sent(data: Data, start: datetime, end: datetime, every: timedelta = HOUR) -> list[tuple[datetime, str]]:
    """Every key, with when it was due first while a watcher looked every so often."""
    found: dict[str, datetime] = {}
    at = start
    while at < end:
        for each in find_gap_alarms(data, at, ZONE):
            found.setdefault(each.key, at)
        at += every
    return [(at, key) for key, at in found.items()]


def test_a_gap_pages_the_supervisors_at_once_and_again_three_days_and_one_day_before() -> None:
    found = sent(rota(AWAY), START, START + 8 * DAY)
    key = "gap first 2026-03-21T08:00:00Z"
    assert found == [
        (START, f"{key} found"),
        (START + 2 * DAY, f"{key} 3-days"),
        (START + 4 * DAY, f"{key} 1-day"),
    ]
    (alarm,) = find_gap_alarms(rota(AWAY), START, ZONE)
    assert (alarm.kind, alarm.people, alarm.urgent) == ("page", ("eve",), False)
    assert alarm.text == (
        "Nobody is on call from Sat 21 Mar 2026 08:00 GMT to Sun 22 Mar 2026 08:00 GMT,"
        " as Ann is away without a deputy. Set the rota, or put somebody on call."
    )


def test_at_night_only_a_gap_that_begins_within_a_day_pages() -> None:
    night = START + 15 * HOUR
    assert is_night(night, ZONE)
    assert not find_gap_alarms(rota(AWAY), night, ZONE)
    tomorrow = replace(AWAY, start=night + 20 * HOUR)
    (alarm,) = find_gap_alarms(rota(tomorrow), night, ZONE)
    assert alarm.key.endswith(" 1-day")
    assert alarm.urgent
    ((morning, _),) = sent(rota(AWAY), night, START + DAY)
    assert morning.hour == 6


def test_a_gap_that_has_begun_pages_once_and_keeps_its_key_while_it_lasts() -> None:
    gap = replace(AWAY, start=START + HOUR, end=START + 3 * DAY)
    found = sent(rota(gap), START + 2 * HOUR, START + 3 * DAY, 20 * MINUTE)
    assert [key for _, key in found] == ["gap first 2026-03-16T09:00:00Z 1-day"]
    (alarm,) = find_gap_alarms(rota(gap), START + 2 * HOUR, ZONE)
    assert alarm.text.startswith("Nobody is on call from Mon 16 Mar 2026 10:00 GMT to Thu 19 Mar")


def test_adjoining_gaps_are_one_and_one_that_nothing_ends_says_so() -> None:
    ending = replace(LONDON, members=("ann",), ends=START + 6 * DAY)
    data = rota(AWAY, rotations=(ending,))
    (gap,) = find_whole_gaps(data, START, START + 9 * DAY)
    assert (gap.start, gap.end) == (AWAY.start, NEVER)
    (alarm,) = find_gap_alarms(data, START, ZONE)
    assert alarm.text.startswith("Nobody is on call from Sat 21 Mar 2026 08:00 GMT on, as Ann is away")


def test_a_desk_that_never_had_a_rotation_and_one_without_supervisors_have_no_alarms() -> None:
    assert not find_gap_alarms(rota(rotations=()), START, ZONE)
    assert not find_gap_alarms(Data(absences=(AWAY,)), START, ZONE)
    administrator = (replace(PEOPLE[4], roles=(Role.ADMINISTRATOR,)), *PEOPLE[:4])
    (alarm,) = find_gap_alarms(Data(people=administrator, absences=(AWAY,)), START, ZONE)
    assert alarm.people == ("eve",)


def test_the_second_line_has_alarms_of_its_own() -> None:
    second = Rotation(("ben",), START, ZONE, line=Line.SECOND, ends=START + 2 * DAY)
    (alarm,) = find_gap_alarms(rota(rotations=(LONDON, second)), START, ZONE)
    assert alarm.key == "gap second 2026-03-18T08:00:00Z 3-days"
    assert "Nobody is on call on the second line from Wed 18 Mar" in alarm.text


def test_a_gap_that_was_closed_or_is_over_is_withdrawn_and_one_that_begins_later_is_another() -> None:
    keys = [key for _, key in sent(rota(AWAY), START, START + 3 * DAY)]
    at = START + 3 * DAY
    assert not list(find_closed_gaps(rota(AWAY), at, keys))
    covered = Override(1, Line.FIRST, AWAY.start, AWAY.end, "dan", at)
    assert (
        list(find_closed_gaps(rota(AWAY, overrides=(covered,)), at, [*keys, "week 2026-03-16 ann"])) == keys
    )
    assert list(find_closed_gaps(rota(AWAY), AWAY.end, keys)) == keys
    half = replace(covered, end=AWAY.start + HOUR)
    data = rota(AWAY, overrides=(half,))
    assert list(find_closed_gaps(data, at, keys)) == keys
    (alarm,) = find_gap_alarms(data, at, ZONE)
    assert alarm.key == "gap first 2026-03-21T09:00:00Z 3-days"


@given(data=rotas(), first=st.integers(0, 90))
def test_every_gap_is_paged_before_it_begins_and_at_most_three_times(data: Data, first: int) -> None:
    data = Data(data.rotations, STAFF, (), data.overrides, data.swaps, data.absences)
    start = START + first * DAY
    end = start + 6 * DAY
    found = sent(data, start, end, 3 * HOUR)
    by_gap: dict[str, list[datetime]] = {}
    for at, key in found:
        name, stage = key.rsplit(" ", 1)
        by_gap.setdefault(name, []).append(at)
        assert stage == "1-day" or not is_night(at, ZONE)
    assert all(len(each) <= 3 for each in by_gap.values())
    for gap in find_gaps(data, start, end):
        if not any(each.line is gap.line for each in data.rotations):
            continue
        begins = find_whole_gaps(data, gap.start, gap.start + MINUTE)
        told = [at for each in begins for at in by_gap.get(gap_key(each), ())]
        assert told, gap
        assert min(told) <= max(gap.start - ONE_DAY + 3 * HOUR, start + 3 * HOUR)
