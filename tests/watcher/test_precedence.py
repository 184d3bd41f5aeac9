"""Which of several watchers watches, and when another one takes over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from supportdesk.heartbeat import STOPPED, WATCHING, Heartbeat, HeartbeatFile, write_heartbeat
from supportdesk.watcher import precedence
from supportdesk.watcher.precedence import Precedence


class Monotonic:
    """A monotonic clock that tests move."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Monotonic:
    made = Monotonic()
    monkeypatch.setattr(precedence, "time", made)
    return made


def beat(
    name: str,
    *,
    started: int = 0,
    hosted: bool = True,
    age: float = 0,
    state: str = WATCHING,
    methods: tuple[str, ...] = (),
    works: bool = True,
) -> Heartbeat:
    now = datetime.now(UTC)
    begun = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=started)
    ticked = now - timedelta(seconds=age)
    found = Heartbeat("desk1", 1, name, begun, ticked, state=state, hosted=hosted, methods=methods)
    return replace(found, works=works)


OWN = beat("own", started=10)


def test_alone_it_watches(tmp_path: Path, time: Monotonic) -> None:
    path = tmp_path / "desk.db.watcher"
    assert not Precedence(HeartbeatFile(path), OWN).another_watches()
    write_heartbeat(path, OWN)
    assert not Precedence(HeartbeatFile(path), OWN).another_watches()


@pytest.mark.parametrize(
    ("other", "gives_way"),
    [
        ({"started": 5}, True),
        ({"started": 15}, False),
        ({"started": 15, "hosted": False}, True),
        ({"started": 5, "state": STOPPED}, False),
        ({"started": 5, "age": 11}, False),
        ({"started": 5, "hosted": False, "works": False}, False),
        ({"started": 5, "age": -3600}, False),
    ],
)
def test_it_gives_way_to_a_living_one_of_its_own_process_and_to_one_that_started_first(
    tmp_path: Path, time: Monotonic, other: dict[str, Any], gives_way: bool
) -> None:
    path = tmp_path / "desk.db.watcher"
    # Made here, not where the cases are collected: its age is seen by the machine's clock.
    write_heartbeat(path, beat("other", **other))
    assert Precedence(HeartbeatFile(path), OWN).another_watches() is gives_way


def test_it_takes_over_when_the_heartbeat_no_longer_changes_whatever_the_clock_says(
    tmp_path: Path, time: Monotonic
) -> None:
    path = tmp_path / "desk.db.watcher"
    own = Precedence(HeartbeatFile(path), OWN)
    for number in range(4):
        write_heartbeat(path, replace(beat("other"), beat=number))
        assert own.another_watches()
        time.now += 5
    assert own.another_watches()
    time.now += 5.1
    assert not own.another_watches()


def test_one_whose_clock_is_wrong_is_alive_while_its_heartbeat_changes(
    tmp_path: Path, time: Monotonic
) -> None:
    path = tmp_path / "desk.db.watcher"
    own = Precedence(HeartbeatFile(path), OWN)
    write_heartbeat(path, beat("other", age=3600))
    assert not own.another_watches()
    write_heartbeat(path, replace(beat("other", age=3600), beat=1))
    assert own.another_watches()


@pytest.mark.parametrize(
    ("theirs", "own", "gives_way"),
    [
        ((), (), True),
        (("mail", "sms"), ("sms",), True),
        ((), ("sms",), False),
        (("mail",), ("mail", "sms"), False),
    ],
)
def test_it_gives_way_only_to_one_that_sends_by_all_of_its_methods(
    tmp_path: Path, time: Monotonic, theirs: tuple[str, ...], own: tuple[str, ...], gives_way: bool
) -> None:
    path = tmp_path / "desk.db.watcher"
    write_heartbeat(path, beat("other", hosted=False, methods=theirs))
    assert Precedence(HeartbeatFile(path), OWN).another_watches(own) is gives_way


def test_it_gives_way_to_several_that_have_its_methods_between_them_while_all_are_alive(
    tmp_path: Path, time: Monotonic
) -> None:
    path = tmp_path / "desk.db.watcher"
    service, console = beat("a", hosted=False, methods=("mail",)), beat("b", methods=("sms",))
    own = Precedence(HeartbeatFile(path), OWN)

    def look(number: int, silent_since: int) -> bool:
        time.now += 5
        last = replace(console, beat=min(number, silent_since))
        write_heartbeat(path, replace(service, beat=number).beside(last, datetime.now(UTC)))
        return own.another_watches(("mail", "sms"))

    assert [look(number, 3) for number in range(7)] == [True] * 6 + [False]
    assert own.another_watches(("mail",))
