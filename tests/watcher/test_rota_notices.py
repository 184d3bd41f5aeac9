"""Notices about the rota, sent by watchers of a real desk: each once, and withdrawn when a gap is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.documents import Line
from supportdesk.tickets.records.commands import AcknowledgeNotice, SavePerson
from supportdesk.tickets.records.rota_commands import EndAbsence, OverrideShifts, RecordAbsence
from supportdesk.tickets.rota.night import is_night
from supportdesk.tickets.rota.notices.gap_alarms import find_near_gaps
from supportdesk.watcher.desk_notices import DeskNotices
from supportdesk.watcher.rota_notices import RotaNotices
from tests.seeds import examples
from tests.store.desks import done, furnished_desk, verified
from tests.tickets.scenario import MONDAY_NINE

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NEXT_MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
TEST_DAY = datetime(2026, 12, 1, 10, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY_NINE)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with furnished_desk(tmp_path, clock) as opened:
        for each in opened.roster().staff:
            done(opened, SavePerson(replace(each, email=f"{each.username}@desk.example")), by="sue")
        yield opened


class Watching:
    """A watcher's task that only looks at the rota, with what it did."""

    def __init__(self, desk: Desk, clock: FixedClock) -> None:
        self.desk, self.clock = desk, clock
        self.said: list[str] = []
        self.task = DeskNotices(self.said.append, [RotaNotices()])

    def look(self, at: datetime) -> list[str]:
        """Look at an instant, and return what was done."""
        before = len(self.said)
        self.clock.set(at)
        self.task.tick(self.desk, at, is_stopped=lambda: False)
        assert not self.task.fault
        return sorted(each.removeprefix("notice ") for each in self.said[before:])


def waiting(desk: Desk) -> list[tuple[str, str]]:
    return sorted((each.person, each.kind) for each in desk.outbox())


def test_rule_26_a_gap_pages_every_supervisor_once_and_is_withdrawn_when_it_is_closed(
    desk: Desk, clock: FixedClock
) -> None:
    one, other = Watching(desk, clock), Watching(desk, clock)
    tuesday = MONDAY_NINE + DAY
    assert one.look(tuesday) == []
    away = RecordAbsence("priya", NEXT_MONDAY, NEXT_MONDAY + DAY, despite_gap=True)
    done(desk, away, by="priya")
    key = "gap first 2026-11-30T08:00:00Z"
    assert one.look(tuesday + MINUTE) == [f"sent: {key} found"]
    assert other.look(tuesday + MINUTE) == []
    assert waiting(desk) == [("dora", "page"), ("sue", "page")]
    done(desk, AcknowledgeNotice(f"{key} found"), by="sue")
    assert waiting(desk) == []
    assert one.look(NEXT_MONDAY - 3 * DAY) == [f"sent: {key} 3-days"]
    done(desk, OverrideShifts(Line.FIRST, NEXT_MONDAY, NEXT_MONDAY + DAY, "ann"), by="sue")
    assert other.look(NEXT_MONDAY - 2 * DAY) == [f"withdrawn: {key} 3-days"]
    assert ("sue", "page") not in waiting(desk)
    assert other.look(NEXT_MONDAY - 2 * DAY + MINUTE) == []
    assert verified(desk).is_intact


def test_rule_26_each_monday_at_eight_the_rota_has_its_shifts_and_the_supervisors_the_week(
    desk: Desk, clock: FixedClock
) -> None:
    one, other = Watching(desk, clock), Watching(desk, clock)
    assert one.look(NEXT_MONDAY - MINUTE) == []
    assert one.look(NEXT_MONDAY) == [f"sent: week 2026-11-30 {name}" for name in ("dora", "priya", "sue")]
    assert other.look(NEXT_MONDAY + HOUR) == []
    (text,) = [each.text for each in desk.outbox() if each.person == "dora"]
    assert text.startswith("Your shifts of the next two weeks: Mon 7 Dec 08:00 GMT to Mon 14 Dec 08:00 GMT.")
    assert "On call this week: " in text
    assert verified(desk).is_intact


def test_rule_26_the_test_page_of_the_month_is_acknowledged_or_reported_after_a_day(
    desk: Desk, clock: FixedClock
) -> None:
    one = Watching(desk, clock)
    assert not [each for each in one.look(TEST_DAY - MINUTE) if "test" in each]
    assert one.look(TEST_DAY) == [f"sent: test page 2026-12 {name}" for name in ("dora", "priya")]
    done(desk, AcknowledgeNotice("test page 2026-12 dora"), by="dora")
    assert one.look(TEST_DAY + DAY) == []
    assert one.look(TEST_DAY + DAY + MINUTE) == ["sent: unanswered test page 2026-12 priya"]
    assert one.look(TEST_DAY + DAY + 2 * MINUTE) == []
    assert Watching(desk, clock).look(TEST_DAY + DAY + 3 * MINUTE) == []
    assert [each.key for each in desk.notices("test page ")] == [
        "test page 2026-12 dora",
        "test page 2026-12 priya",
    ]
    assert verified(desk).is_intact


PEOPLE = ("priya", "dora", "sam", "ann")
changes = st.one_of(
    st.tuples(st.just("absence"), st.sampled_from(PEOPLE), st.integers(0, 400), st.integers(1, 90)),
    st.tuples(st.just("override"), st.sampled_from(PEOPLE), st.integers(0, 400), st.integers(1, 90)),
    st.tuples(st.just("end absence"), st.just(""), st.integers(1, 4), st.just(0)),
    st.tuples(st.just("acknowledge"), st.just("sue"), st.just(0), st.just(0)),
)
steps = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 1), st.none() | changes), min_size=3, max_size=15
)


def change(desk: Desk, what: str, person: str, first: int, hours: int) -> None:
    """Change the rota or acknowledge pages; what is refused changes nothing."""
    start = desk.now() + first * HOUR
    end = start + hours * HOUR
    if what == "acknowledge":
        for each in desk.notices("gap "):
            desk.do(AcknowledgeNotice(each.key), by=person)
    elif what == "absence":
        desk.do(RecordAbsence(person, start, end, despite_gap=True), by="sue")
    elif what == "override":
        desk.do(OverrideShifts(Line.FIRST, start, end, person, despite_gap=True), by="sue")
    else:
        desk.do(EndAbsence(first, despite_gap=True), by="sue")


@settings(max_examples=examples(12))
@given(steps)
def test_rule_26_whatever_happens_each_notice_is_sent_once_and_what_is_open_is_about_a_gap(
    tmp_path_factory: pytest.TempPathFactory,
    happening: list[tuple[int, int, tuple[str, str, int, int] | None]],
) -> None:
    clock = FixedClock(MONDAY_NINE)
    with furnished_desk(tmp_path_factory.mktemp("desk"), clock) as desk:
        watchers = [Watching(desk, clock), Watching(desk, clock)]
        done_by_all: list[str] = []
        for hours, watcher, step in happening:
            clock.set(clock.now() + hours * HOUR)
            if step is not None:
                change(desk, *step)
            done_by_all += watchers[watcher].look(clock.now())
            data, now = desk.roster().reference_data, clock.now()
            near = {each.key.rpartition(" ")[0] for each in find_near_gaps(data, now, "Europe/London")}
            open_gaps = {each.key.rpartition(" ")[0] for each in desk.notices("gap ") if each.is_open}
            assert open_gaps <= near
            told = {each.key.rpartition(" ")[0] for each in desk.notices("gap ")}
            assert near <= told or is_night(now, "Europe/London")
        sent = [each for each in done_by_all if each.startswith("sent: ")]
        assert len(set(sent)) == len(sent)
        assert verified(desk).is_intact
