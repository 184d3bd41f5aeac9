"""A filled desk for the real-terminal tests, and the program that opens it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.databases import address_at, copy_of
from tests.terminal.tmux import MISSING, Terminal, terminal

PROGRAM = [sys.executable, "-m", "supportdesk"]

Command = Callable[..., str]
Console = Callable[..., AbstractContextManager[Terminal]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if MISSING and item.path.is_relative_to(here):
            item.add_marker(pytest.mark.skip(reason="tmux is missing: install it to try a real terminal"))


@pytest.fixture
def environment(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A home of its own and a desk in it; no softphone of the test reaches anybody else's console."""
    runtime = tmp_path_factory.mktemp("run")
    runtime.chmod(0o700)
    home = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(runtime)}
    return {**home, "SUPPORTDESK_DB": address_at(tmp_path / "desk.db")}


@pytest.fixture
def supportdesk(environment: dict[str, str]) -> Command:
    """Runs the program's command line on the desk; what it prints."""

    def run(*arguments: str, check: bool = True) -> str:
        ran = subprocess.run(
            [*PROGRAM, *arguments],
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
        )
        assert not check or ran.returncode == 0, ran.stdout
        return ran.stdout

    return run


def fill(address: str) -> None:
    """Fill a desk with a demonstration, of which tests get copies."""
    arguments = ["--db", address, "demo", "--fill-only", "--tickets", "12"]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home}
        subprocess.run([*PROGRAM, *arguments], check=True, env=environment, stdout=subprocess.DEVNULL)


@pytest.fixture
def desk(supportdesk: Command, environment: dict[str, str], tmp_path: Path) -> Command:
    """The command line of a desk that is filled with a demonstration."""
    environment["SUPPORTDESK_DB"] = copy_of(fill, tmp_path / "desk.db")
    return supportdesk


@pytest.fixture
def console(environment: dict[str, str]) -> Console:
    """Opens the console on the desk in a terminal: `with console(width=80, height=24) as screen`."""

    def open_console(*arguments: str, width: int = 160, height: int = 50) -> AbstractContextManager[Terminal]:
        return terminal([*PROGRAM, *arguments], width=width, height=height, environment=environment)

    return open_console
