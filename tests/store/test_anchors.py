"""What was noted outside a desk shows that its ledger was rewritten as a whole, or cut short."""

from __future__ import annotations

import os
import re
import socket
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from supportdesk.desk import Desk
from supportdesk.store.anchor_places import (
    ContradictedError,
    anchor_ledger,
    load_anchors,
    log_anchor,
)
from supportdesk.store.anchors import Anchor, BadAnchorError, Point, parse_anchors
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.verification.verify import verify
from supportdesk.tickets.process.conversation import Note
from tests.store.desks import database_of, done, verified
from tests.store.forgery import cut_short, forge

REF = "CD-4C00-W"
ONE, OTHER = Point(1, "a" * 64), Point(12, "0" * 64)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "anchors"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[tuple[Path, socket.socket]]:
    """A system log: the path of its socket, and the socket."""
    path = tmp_path / "log"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listening:
        listening.bind(str(path))
        listening.settimeout(10)
        yield path, listening


def anchored_twice(desk: Desk, file: Path) -> tuple[Point, Point]:
    """Two anchors of a desk, with a note between them and one behind them."""
    first = anchor_ledger(database_of(desk), file)
    done(desk, Note(REF, "between the anchors"))
    second = anchor_ledger(database_of(desk), file)
    done(desk, Note(REF, "behind the anchors"))
    return first, second


def found_beside(desk: Desk, file: Path) -> str:
    return "\n".join(str(each) for each in verify(database_of(desk), load_anchors(file)).breaks)


def test_anchors_are_found_in_lines_of_the_system_log() -> None:
    text = (
        f"Nov 27 06:00:01 host supportdesk[812]: anchor of /srv/desk.db {OTHER}\n"
        f"\n{ONE}\r\n  2026-11-27T06:00:01+00:00 host supportdesk[9]: anchor of a:b {str(ONE).upper()} \n"
    )
    assert parse_anchors(text) == [Anchor(ONE, 3), Anchor(ONE, 4), Anchor(OTHER, 1)]
    assert parse_anchors("") == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("12", "no anchor"),
        (f"12:{'0' * 63}", "no anchor"),
        (f"12:{'0' * 65}", "no anchor"),
        (f"x12:{'0' * 64}", "no anchor"),
        (f"{'9' * 19}:{'0' * 64}", "no anchor"),
        (f"12:{'0' * 40}{OTHER}", "no anchor"),
        (f"{ONE} {OTHER}", "several anchors"),
        ("SQLite format 3\0", "no anchor"),
    ],
)
def test_a_line_without_one_anchor_is_named_by_its_number(line: str, why: str) -> None:
    with pytest.raises(
        BadAnchorError, match=f"^line 3 has {why}: each line has one, as `supportdesk anchor` writes it"
    ):
        parse_anchors(f"{ONE}\n\n{line}\n{ONE}\n")


def test_a_ledger_that_grew_contains_its_anchors(desk: Desk, file: Path) -> None:
    first, second = anchored_twice(desk, file)
    assert file.read_text() == f"{first}\n{second}\n"
    assert found_beside(desk, file) == ""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_ledger_that_was_rewritten_with_all_its_hashes_is_found_by_the_first_anchor_behind_that(
    desk: Desk, file: Path
) -> None:
    first, second = anchored_twice(desk, file)
    forge(database_of(desk), first.seq)
    assert verified(desk).broken is None
    assert found_beside(desk, file) == (
        f"The ledger is broken at event {second.seq}: it was anchored in line 2 with another hash: the ledger was"
        f" rewritten after event {first.seq}"
    )
    forge(database_of(desk), 0)
    assert verified(desk).broken is None
    assert found_beside(desk, file) == (
        f"The ledger is broken at event {first.seq}: it was anchored in line 1 with another hash: the ledger was"
        " rewritten, or is that of another desk"
    )


def test_a_ledger_that_was_cut_short_is_found(desk: Desk, file: Path) -> None:
    _, second = anchored_twice(desk, file)
    database_of(desk).write(lambda connection: cut_short(connection, second.seq - 1))
    assert verified(desk).broken is None
    assert found_beside(desk, file) == (
        f"The ledger is broken at event {second.seq}: it was anchored in line 2, and the ledger ends at event"
        f" {second.seq - 1}: it was cut short"
    )


def test_an_anchor_that_was_changed_is_told_from_a_ledger_that_was(desk: Desk, file: Path) -> None:
    first, second = anchored_twice(desk, file)
    file.write_text(f"{Point(first.seq, 'f' * 64)}\n{second}\n")
    assert found_beside(desk, file) == (
        f"The ledger is broken at event {first.seq}: it was anchored in line 1 with another hash, and yet event"
        f" {second.seq} is as anchored in line 2: the anchor was changed, or is that of another desk"
    )


def test_the_beginning_of_every_ledger_can_be_expected(desk: Desk, file: Path) -> None:
    file.write_text(f"0:{'0' * 64}\n")
    assert found_beside(desk, file) == ""
    file.write_text(f"0:{'1' * 64}\n")
    assert found_beside(desk, file)


def test_a_ledger_that_contradicts_the_file_is_not_noted(desk: Desk, file: Path) -> None:
    anchored_twice(desk, file)
    before = file.read_text()
    forge(database_of(desk), 0)
    with pytest.raises(ContradictedError, match="it was anchored in line 1 with another hash"):
        anchor_ledger(database_of(desk), file)
    assert file.read_text() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE head SET seq = seq - 1",
        "UPDATE head SET hash = 'x'",
        "DELETE FROM head",
        "UPDATE ledger SET actor = 'sam'",
        "DELETE FROM ledger WHERE seq = (SELECT seq FROM head)",
    ],
)
def test_an_end_that_is_none_is_not_noted(desk: Desk, file: Path, statement: str) -> None:
    database_of(desk).write(lambda connection: connection.execute(text(statement)))
    with pytest.raises(DeskUnavailableError, match="is damaged"):
        anchor_ledger(database_of(desk), file)
    assert not file.exists()


def test_a_file_with_anything_else_is_not_appended_to(desk: Desk, tmp_path: Path) -> None:
    for there in (tmp_path / "desk.db", tmp_path / "notes"):
        if not there.exists():
            there.write_text("buy milk\n")
        before = there.read_bytes()
        with pytest.raises(BadAnchorError, match="line 1 has no anchor"):
            anchor_ledger(database_of(desk), there)
        assert there.read_bytes() == before


def test_a_file_is_only_appended_to_and_keeps_its_mode(desk: Desk, file: Path) -> None:
    file.write_text("\n")
    file.chmod(0o622)
    end = anchor_ledger(database_of(desk), file)
    assert file.read_text() == f"\n{end}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o622


def test_a_file_that_cannot_be_read_is_appended_to(
    desk: Desk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one of another user's that gives everybody only the right to write."""
    anchored_twice(desk, file)

    def refuse(path: Path, limit: int) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("supportdesk.store.anchor_places.read_bytes", refuse)
    end = anchor_ledger(database_of(desk), file)
    assert file.read_text().splitlines()[2] == str(end)


def test_what_is_no_file_or_cannot_be_written_is_an_error_with_its_name(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All of these look as if they were new.
    monkeypatch.setattr("supportdesk.store.anchor_places._load_if_readable", lambda file: [])
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "missing" / "file", Path("/dev/full")):
        with pytest.raises(OSError, match=re.escape(str(path))) as raised:
            anchor_ledger(database_of(desk), path)
        assert raised.value.strerror
        assert str(raised.value.filename) == str(path)


def test_a_full_disk_is_an_error_with_the_name_of_the_file(
    desk: Desk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", lambda handle, line: len(line) - 1)
    with pytest.raises(OSError, match="only a part of the line could be written") as raised:
        anchor_ledger(database_of(desk), file)
    assert raised.value.filename == str(file)


def test_the_system_log_has_the_desk_and_the_anchor(
    desk: Desk, log: tuple[Path, socket.socket], file: Path
) -> None:
    path, listening = log
    end = anchor_ledger(database_of(desk), system_log=path)
    line = listening.recv(1000).rstrip(b"\0").decode()
    assert line == f"<14>supportdesk[{os.getpid()}]: anchor of {database_of(desk).location} {end}"
    file.write_text(line)
    assert found_beside(desk, file) == ""


def test_a_line_is_in_both_places_or_in_none(desk: Desk, file: Path, log: tuple[Path, socket.socket]) -> None:
    path, listening = log
    with pytest.raises(FileNotFoundError):
        anchor_ledger(database_of(desk), file, path.with_name("other"))
    assert file.read_text() == ""
    listening.setblocking(False)
    with pytest.raises(FileNotFoundError):
        anchor_ledger(database_of(desk), file.with_name("missing") / "file", path)
    with pytest.raises(BlockingIOError):
        listening.recv(1000)


def test_a_name_cannot_forge_lines_of_the_system_log(log: tuple[Path, socket.socket]) -> None:
    path, listening = log
    log_anchor(ONE, "/srv/a\nb\udcff.db", path)
    assert listening.recv(1000).rstrip(b"\0").decode().endswith(rf"anchor of '/srv/a\nb\udcff.db' {ONE}")


def test_a_system_log_that_nobody_reads_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as raised:
        log_anchor(ONE, "desk", tmp_path / "log")
    assert str(raised.value.filename) == f"the system log {tmp_path / 'log'}"
