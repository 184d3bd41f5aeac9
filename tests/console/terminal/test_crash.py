"""What the operator sees of an unexpected error."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import cast

import pytest

from supportdesk.console.app import Console
from supportdesk.desk_api import DeskApi
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import running
from tests.console.harness.dialog import until
from tests.event_loop import Gate

SECRET = "the customer's own words"


def fail(text: str) -> None:
    """Raise an error with private data in a local variable."""
    assert text
    raise ZeroDivisionError(text)


async def run(console: Console) -> None:
    """Run a console until it ends by itself."""
    async with console.run_test() as pilot:
        await until(pilot, lambda: console._exception is not None)


async def test_a_crash_shows_where_the_log_is_and_no_customers_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    console = Console(lambda: cast(DeskApi, fail(SECRET)), username="ann", name="desk@test")
    with pytest.raises(ZeroDivisionError):
        await run(console)
    assert console.return_code == 1
    told = capsys.readouterr().err
    assert "supportdesk stopped: ZeroDivisionError" in told
    log = (tmp_path / "supportdesk" / "crash.log").read_text()
    assert "ZeroDivisionError" in log
    assert "in fail" in log
    assert SECRET not in log + told


async def run_into_another_error(console: Console) -> None:
    """Run a console until it fails, and raise another error while it exits."""
    async with console.run_test() as pilot:
        await until(pilot, lambda: console._crash is not None)
        console._handle_exception(LookupError(SECRET))


async def test_errors_that_follow_the_first_are_only_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    console = Console(lambda: cast(DeskApi, fail(SECRET)), username="ann", name="desk@test")

    with pytest.raises(ZeroDivisionError):
        await run_into_another_error(console)
    told = capsys.readouterr().err
    assert "textual run" not in told
    assert "LookupError" not in told
    assert "LookupError" in (tmp_path / "supportdesk" / "crash.log").read_text()


async def test_quitting_during_a_read_is_no_crash() -> None:
    reading, over = threading.Event(), Gate()

    def read() -> None:
        reading.set()
        over.wait()

    async with running(morning_desk()) as it:

        async def wait_for_it() -> None:
            await it.app.run_worker(read, thread=True).wait()

        it.app.run_worker(wait_for_it())
        await it.until(reading.is_set)
        it.app.workers.cancel_all()
        over.open()
        await it.pilot.pause()
        assert it.app._crash is None
        it.app.exit(return_code=130)
    assert it.app.return_code == 130


async def test_cancelled_work_is_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with running(morning_desk()) as it:
        it.app.exit(return_code=0)
        it.app._handle_exception(LookupError(SECRET))
    assert it.app.return_code == 0
    assert "stopped" not in capsys.readouterr().err
    assert "LookupError" in (tmp_path / "supportdesk" / "crash.log").read_text()


async def test_what_a_callback_raises_is_logged_and_its_words_are_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    log = tmp_path / "supportdesk" / "crash.log"
    async with running(morning_desk()) as it:
        asyncio.get_running_loop().call_soon(fail, SECRET)
        await it.until(log.exists)
    assert "in fail" in log.read_text()
    assert SECRET not in log.read_text() + caplog.text
