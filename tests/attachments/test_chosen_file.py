"""A file that somebody attaches has a plain name and the type that its content shows, or it is said why not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from supportdesk.attachments import chosen_file
from supportdesk.attachments.chosen_file import read_files
from supportdesk.tickets.attached_file import MOST_BYTES, MOST_FILES, FileContent, find_fault


def test_files_have_their_names_and_the_types_of_their_contents(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name, content in (("guide.pdf", b"%PDF-1.7"), ("a/guide.pdf", b"words"), ("-rf\x1b[2J", b"MZ")):
        (tmp_path / name).write_bytes(content)
    files = read_files([tmp_path / "guide.pdf", tmp_path / "a" / "guide.pdf", str(tmp_path / "-rf\x1b[2J")])
    assert files == (
        FileContent("guide.pdf", "application/pdf", b"%PDF-1.7"),
        FileContent("guide (2).pdf", "text/plain", b"words"),
        FileContent("_rf", "application/x-executable", b"MZ"),
    )
    assert find_fault(files) == ""


def test_what_cannot_be_attached_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large").open("wb") as large:
        large.truncate(MOST_BYTES + 1)
    for name, reason in (
        ("none", "No such file or directory"),
        ("empty", "it is empty"),
        ("pipe", "it is a pipe or a device, not a file"),
        ("large", "it has more than 10 MB"),
        (".", "it is a folder"),
    ):
        with pytest.raises(OSError, match=reason) as raised:
            read_files([tmp_path / name])
        assert raised.value.filename == str(tmp_path / name)


def test_nothing_is_read_of_files_that_are_too_many_or_too_large_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path, limit: int) -> bytes:
        raise AssertionError(path)

    monkeypatch.setattr(chosen_file, "read_bytes", read)
    for number in range(MOST_FILES + 1):
        (tmp_path / f"{number}").write_bytes(b"x")
    with pytest.raises(OSError, match=f"a reply has at most {MOST_FILES} attachments"):
        read_files([tmp_path / f"{number}" for number in range(MOST_FILES + 1)])
    for number in (1, 2):
        with (tmp_path / f"{number}").open("wb") as file:
            file.truncate(MOST_BYTES // 2 + 1)
    with pytest.raises(OSError, match="have at most 10 MB together") as raised:
        read_files([tmp_path / "0", tmp_path / "1", tmp_path / "2"])
    assert raised.value.filename == str(tmp_path / "2")


def test_a_file_that_grew_since_it_was_measured_is_not_read_beyond_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chosen_file, "_check_sizes", lambda paths: None)
    for name in "ab":
        with (tmp_path / name).open("wb") as file:
            file.truncate(MOST_BYTES // 2 + 1)
    with pytest.raises(OSError, match="have at most 10 MB together"):
        read_files([tmp_path / "a", tmp_path / "b"])


def test_long_names_that_are_the_same_get_numbers_and_stay_short(tmp_path: Path) -> None:
    name = f"{'x' * 116}.pdf"
    for folder in "abc":
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(b"%PDF-1.7")
    files = read_files([tmp_path / folder / name for folder in "abc"])
    assert find_fault(files) == ""
    assert files[0].name == name
    assert [each.name[-8:] for each in files[1:]] == [" (2).pdf", " (3).pdf"]
