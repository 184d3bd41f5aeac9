"""What the thread that follows the desk finds out about the watcher."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace
from textual.message import Message

from supportdesk.console.messages import StepsOverdue, WatcherSeen
from supportdesk.console.watching.monitor import CHECK_SECONDS, CONFIRM_SECONDS, OVERDUE_AFTER, WatcherMonitor
from supportdesk.heartbeat import Heartbeat, HeartbeatFile, write_heartbeat
from supportdesk.store.read_models import DueTicket
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, empty_desk

DUE = DueTicket("CD-4C00-W", NOW - timedelta(hours=1))
BEAT = Heartbeat("pg-main", 7, "a", NOW, NOW, beat=1)


@dataclass
class Watch:
    """A monitor of an empty desk, whose seconds are counted by hand."""

    heartbeat: Path | None = None
    desk: FakeDesk = field(default_factory=empty_desk)
    posted: list[Message] = field(default_factory=list)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.monitor = WatcherMonitor(
            HeartbeatFile(self.heartbeat) if self.heartbeat is not None else None,
            self.posted.append,
            lambda: self.seconds,
        )

    def look(self, after: float = 0.0) -> None:
        """Look again some seconds later."""
        self.seconds += after
        self.monitor.look(self.desk)

    @property
    def overdue(self) -> list[tuple[DueTicket, ...]]:
        """What was posted as overdue, in its order."""
        return [each.tickets for each in self.posted if isinstance(each, StepsOverdue)]


def test_the_same_step_is_overdue_once_it_has_been_seen_for_a_while_and_until_it_is_done() -> None:
    watch = Watch()
    watch.desk.overdue = [DUE]
    watch.look()
    watch.look(CONFIRM_SECONDS - 1)
    assert watch.overdue == []
    watch.look(CHECK_SECONDS)
    watch.look(CHECK_SECONDS)
    assert watch.overdue == [(DUE,)]
    watch.desk.overdue = []
    watch.look(CHECK_SECONDS)
    assert watch.overdue == [(DUE,), ()]


def test_a_watcher_that_does_one_late_step_after_the_other_is_at_work() -> None:
    watch = Watch()
    for minute in range(20):
        watch.desk.overdue = [replace(DUE, due=DUE.due + timedelta(minutes=minute))]
        watch.look(CHECK_SECONDS)
    assert watch.overdue == []


def test_a_step_is_not_overdue_while_a_watcher_may_still_take_over() -> None:
    watch = Watch()
    watch.desk.overdue = [replace(DUE, due=NOW - OVERDUE_AFTER + timedelta(seconds=1))]
    for _ in range(5):
        watch.look(CHECK_SECONDS)
    assert watch.overdue == []


def test_what_is_overdue_is_asked_every_few_seconds_only() -> None:
    watch = Watch()
    for _ in range(10):
        watch.look(CHECK_SECONDS / 5)
    assert watch.desk.calls.count("overdue_steps") == 2


def test_a_heartbeat_is_posted_when_it_changes_and_its_absence_once(tmp_path: Path) -> None:
    path = tmp_path / "desk.db.watcher"
    watch = Watch(path)
    watch.look()
    watch.look()
    write_heartbeat(path, BEAT)
    watch.look()
    watch.look()
    path.unlink()
    watch.look()
    seen = [each.heartbeat for each in watch.posted if isinstance(each, WatcherSeen)]
    assert seen == [None, BEAT, None]
