"""Signals that end the console: the terminal is given back as it was, and the exit code tells which it was."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.terminal.conftest import PROGRAM, Command
from tests.terminal.tmux import Terminal, terminal

SCRIPT = """
stty -g > before
sh -c 'echo $$ > number; exec {program}' {redirection}
code=$?
stty -g > after
echo "code $code"
read answer
"""


NOISY = """
import os, warnings
from supportdesk.console.link import DeskLink
run = DeskLink.run
def run_loudly(self):
    os.write(2, b"NOISE on the descriptor")
    warnings.warn("NOISE as a warning")
    return run(self)
DeskLink.run = run_loudly
from supportdesk.cli import main
main()
"""


@contextmanager
def in_a_shell(
    environment: dict[str, str], home: Path, *, program: list[str] | None = None, redirection: str = ""
) -> Iterator[Terminal]:
    """The program as a shell starts it, in a folder where it notes its process and the terminal's settings."""
    script = home / "script.sh"
    script.write_text(SCRIPT.format(program=shlex.join(program or PROGRAM), redirection=redirection))
    tree = str(Path(__file__).resolve().parents[2])
    settings = {**environment, "PYTHONPATH": tree}
    with terminal(["sh", "-c", f"cd {home} && exec sh script.sh"], environment=settings) as screen:
        yield screen


def process_of(home: Path) -> int:
    return int((home / "number").read_text())


def assert_given_back(screen: Terminal, home: Path, code: int) -> None:
    shown = screen.wait_for(f"code {code}")
    assert "Traceback" not in shown
    assert (home / "after").read_text() == (home / "before").read_text()
    flags = screen.ask("#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{wrap_flag} #{bracket_paste_flag}")
    assert flags.split() in (["0", "1", "0", "1", "0"], ["0", "1", "0", "1"])


@pytest.mark.parametrize(
    "number",
    [signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM, signal.SIGINT],
    ids=lambda number: number.name,
)
def test_a_signal_gives_the_terminal_back_as_it_was(
    desk: Command, environment: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    with in_a_shell(environment, tmp_path) as screen:
        screen.wait_for("CRITICAL")
        os.kill(process_of(tmp_path), number)
        assert_given_back(screen, tmp_path, 128 + number)


def test_a_signal_ends_the_set_up_too(environment: dict[str, str], tmp_path: Path) -> None:
    own = {name: value for name, value in environment.items() if name != "SUPPORTDESK_DB"}
    with in_a_shell(own, tmp_path) as screen:
        screen.wait_for("Welcome to supportdesk", "enter go on")
        os.kill(process_of(tmp_path), signal.SIGINT)
        assert_given_back(screen, tmp_path, 130)


def test_errors_sent_to_a_file_take_nothing_from_the_screen(
    desk: Command, environment: dict[str, str], tmp_path: Path
) -> None:
    with in_a_shell(environment, tmp_path, redirection="2>errors") as screen:
        screen.wait_for("CRITICAL")
        screen.press("q")
        assert_given_back(screen, tmp_path, 0)
    assert (tmp_path / "errors").read_text() == ""


def test_what_a_library_writes_to_standard_error_does_not_reach_the_screen(
    desk: Command, environment: dict[str, str], tmp_path: Path
) -> None:
    noisy = tmp_path / "noisy.py"
    noisy.write_text(NOISY)
    with in_a_shell(environment, tmp_path, program=[PROGRAM[0], str(noisy)]) as screen:
        assert "NOISE" not in screen.wait_for("CRITICAL")
        screen.press("q")
        assert "NOISE" not in screen.wait_for("code 0")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_is_said_in_a_sentence(
    desk: Command, environment: dict[str, str], closed: str
) -> None:
    ran = subprocess.run(
        ["sh", "-c", f"{shlex.join(PROGRAM)} queue {closed}"],
        check=False,
        text=True,
        capture_output=True,
        env={**os.environ, **environment},
    )
    assert (ran.returncode == 1) == (closed == ">&-")
    assert "Traceback" not in ran.stderr
    assert ("standard output is closed" in ran.stderr) == (closed == ">&-")


@pytest.mark.parametrize("arguments", [["queue"], ["--help"], ["config", "--example"], ["staff", "roles"]])
def test_a_full_device_is_said_in_a_sentence(
    desk: Command, environment: dict[str, str], arguments: list[str]
) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [*PROGRAM, *arguments],
            check=False,
            text=True,
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, **environment},
        )
    assert ran.returncode == 1
    assert ran.stderr == "Error: the output cannot be written: No space left on device.\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
def test_what_an_encoding_lacks_is_written_in_letters(
    desk: Command, environment: dict[str, str], encoding: str
) -> None:
    ran = subprocess.run(
        [*PROGRAM, "staff", "roles"],
        check=False,
        capture_output=True,
        env={**os.environ, **environment, "PYTHONIOENCODING": encoding},
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.decode(encoding)
    assert b"Error" not in ran.stderr


@pytest.mark.parametrize("bad", ["deep", "number", "pipe", "folder", "theme", "remembered"])
def test_a_file_that_cannot_be_read_is_said_and_the_console_starts_all_the_same(
    desk: Command, environment: dict[str, str], tmp_path: Path, bad: str
) -> None:
    config = tmp_path / "settings" / "config.toml"
    config.parent.mkdir()
    deep = f"a = {'[' * 5000}{']' * 5000}\n"
    if bad == "deep":
        config.write_text(deep)
    elif bad == "number":
        config.write_text(f"theme = {'9' * 5000}\n")
    elif bad == "pipe":
        os.mkfifo(config)
    elif bad == "folder":
        config.mkdir()
    elif bad == "theme":
        (config.parent / "themes").mkdir()
        (config.parent / "themes" / "own.toml").write_text(deep)
    else:
        state = tmp_path / ".local" / "state" / "supportdesk"
        state.mkdir(parents=True)
        (state / "console.toml").write_text(deep)
    with in_a_shell({**environment, "SUPPORTDESK_CONFIG": str(config)}, tmp_path) as screen:
        screen.wait_for("CRITICAL", *([] if bad == "remembered" else ["Left out of your settings"]))
        screen.press("q")
        assert_given_back(screen, tmp_path, 0)
