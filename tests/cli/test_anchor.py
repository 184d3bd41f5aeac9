"""`supportdesk anchor` and `supportdesk verify --anchor`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.prompt import Prompt


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "anchors")


def test_the_last_event_is_printed_as_verify_takes_it(ann: Prompt) -> None:
    ann.log()
    noted = ann.done("anchor")
    assert re.fullmatch(r"[0-9]+:[0-9a-f]{64}\n", noted)
    assert ann.done("verify", "--expect", noted.strip()).splitlines()[1] == f"Last event {noted.strip()}"


def test_a_file_of_anchors_grows_and_verify_compares_the_ledger_with_it(ann: Prompt, file: str) -> None:
    ref = ann.log()
    first = ann.done("anchor").strip()
    assert ann.done("anchor", file) == f"Noted event {first} in {file}.\n"
    ann.done("claim", ref)
    ann.done("anchor", file)
    second = ann.done("anchor").strip()
    assert Path(file).read_text() == f"{first}\n{second}\n"
    seq = second.partition(":")[0]
    told = f"It contains 2 anchors of {file}, the last at event {seq}."
    assert ann.done("verify", "--anchor", file).splitlines()[2] == told
    assert ann.done("verify", "--anchor", file, "--expect", first).splitlines()[2] == told


@pytest.mark.sqlite
def test_a_desk_that_was_rolled_back_contradicts_its_anchors(ann: Prompt, file: str, tmp_path: Path) -> None:
    ref = ann.log()
    ann.done("backup", str(tmp_path / "earlier.db"))
    ann.done("note", ref, "--text", "after the backup")
    ann.done("anchor", file)
    ann.done("restore", str(tmp_path / "earlier.db"), "--yes")
    before = Path(file).read_text()
    for line in (("verify", "--anchor", file), ("anchor", file)):
        answer = ann(*line)
        assert (answer.code, answer.out) == (1, "")
        assert "it was anchored in line 1, and the ledger ends at event 14: it was cut short" in answer.err
    assert "If the desk was restored from a backup, begin another file" in ann("anchor", file).err
    assert Path(file).read_text() == before


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "has no anchor; `supportdesk anchor FILE` writes one."),
        (f"1:{'a' * 64}\nyesterday\n", "line 2 has no anchor: each line has one"),
        (None, "cannot be read: No such file or directory."),
    ],
)
def test_a_file_without_anchors_is_a_bad_request(
    ann: Prompt, file: str, content: str | None, why: str
) -> None:
    if content is not None:
        Path(file).write_text(content)
    told = ann.refused("verify", "--anchor", file)
    assert told.startswith(f"Error: {file}")
    assert why in told


@pytest.mark.sqlite
def test_a_file_with_anything_else_is_left_alone(ann: Prompt) -> None:
    before = Path(ann.address).read_bytes()
    told = ann.refused("anchor", ann.address)
    assert "line 1 has no anchor" in told
    assert "Nothing was noted." in told
    assert Path(ann.address).read_bytes() == before


@pytest.mark.parametrize("place", ["", "missing/anchors"])
def test_a_place_that_cannot_be_written_is_named(ann: Prompt, tmp_path: Path, place: str) -> None:
    answer = ann("anchor", str(tmp_path / place))
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(f"Error: {tmp_path / place} cannot be written: ")


def test_a_system_log_that_nobody_reads_is_named(
    ann: Prompt, file: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("supportdesk.store.anchor_places.SYSTEM_LOG", tmp_path / "log")
    answer = ann("anchor", file, "--syslog")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.endswith(
        f"the system log {tmp_path / 'log'} cannot be written: No such file or directory.\n"
    )
    assert Path(file).read_text() == ""


def test_the_daily_verification_says_what_it_did_not_look_at(ann: Prompt, file: str) -> None:
    old = ann.log()
    ann.done("anchor", file)
    seq = ann.done("anchor").partition(":")[0]
    ref = ann.log()
    ann.done("claim", ref)
    told = ann.done("verify", "--since", seq, "--anchor", file).splitlines()
    assert told[0] == f"The ledger is intact since event {seq}: 3 events, 1 ticket."
    assert told[3] == (
        f"Not checked: events up to {seq} that change no record, 1 ticket without an event since, the file and the"
        " search indexes."
    )
    ann.done("note", old, "--text", "one more")
    last = ann.done("verify", "--since", str(int(seq) + 1), "--anchor", file).splitlines()[-1]
    assert last.endswith(f", and whether event {int(seq) + 1} is the right one (no anchor is behind it).")


def test_an_event_from_which_nothing_can_be_verified_is_a_failure(ann: Prompt) -> None:
    answer = ann("verify", "--since", "1000000")
    assert (answer.code, answer.out) == (1, "")
    assert "event 1,000,000: it is not there" in answer.err
    assert "is not in the range" in ann.refused("verify", "--since", "-1")
