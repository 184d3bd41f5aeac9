"""Secrets are read where only their owner can read them, and are in no message."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportdesk.access.secret import Secret, SetupError
from supportdesk.access.token import read_token


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a secret, for its owner only."""
    path = tmp_path / "password"
    path.write_text("hunter2\n")
    path.chmod(0o600)
    return path


def test_a_secret_is_read_each_time_without_its_line_end(file: Path) -> None:
    secret = Secret(file)
    assert secret.read() == "hunter2"
    file.write_text("changed")
    assert secret.read() == "changed"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o601])
def test_a_file_that_others_can_use_is_refused_with_the_command_that_mends_it(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(SetupError, match=f"{file} can be used by others; run `chmod 600 {file}`"):
        Secret(file).read()


def test_a_file_that_is_missing_empty_or_a_folder_is_named(file: Path, tmp_path: Path) -> None:
    for path, why in ((tmp_path / "none", "No such file"), (tmp_path, "it is a folder")):
        with pytest.raises(SetupError, match=f"{path} cannot be read: {why}"):
            Secret(path).read()
    file.write_text(" \n")
    with pytest.raises(SetupError, match=f"{file} is empty or missing"):
        Secret(file).read()


@pytest.mark.parametrize("content", [b"hunter2\nX-Evil: 1", b"hunter2\x1b[0m", b"hunter2\xff"])
def test_a_secret_is_one_line_and_is_not_quoted(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(SetupError) as raised:
        Secret(file).read()
    assert "hunter2" not in str(raised.value)


def test_a_secret_can_be_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_PASSWORD", "hunter2")
    assert Secret(variable="DESK_PASSWORD").read() == "hunter2"
    monkeypatch.delenv("DESK_PASSWORD")
    with pytest.raises(SetupError, match="the environment variable DESK_PASSWORD is empty or missing"):
        Secret(variable="DESK_PASSWORD").read()


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("true", "printed no token"),
        ("echo two words", "printed no token"),
        ("printf '\\033'", "printed no token"),
    ],
)
def test_what_is_no_token_is_refused_and_not_quoted(script: str, why: str) -> None:
    with pytest.raises(SetupError, match=f"token_command /bin/sh {why}"):
        read_token(["/bin/sh", "-c", script])


def test_a_token_program_that_is_missing_is_named() -> None:
    with pytest.raises(SetupError, match="token_command /no/such cannot be started: No such file"):
        read_token(["/no/such"])


def test_a_long_token_is_read_whole() -> None:
    assert len(read_token(["/bin/sh", "-c", "head -c 9000 /dev/zero | tr '\\0' x"])) == 9000
