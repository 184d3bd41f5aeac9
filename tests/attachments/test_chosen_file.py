"""A file that somebody attaches has a plain name and the type that its content shows, or it is said why not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from supportdesk.attachments.chosen_file import read_files
from supportdesk.tickets.attached_file import MOST_BYTES, FileContent, find_fault


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
