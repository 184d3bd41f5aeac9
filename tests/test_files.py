"""Reading and replacing small files: nothing is waited for, and nothing is half written."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from supportdesk.files import create_file, expand, is_there, make_folder, read_bytes, replace_file


def test_a_pipe_a_folder_or_a_device_is_no_file_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, reason in (
        (tmp_path / "pipe", "it is a pipe or a device"),
        (tmp_path, "it is a folder"),
        (Path("/dev/zero"), "it is a pipe or a device"),
    ):
        with pytest.raises(OSError, match=reason):
            read_bytes(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(OSError, match="more than 4 MiB"):
        read_bytes(tmp_path / "huge")


@pytest.mark.parametrize(
    ("name", "reason"),
    [("~nobody-of-this-name/x", "there is no user 'nobody-of-this-name'"), ("a\0b", "null byte")],
)
def test_a_name_that_none_can_have_is_said_in_words(name: str, reason: str) -> None:
    with pytest.raises(OSError, match=reason) as caught:
        expand(name)
    assert caught.value.strerror


@pytest.mark.parametrize("name", ["n" * 300, "a\0b", "file/below"])
def test_a_name_that_cannot_be_looked_up_is_not_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    assert not is_there(tmp_path / name)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_new_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        create_file(tmp_path / "created", b"x")
        replace_file(tmp_path / "replaced", b"x")
    finally:
        os.umask(before)
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("created", "replaced")} == {0o600}


def test_new_folders_are_their_owners_alone_and_those_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    before = os.umask(0)
    try:
        make_folder(tmp_path / "a" / "b")
        make_folder(tmp_path / "a" / "b")
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in (".", "a", "a/b")]
    assert modes == [0o755, 0o700, 0o700]


def test_a_folder_that_is_missing_is_named_and_not_made_for_a_new_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "a" / "b", tmp_path / "file"):
        with pytest.raises(FileNotFoundError, match=f"there is no folder {folder}; make it"):
            create_file(folder / "new", b"x")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_file_that_is_there_is_not_created_again(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    (tmp_path / "file").write_bytes(b"theirs")
    for name in ("file", "link"):
        with pytest.raises(FileExistsError):
            create_file(tmp_path / name, b"ours")
    assert (tmp_path / "file").read_bytes() == b"theirs"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link"]


def test_a_symbolic_link_is_followed_and_stays_a_link_and_the_mode_stays(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "config.toml"
    real.parent.mkdir()
    real.write_bytes(b"before")
    real.chmod(0o640)
    (tmp_path / "hop").symlink_to("dotfiles/config.toml")
    (tmp_path / "config.toml").symlink_to("hop")
    replace_file(tmp_path / "config.toml", b"after")
    assert (tmp_path / "config.toml").is_symlink()
    assert (tmp_path / "hop").is_symlink()
    assert real.read_bytes() == b"after"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_symbolic_links_in_a_circle_are_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match=r"circle|symbolic links"):
        replace_file(tmp_path / "a", b"x")


def test_a_file_that_cannot_be_written_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "config.toml"
    path.write_bytes(b"before")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, b"after")
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_what_killed_writers_left_is_removed_and_what_is_being_written_stays(tmp_path: Path) -> None:
    path = tmp_path / "desk[1].db"
    old, young, other = (
        tmp_path / name
        for name in (".desk[1].db.00112233.new", ".desk[1].db.44556677.new", ".x.db.00112233.new")
    )
    for each in (old, young, other):
        each.touch()
    for each in (old, other):
        os.utime(each, (time.time() - 3600,) * 2)
    replace_file(path, b"x")
    assert not old.exists()
    assert young.exists()
    assert other.exists()
