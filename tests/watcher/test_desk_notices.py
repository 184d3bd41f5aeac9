"""Notices about the desk, sent by watchers of a real desk: once each, and again when a day passes again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.documents import Release
from supportdesk.tickets.process.resolution import PromiseFix, ProposeWorkaround
from supportdesk.tickets.records.commands import SaveRelease, SendNotice
from supportdesk.tickets.refusal import Refusal
from supportdesk.watcher.desk_notices import EVERY, DeskNotices
from tests.store.desks import done, furnished_desk, logged, verified
from tests.tickets.scenario import MONDAY_NINE

THE_DAY_AFTER = datetime(2026, 12, 10, 8, tzinfo=UTC)
"""When the office opens after the day of release 2026.12."""


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY_NINE)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with furnished_desk(tmp_path, clock) as opened:
        ref = logged(opened, severity="medium")
        done(opened, ProposeWorkaround(ref, "Use the list."))
        done(opened, PromiseFix(ref, "2026.12"))
        yield opened


class Watching:
    """A watcher's task, with the keys of what it sent."""

    def __init__(self, desk: Desk, clock: FixedClock) -> None:
        self.desk, self.clock = desk, clock
        self.said: list[str] = []
        self.task = DeskNotices(self.said.append)

    def look(self, at: datetime) -> list[str]:
        """Look at an instant, and return what was sent."""
        before = len(self.said)
        self.clock.set(at)
        assert not self.task.tick(self.desk, at, is_stopped=lambda: False)
        assert not self.task.fault
        return self.said[before:]


def test_rule_05_an_overdue_release_is_told_of_once_whichever_watcher_looks(
    desk: Desk, clock: FixedClock
) -> None:
    one, other = Watching(desk, clock), Watching(desk, clock)
    assert not one.look(THE_DAY_AFTER - EVERY)
    assert one.look(THE_DAY_AFTER) == ["notice sent: release 2026.12 2026-12-09"]
    seq = desk.changes(0).seq
    assert not other.look(THE_DAY_AFTER + EVERY)
    assert not one.look(THE_DAY_AFTER + 2 * EVERY)
    assert desk.changes(0).seq == seq
    assert verified(desk).is_intact


def test_rule_05_a_release_that_was_moved_is_told_of_again_when_it_passes_again(
    desk: Desk, clock: FixedClock
) -> None:
    watching = Watching(desk, clock)
    watching.look(THE_DAY_AFTER)
    done(desk, SaveRelease(Release("2026.12", date(2026, 12, 16))), by="dev")
    assert not watching.look(THE_DAY_AFTER + timedelta(days=1))
    assert watching.look(THE_DAY_AFTER + timedelta(days=7)) == ["notice sent: release 2026.12 2026-12-16"]


def test_a_watcher_looks_once_a_minute_and_when_its_clock_went_back(desk: Desk, clock: FixedClock) -> None:
    looks: list[datetime] = []

    def find(_desk: object, now: datetime, _sent: frozenset[str]) -> list[SendNotice]:
        looks.append(now)
        return []

    task = DeskNotices(print, [find])
    for seconds in (0, 5, 59, 60, 30):
        task.tick(desk, MONDAY_NINE + timedelta(seconds=seconds), is_stopped=lambda: False)
    assert looks == [MONDAY_NINE + timedelta(seconds=each) for each in (0, 60, 30)]


def test_a_notice_that_is_refused_is_a_fault_and_is_tried_again(desk: Desk, clock: FixedClock) -> None:
    people = ["nobody-here"]
    task = DeskNotices(print, [lambda *_: [SendNotice(tuple(people), "notice", "Hello.", "greeting")]])
    task.tick(desk, MONDAY_NINE, is_stopped=lambda: False)
    assert "a notice is refused" in task.fault
    people[:] = ["sue"]
    task.tick(desk, MONDAY_NINE + EVERY, is_stopped=lambda: False)
    assert not task.fault
    assert isinstance(desk.do(SendNotice(("sue",), "notice", "Hello.", "greeting"), by="watcher"), Refusal)
