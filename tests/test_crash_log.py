"""The crash log: where an error happened, readable by its owner alone, and nobody's words in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportdesk import crash_log
from supportdesk.crash_log import write_crash

SECRET = "Jo Park, +44 20 7946 0018"


def failed(text: str) -> BaseException:
    try:
        try:
            raise KeyError(text)
        except KeyError as error:
            raise ValueError(f"no contact {text}") from error
    except ValueError as error:
        return error


def test_it_shows_where_it_happened_and_what_led_to_it_without_a_word_of_anybody(tmp_path: Path) -> None:
    told = write_crash(failed(SECRET), tmp_path)
    log = (tmp_path / "crash.log").read_text()
    assert "builtins.ValueError" in log
    assert "builtins.KeyError" in log
    assert "in failed" in log
    assert SECRET not in told + log
    assert str(tmp_path / "crash.log") in told


def test_only_its_owner_may_read_it_even_where_it_was_open_before(tmp_path: Path) -> None:
    path = tmp_path / "crash.log"
    path.touch(mode=0o644)
    write_crash(failed("x"), tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_one_account_follows_another_until_the_log_is_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        write_crash(failed("x"), tmp_path)
    assert (tmp_path / "crash.log").read_text().count("builtins.ValueError") == 2
    monkeypatch.setattr(crash_log, "LARGEST", 10)
    write_crash(None, tmp_path)
    assert "ValueError" not in (tmp_path / "crash.log").read_text()


def test_an_error_of_the_system_is_reported_by_its_number(tmp_path: Path) -> None:
    write_crash(FileNotFoundError(2, "No such file", f"/home/{SECRET}"), tmp_path)
    log = (tmp_path / "crash.log").read_text()
    assert "builtins.FileNotFoundError (2)" in log
    assert SECRET not in log


def test_a_log_that_cannot_be_written_says_so_and_raises_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = write_crash(failed(SECRET), tmp_path / "file")
    assert "supportdesk stopped: ValueError" in told
    assert "cannot be written" in told
