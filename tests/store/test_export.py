"""An export is everything on a desk, in a form that an import makes the same desk from, or refuses."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store import tables
from supportdesk.store.errors import AlreadyExistsError, DeskUnavailableError
from supportdesk.store.exchange.exporter import export_lines
from supportdesk.store.exchange.importer import BadExportError, import_lines
from supportdesk.store.exchange.lines import LINE_TYPES
from supportdesk.store.ledger import compute_link_hash, compute_payload_digest
from supportdesk.store.record_tables import RECORD_TABLES
from supportdesk.tickets.process.conversation import Note
from tests.store.conftest import Tamper
from tests.store.desks import database_of, done, logged
from tests.store.exchanged import all_rows, compare_round_trip, exported, imported
from tests.store.paged_desk import paged_database
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")

REBUILT = {
    tables.head,
    tables.tickets,
    tables.escalation_steps,
    *(each.table for each in RECORD_TABLES.values()),
}
"""What an import makes again from the events."""


@pytest.mark.sqlite
def test_every_table_is_exported_or_made_again_from_what_is() -> None:
    assert {each.table for each in LINE_TYPES} | REBUILT == set(tables.metadata.tables.values())


def test_a_desk_with_cut_texts_makes_the_same_desk_again(desk: Desk, tmp_path: Path) -> None:
    assert all_rows(database_of(desk))["attachments"]
    compare_round_trip(database_of(desk), tmp_path)


def test_a_desk_with_an_outbox_makes_the_same_desk_again(tmp_path: Path) -> None:
    with paged_database() as database:
        rows = all_rows(database)
        assert all(rows[name] for name in ("messages", "deliveries", "page_links", "escalation_steps"))
        compare_round_trip(database, tmp_path)


def test_an_imported_desk_can_be_searched_and_worked_on(desk: Desk, tmp_path: Path) -> None:
    imported(exported(database_of(desk)), tmp_path / "imported.db")
    with closing(Desk.open(str(tmp_path / "imported.db"), FixedClock(MONDAY_NINE))) as again:
        assert again.find_similar("export stops half-way", None)[0].ref == "CD-4C00-W"
        assert logged(again) == logged(desk), "references go on where they were"
        done(again, Note("CD-4C00-W", "still there"))


def test_an_export_is_as_of_one_moment_whatever_is_written_meanwhile(desk: Desk, tmp_path: Path) -> None:
    written: list[bytes] = []

    def write(line: bytes) -> None:
        if not written:
            done(desk, Note("CD-4C00-W", "meanwhile"))
        written.append(line)

    result = export_lines(database_of(desk), lambda: write)
    assert imported(b"".join(written), tmp_path / "imported.db").events == result.events
    assert desk.queue().seq == result.events + 1


@pytest.mark.sqlite
def test_a_file_that_cannot_be_copied_is_exported_itself(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise DeskUnavailableError("the disk is full")

    before = exported(database_of(desk)), sorted(tmp_path.iterdir())
    monkeypatch.setattr("supportdesk.store.sqlite.backup.copy_file", fail)
    assert (exported(database_of(desk)), sorted(tmp_path.iterdir())) == before, "and no copy is left"


@pytest.mark.sqlite
def test_nothing_is_imported_over_a_desk(desk: Desk, tmp_path: Path) -> None:
    before = all_rows(database_of(desk))
    with pytest.raises(AlreadyExistsError):
        imported(exported(database_of(desk)), tmp_path / "desk.db")
    assert all_rows(database_of(desk)) == before


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET actor = 'sue' WHERE seq = 3",
        "DELETE FROM ledger WHERE seq = 3",
        "UPDATE ledger SET at = 'noon' WHERE seq = 3",
        "UPDATE ledger SET event = CAST(X'ff' AS TEXT) WHERE seq = 3",
        "UPDATE head SET hash = 'ff'",
        "UPDATE commands SET ref = 'a' || char(0) WHERE ref IS NOT NULL",
    ],
)
def test_a_damaged_desk_is_not_exported(desk: Desk, tamper: Tamper, statement: str) -> None:
    tamper(statement)
    with pytest.raises(DeskUnavailableError, match=r"is damaged|supportdesk verify"):
        exported(database_of(desk))


def resealed(lines: list[bytes]) -> list[bytes]:
    """The lines with a last one that fits them, as somebody who knows the format would write it."""
    *before, last = lines
    trailer = msgspec.json.decode(last)
    trailer["digest"] = hashlib.sha256(b"".join(before)).hexdigest()
    for name in trailer["counts"]:
        trailer["counts"][name] = sum(f'"type":"{name}"'.encode() in line for line in before)
    return [*before, msgspec.json.encode(trailer) + b"\n"]


def changed(line: bytes, **values: object) -> bytes:
    return msgspec.json.encode({**msgspec.json.decode(line), **values}) + b"\n"


def of(lines: list[bytes], name: str, number: int = 0) -> int:
    """The place of the first line of a type, or a later one."""
    return [place for place, line in enumerate(lines) if f'"type":"{name}"'.encode() in line][number]


def forged(lines: list[bytes], seq: int, **values: object) -> list[bytes]:
    """The lines with a changed event, and everything that depends on it computed again."""
    at = of(lines, "event")
    last, before = 0, "0" * 64
    lines = list(lines)
    for place in range(at, of(lines, "command")):
        row = msgspec.json.decode(lines[place])
        if row["seq"] == seq:
            row |= values
            row["payload_digest"] = compute_payload_digest(row["salt"], row["payload"])
        row["previous"] = before
        before = row["hash"] = compute_link_hash(row)
        lines[place] = msgspec.json.encode(row) + b"\n"
        last = row["seq"]
    return resealed([changed(lines[0], head=f"{last}:{before}"), *lines[1:]])


Change = Callable[[list[bytes]], list[bytes]]

POISONED: dict[str, tuple[Change, str]] = {
    "empty": (lambda lines: [], "line 1: this is not a file"),
    "only its first line": (lambda lines: lines[:1], "line 2: the file ends here"),
    "cut between lines": (lambda lines: lines[:-3], "the file ends here"),
    "cut within a line": (lambda lines: [*lines[:-1], lines[-1][:-9]], "the file ends here"),
    "without its last line": (lambda lines: lines[:-1], "the file ends here"),
    "without its last line end": (lambda lines: [*lines[:-1], lines[-1].rstrip()], "the file ends here"),
    "a changed event": (
        lambda lines: [*lines[:3], changed(lines[3], actor="sue"), *lines[4:]],
        "line 4: event 3 was changed",
    ),
    "a missing event": (lambda lines: [*lines[:3], *lines[4:]], "line 4: event 3 is missing"),
    "two events swapped": (
        lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]],
        "line 3: event 2 is missing",
    ),
    "an event twice": (lambda lines: [*lines[:3], lines[2], *lines[3:]], "line 4: it is in the wrong place"),
    "a command twice": (
        lambda lines: _twice(lines, "command"),
        "in the wrong place, or a second time",
    ),
    "commands before events": (
        lambda lines: [lines[0], lines[of(lines, "command")], *lines[1:]],
        "line 3: it is in the wrong place",
    ),
    "a missing command": (lambda lines: _without(lines, "command"), "lines before this one are missing"),
    "a changed attachment": (
        lambda lines: _with(lines, "attachment", content="eHg="),
        "something in the lines before this one was changed",
    ),
    "a changed attachment, resealed": (
        lambda lines: resealed(_with(lines, "attachment", content="eHg=")),
        "it is not the text that was cut",
    ),
    "a missing attachment, resealed": (
        lambda lines: resealed(_without(lines, "attachment")),
        "attachments .*: it is missing",
    ),
    "a missing command, resealed": (
        lambda lines: resealed(_without(lines, "command")),
        "commands .*: it is missing",
    ),
    "an invented message": (
        lambda lines: resealed(
            [
                *lines[:-1],
                b'{"type":"page link","digest":"%s","ref":"CD-4C00-W","person":"ann","paged_at":1,"expires_at":2}\n'
                % (b"a" * 64),
                lines[-1],
            ]
        ),
        "no page in the ledger explains it",
    ),
    "a forged event": (
        lambda lines: forged(lines, 3, payload="{}"),
        "its events do not make a desk: The ledger is broken at event 3: it cannot be read",
    ),
    "another head": (
        lambda lines: resealed([changed(lines[0], head=f"7:{'0' * 64}"), *lines[1:]]),
        "the last event is [0-9]+:[0-9a-f]+, and the first line says 7:0000",
    ),
    "a line after the last": (lambda lines: [*lines, b"\n"], "there is something after the last line"),
    "another export after it": (lambda lines: lines * 2, "there is something after the last line"),
    "a blank line": (lambda lines: [lines[0], b"\n", *lines[1:]], "line 2: it is not a line of an export"),
    "a field too many": (
        lambda lines: [*lines[:2], changed(lines[2], note="x"), *lines[3:]],
        "line 3: it is not a line of an export: .*note",
    ),
    "a field too few": (
        lambda lines: [lines[0], lines[1].replace(b'"salt":', b'"pepper":'), *lines[2:]],
        "line 2: it is not a line of an export",
    ),
    "a text for a number": (
        lambda lines: [lines[0], changed(lines[1], seq="1"), *lines[2:]],
        "line 2: it is not a line of an export: Expected `int`",
    ),
    "a number that no database takes": (
        lambda lines: [lines[0], changed(lines[1], at=2**64), *lines[2:]],
        "line 2: it is not a line of an export",
    ),
    "an unknown type of line": (
        lambda lines: [lines[0], changed(lines[1], type="secret"), *lines[2:]],
        "line 2: it is not a line of an export",
    ),
    "a null character in a text": (
        lambda lines: [lines[0], changed(lines[1], actor="a\0b"), *lines[2:]],
        "line 2: it contains a null character",
    ),
    "null bytes": (
        lambda lines: [lines[0], b"\0" * 512 + b"\n", *lines[2:]],
        "line 2: it contains null bytes",
    ),
    "half a character": (
        lambda lines: [lines[0], lines[1].replace(b'"actor":"', b'"actor":"\\ud800'), *lines[2:]],
        "line 2: it is not a line of an export",
    ),
    "not UTF-8": (
        lambda lines: [lines[0], lines[1].replace(b'"actor":"', b'"actor":"\xe9'), *lines[2:]],
        "line 2: it is not UTF-8",
    ),
    "a byte order mark": (
        lambda lines: [b"\xef\xbb\xbf", *lines],
        "line 1: it begins with a byte order mark",
    ),
    "UTF-16": (
        lambda lines: [b"".join(lines).decode().encode("utf-16")],
        "line 1: it begins with a byte order mark",
    ),
    "a later version": (
        lambda lines: [changed(lines[0], version=2, product="9.1"), *lines[1:]],
        "line 1: it has version 2 of the format, .* supportdesk 9.1 or newer",
    ),
    "JSON of another program": (lambda lines: [b'{"tickets": []}\n'], "line 1: this is not a file"),
    "JSON nested deeply": (lambda lines: [b"[" * 100_000 + b"\n"], "line 1: this is not a file"),
    "a list of tickets": (
        lambda lines: [b"number,state,priority\n", b"INC0000045,New,2 - High\n"],
        "line 1: this is not a file .* `supportdesk import servicenow`",
    ),
    "line ends of another system": (
        lambda lines: [line.replace(b"\n", b"\r\n") for line in lines],
        "something in the lines before this one was changed",
    ),
}


def _with(lines: list[bytes], name: str, **values: object) -> list[bytes]:
    at = of(lines, name)
    return [*lines[:at], changed(lines[at], **values), *lines[at + 1 :]]


def _without(lines: list[bytes], name: str) -> list[bytes]:
    at = of(lines, name)
    return [*lines[:at], *lines[at + 1 :]]


def _twice(lines: list[bytes], name: str) -> list[bytes]:
    at = of(lines, name)
    return [*lines[:at], lines[at], *lines[at:]]


@pytest.mark.sqlite
@pytest.mark.parametrize("poison", sorted(POISONED))
def test_no_desk_is_made_of_a_file_that_is_not_a_whole_export(
    desk: Desk, tmp_path: Path, poison: str
) -> None:
    change, told = POISONED[poison]
    lines = io.BytesIO(exported(database_of(desk))).readlines()
    (tmp_path / "new").mkdir()
    with pytest.raises(BadExportError, match=told):
        imported(b"".join(change(lines)), tmp_path / "new" / "desk.db")
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.sqlite
def test_a_line_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("supportdesk.store.exchange.importer._LONGEST", 1 << 16)
    read = []

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            read.append(len(buffer))
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    with pytest.raises(BadExportError, match="line 1: it is longer than any line"):
        import_lines(io.BufferedReader(Endless()), str(tmp_path / "desk.db"))
    assert sum(read) < 1 << 20
    assert list(tmp_path.iterdir()) == []
