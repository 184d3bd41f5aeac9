"""`supportdesk export` and `supportdesk import jsonl`: what they say, and what they leave."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from supportdesk.store.backend import Work
from supportdesk.store.postgres.transactions import Transactions as PostgresTransactions
from supportdesk.store.sqlite.transactions import Transactions as SqliteTransactions
from tests import databases
from tests.cli.prompt import Prompt
from tests.databases import address_at

T = TypeVar("T")


def test_a_desk_that_was_exported_is_imported_elsewhere(ann: Prompt, tmp_path: Path) -> None:
    ref = ann.log()
    file, again = tmp_path / "desk.jsonl", address_at(tmp_path / "again.db")
    told = ann.done("export", str(file))
    point = told.splitlines()[-1]
    assert told.startswith(f"{file} contains ")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    moved = replace(ann, address=again)
    assert moved.done("import", "jsonl", str(file)) == (
        f"The desk is at {again}: {json.loads(file.read_bytes().splitlines()[0])['head'].split(':')[0]} events,"
        f" 1 ticket.\n{point}\n"
    )
    assert moved.ticket(ref) == ann.ticket(ref)
    assert point in moved.done("verify", "--expect", point)


def test_an_export_goes_through_a_pipe(ann: Prompt, tmp_path: Path) -> None:
    ann.log()
    answer = ann("export", "-")
    assert answer.code == 0
    events = answer.out.count('"type":"event"')
    assert answer.err.startswith(f"{events} events. Last event {events}:")
    moved = replace(ann, address=address_at(tmp_path / "again.db"))
    assert "1 ticket." in moved.done("import", "jsonl", "-", stdin=answer.out.encode())


def test_no_file_is_overwritten_and_no_folder_is_made(ann: Prompt, tmp_path: Path) -> None:
    file = tmp_path / "desk.jsonl"
    file.write_text("mine")
    assert f"{file} already exists; give the name of a new file." in ann.refused("export", str(file))
    assert file.read_text() == "mine"
    nowhere = tmp_path / "none" / "desk.jsonl"
    assert f"there is no folder {nowhere.parent}" in ann.refused("export", str(nowhere))
    assert not nowhere.parent.exists()


def test_no_desk_is_imported_over_another(ann: Prompt, tmp_path: Path) -> None:
    file = tmp_path / "desk.jsonl"
    ann.done("export", str(file))
    ref = ann.log()
    told = ann.refused("import", "jsonl", str(file))
    assert (
        f"There is a desk at {ann.address} already: choose another place for the new one with --db." in told
    )
    assert ann.ticket(ref)


def test_a_file_that_is_not_whole_makes_no_desk(ann: Prompt, tmp_path: Path) -> None:
    file = tmp_path / "desk.jsonl"
    ann.done("export", str(file))
    file.write_bytes(file.read_bytes()[:-1])
    moved = replace(ann, address=address_at(tmp_path / "again.db"))
    told = moved.refused("import", "jsonl", str(file))
    assert "the file ends here, before its last line: it was cut off, export the desk again." in told
    assert "No desk was created." in told
    assert sorted(each.name for each in tmp_path.iterdir() if "again" in each.name) == []
    assert "cannot be read: No such file" in moved.refused("import", "jsonl", str(tmp_path / "none"))
    assert "cannot be read: Is a directory" in moved.refused("import", "jsonl", str(tmp_path))


def test_a_desk_that_had_to_be_read_twice_is_written_once(
    ann: Prompt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind: Any = SqliteTransactions if databases.chosen_kind() == databases.SQLITE else PostgresTransactions
    read_once: Callable[..., object] = kind.read

    def read_twice(self: object, work: Work[T]) -> T:
        read_once(self, work)
        return read_once(self, work)  # type: ignore[return-value]

    ann.done("export", str(tmp_path / "once.jsonl"))
    monkeypatch.setattr(kind, "read", read_twice)
    ann.done("export", str(tmp_path / "twice.jsonl"))
    assert (tmp_path / "once.jsonl").read_bytes() == (tmp_path / "twice.jsonl").read_bytes()
    answer = ann("export", "-")
    assert answer.code == 1
    assert "the desk could not be read to its end: try again" in answer.err
