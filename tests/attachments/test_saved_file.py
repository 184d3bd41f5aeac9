"""A file from outside is saved where the operator says, and nowhere else, whatever it is called."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from supportdesk.attachments.saved_file import save_file

HOSTILE = (
    "../../etc/passwd",
    "/etc/passwd",
    "..\\..\\evil.exe",
    "..",
    ".",
    "",
    "a\0b.txt",
    "exe.\u202efdp",
    "x" * 300 + ".pdf",
    "ä" * 300,
    "-rf",
    "~/x",
    "~root",
    "CON",
    "nul.txt",
    "COM1.pdf",
    "a\nb",
    "\x1b]0;title\x07x",
    "a:stream",
    ".bashrc",
    "\ud800.txt",
    "$(reboot)",
    "a/../../b",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_leaves_the_folder_or_can_be_executed(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    place = save_file(b"#!/bin/sh\n", name, folder)
    assert [*tmp_path.rglob("*")] == [tmp_path / "a", folder, place]
    assert place.parent == folder
    assert place.is_file()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert place.read_bytes() == b"#!/bin/sh\n"
    assert not place.name.startswith(("-", "~", "."))
    assert place.name.isprintable()
    assert len(place.name) <= 120


def test_nothing_is_overwritten_in_a_folder_or_as_a_file(tmp_path: Path) -> None:
    assert [save_file(each, "log.txt", tmp_path).name for each in (b"1", b"2", b"3")] == [
        "log.txt",
        "log (2).txt",
        "log (3).txt",
    ]
    with pytest.raises(FileExistsError):
        save_file(b"4", "log.txt", tmp_path / "log.txt")
    assert (tmp_path / "log.txt").read_bytes() == b"1"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "log.txt").symlink_to(tmp_path / "elsewhere")
    assert save_file(b"1", "log.txt", tmp_path).name == "log (2).txt"
    with pytest.raises(FileExistsError):
        save_file(b"1", "log.txt", tmp_path / "log.txt")
    assert not (tmp_path / "elsewhere").exists()


def test_the_name_that_the_operator_chose_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert save_file(b"1", "../x", "~/mine.txt") == tmp_path / "mine.txt"
    with pytest.raises(OSError, match="cannot contain a null byte"):
        save_file(b"1", "x", "a\0b")


@pytest.mark.parametrize("target", ["none/report.pdf", "none/", "none/below/"])
def test_a_folder_that_is_missing_is_not_made(target: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no "):
        save_file(b"1", "report.pdf", f"{tmp_path}/{target}")
    assert not [*tmp_path.iterdir()]
