"""The heartbeat file: written whole, read by anybody, never in the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from supportdesk.heartbeat import (
    STOPPED,
    Heartbeat,
    HeartbeatFile,
    heartbeat_path,
    read_heartbeat,
    remove_heartbeat,
    write_heartbeat,
)
from supportdesk.store.location import delete_files
from supportdesk.watcher.precedence import Precedence
from tests.store.desks import furnished

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BEAT = Heartbeat("desk1", 4711, "a" * 32, NOW, NOW)


def test_what_is_written_is_read_back_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    desk = tmp_path / "desk.db"
    desk.touch(0o640)
    path = heartbeat_path(desk)
    write_heartbeat(path, BEAT)
    write_heartbeat(path, replace(BEAT, beat=2))
    assert path.name == "desk.db.watcher"
    assert read_heartbeat(path) == replace(BEAT, beat=2)
    assert path.stat().st_mode & 0o777 == 0o640
    assert {each.name for each in tmp_path.iterdir()} == {"desk.db", "desk.db.watcher"}
    remove_heartbeat(path)
    assert read_heartbeat(path) is None


@pytest.mark.sqlite
def test_it_goes_with_the_desk(tmp_path: Path) -> None:
    address = furnished(tmp_path)
    write_heartbeat(heartbeat_path(Path(address)), BEAT)
    delete_files(address)
    assert list(tmp_path.iterdir()) == []


def test_it_lies_beside_the_file_to_which_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "desk.db").touch()
    (tmp_path / "mine.db").symlink_to(tmp_path / "shared" / "desk.db")
    assert heartbeat_path(tmp_path / "mine.db") == tmp_path / "shared" / "desk.db.watcher"


def test_one_without_zones_is_none_as_nobody_could_tell_its_age(tmp_path: Path) -> None:
    path = tmp_path / "desk.db.watcher"
    write_heartbeat(path, BEAT)
    path.write_text(path.read_text(encoding="utf-8").replace("Z", ""), encoding="utf-8")
    assert read_heartbeat(path) is None
    assert not Precedence(HeartbeatFile(path), replace(BEAT, id="own", hosted=True)).another_watches()


def test_where_it_cannot_be_written_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "desk.db.watcher"
    path.mkdir()
    with pytest.raises(IsADirectoryError):
        write_heartbeat(path, BEAT)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"host": 1}', b"\xff", b"x" * 20_000])
def test_a_file_that_is_not_a_heartbeat_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "desk.db.watcher"
    path.write_bytes(content)
    assert read_heartbeat(path) is None


@pytest.mark.parametrize(
    ("age", "state", "alive"),
    [(0, "watching", True), (15, "watching", True), (16, "watching", False), (-16, "watching", False),
     (3, STOPPED, False), (3, "the clock went back", True)],
)  # fmt: skip
def test_a_watcher_is_alive_for_fifteen_seconds_after_it_looked(age: int, state: str, alive: bool) -> None:
    assert replace(BEAT, state=state).is_alive(NOW + timedelta(seconds=age)) is alive


def test_the_methods_are_those_of_every_watcher_that_is_alive() -> None:
    now = NOW + timedelta(seconds=5)
    first = replace(BEAT, methods=("sms",), others=(replace(BEAT, id="c", methods=("call",)),))
    silent = replace(BEAT, id="d", ticked=NOW - timedelta(seconds=11), methods=("pigeon",))
    second = replace(BEAT, id="b", ticked=now, methods=("mail", "sms"))
    beside = second.beside(replace(first, others=(*first.others, silent)), now)
    assert [each.id for each in beside.others] == [BEAT.id, "c"]
    assert beside.find_methods(now) == ("call", "mail", "sms")
    assert beside.find_methods(now + timedelta(seconds=11)) == ("mail", "sms")
    ended = replace(beside, state=STOPPED)
    assert ended.find_methods(now) == ("call", "sms")
    assert second.beside(beside, now).others == beside.others, "it is never beside itself"
    assert second.beside(None, now).others == ()


def test_one_of_an_older_program_has_no_methods(tmp_path: Path) -> None:
    path = tmp_path / "desk.db.watcher"
    write_heartbeat(path, BEAT)
    path.write_bytes(path.read_bytes().replace(b',"methods":[],"others":[],"works":true', b""))
    assert read_heartbeat(path) == BEAT
