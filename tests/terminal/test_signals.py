"""Signals that end the console: the terminal is restored, and the exit code names the signal."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.patience import wait_for
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
import os, threading, time, warnings
from pathlib import Path
def be_loud():
    while not os.path.exists("be-loud"):
        time.sleep(0.02)
    os.write(2, b"NOISE on the descriptor")
    warnings.warn("NOISE as a warning")
    os.unlink("be-loud")
threading.Thread(target=be_loud, daemon=True).start()
from supportdesk.cli import main
main()
"""


HURRIED = """
import os, select, termios
from supportdesk.console.terminal.driver import TerminalDriver

discard, resume = termios.tcflush, TerminalDriver.resume_application_mode

def note():
    os.close(os.open("takes-it-again", os.O_CREAT))

def discard_a_key(descriptor, queue):
    if not os.path.exists("takes-it-again"):
        note()
        select.select([descriptor], [], [])
    discard(descriptor, queue)

def note_and_resume(driver):
    note()
    resume(driver)

termios.tcflush, TerminalDriver.resume_application_mode = discard_a_key, note_and_resume
from supportdesk.cli import main
main()
"""
"""A console that reports when it takes the terminal again, and discards no key before."""

WHOLE = ("supportdesk", "CRITICAL", "CHANGE REQUEST", "commands")
"""What stands on all parts of the console's screen: its header, the queue from top to bottom, the key bar."""


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


def state_of(number: int) -> str:
    """The state of a process: `T` while it is stopped, nothing once it is gone."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def assert_given_back(screen: Terminal, home: Path, code: int) -> None:
    shown = screen.wait_for(f"code {code}")
    assert "Traceback" not in shown
    assert (home / "after").read_text() == (home / "before").read_text()
    flags = screen.ask("#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{wrap_flag} #{bracket_paste_flag}")
    assert flags.split() in (["0", "1", "0", "1", "0"], ["0", "1", "0", "1"])


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGHUP,
        signal.SIGTERM,
        *(
            pytest.param(each, marks=pytest.mark.long)
            for each in (signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGINT)
        ),
    ],
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
        screen.wait_for("Welcome to supportdesk", "enter continue")
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
        before = screen.wait_for(*WHOLE)
        (tmp_path / "be-loud").touch()
        wait_for(lambda: not (tmp_path / "be-loud").exists(), lambda: "it is not loud")
        screen.press("j")
        assert "NOISE" not in screen.wait_until(
            lambda shown: shown if shown != before else None, "another line"
        )
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


@pytest.mark.parametrize(
    "arguments",
    [
        ["queue"],
        *(
            pytest.param(each, marks=pytest.mark.long)
            for each in (["--help"], ["config", "--example"], ["staff", "roles"])
        ),
    ],
)
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


@pytest.mark.parametrize(
    "encoding", ["ascii", *(pytest.param(each, marks=pytest.mark.long) for each in ("latin-1", "cp437"))]
)
def test_what_an_encoding_lacks_is_written_in_letters(
    desk: Command, environment: dict[str, str], encoding: str
) -> None:
    desk("organisation", "add", "Smith – “Jones” …")

    def customers(letters: str) -> str:
        ran = subprocess.run(
            [*PROGRAM, "organisation", "list"],
            check=False,
            capture_output=True,
            env={**os.environ, **environment, "PYTHONIOENCODING": letters},
        )
        assert (ran.returncode, ran.stderr) == (0, b"")
        # ASCII is held for a mistake by click, which then writes UTF-8.
        return ran.stdout.decode("utf-8" if letters == "ascii" else letters)

    assert "Smith – “Jones” …" in customers("utf-8")
    lacking = "Smith – “Jones” …" if encoding == "ascii" else 'Smith - "Jones" ...'
    assert lacking in customers(encoding)


OPENED = """
import os
from supportdesk.cli.streams import prepare_streams
prepare_streams()
print(os.open(os.devnull, os.O_RDONLY))
"""


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- 2>&-"])
def test_no_file_gets_the_number_of_a_stream_that_was_closed(closed: str) -> None:
    ran = subprocess.run(
        ["sh", "-c", f"{shlex.join([PROGRAM[0], '-c', OPENED])} {closed}"],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert int(ran.stdout) > 2


@pytest.mark.parametrize(
    "bad",
    [
        "deep",
        "remembered",
        *(pytest.param(each, marks=pytest.mark.long) for each in ("number", "pipe", "folder", "theme")),
    ],
)
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
        screen.wait_for("CRITICAL", *([] if bad == "remembered" else ["Ignored in your settings"]))
        screen.press("q")
        assert_given_back(screen, tmp_path, 0)


@pytest.fixture
def shell(desk: Command, environment: dict[str, str], tmp_path: Path) -> Iterator[Terminal]:
    """A shell with job control, in which the console is opened."""
    settings = {
        **environment,
        "PS1": "shell> ",
        "ENV": "",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    with terminal(["sh", "-c", f"cd {tmp_path} && exec sh -i"], environment=settings) as screen:
        screen.wait_for("shell>")
        screen.type(f"sh -c 'echo $$ > number; exec {shlex.join(PROGRAM)}'")
        screen.press("Enter")
        screen.wait_for(*WHOLE)
        yield screen


def use_the_shell(screen: Terminal) -> None:
    """See that the terminal is the shell's: it echoes, reads lines, and nothing draws over it."""
    screen.wait_until(lambda shown: "shell>" in shown and "CRITICAL" not in shown, "the shell's prompt")
    assert screen.ask("#{alternate_on} #{cursor_flag} #{mouse_any_flag}") == "0 1 0"
    screen.type("stty -a | tr ' ' '\\n' | grep -x -e icanon -e echo -e isig | sort | xargs echo it is")
    screen.press("Enter")
    screen.wait_for("it is echo icanon isig")


def go_on(screen: Terminal) -> None:
    """Have the shell let the console go on, and see that it is drawn whole and hears keys."""
    screen.type("fg")
    screen.press("Enter")
    screen.wait_for(*WHOLE, without="shell>")
    screen.press("?")
    screen.wait_for("The ticket under the cursor")
    screen.press("Escape")
    screen.wait_for(*WHOLE, without="The ticket under the cursor")


@pytest.mark.parametrize("how", ["by a key", pytest.param("by a signal", marks=pytest.mark.long)])
def test_a_console_that_is_stopped_leaves_the_terminal_to_the_shell_and_is_drawn_again(
    shell: Terminal, tmp_path: Path, how: str
) -> None:
    for _ in range(2):
        if how == "by a key":
            shell.press("C-z")
        else:
            os.kill(process_of(tmp_path), signal.SIGTSTP)
        use_the_shell(shell)
        go_on(shell)
    shell.press("q")
    use_the_shell(shell)


def test_a_console_in_the_background_leaves_the_terminal_to_the_shell(
    shell: Terminal, tmp_path: Path
) -> None:
    shell.press("C-z")
    use_the_shell(shell)
    for _ in range(4):
        shell.type("bg")
        shell.press("Enter")
        wait_for(lambda: state_of(process_of(tmp_path)) == "T", lambda: "it goes on in the background")
        use_the_shell(shell)
    go_on(shell)
    shell.press("q")
    use_the_shell(shell)


def test_a_form_that_is_open_is_drawn_again_with_what_was_typed(shell: Terminal, tmp_path: Path) -> None:
    shell.press("N")
    shell.wait_for("Log a request")
    shell.type("Calder")
    shell.wait_for("Calder", "Log a request")
    os.kill(process_of(tmp_path), signal.SIGTSTP)
    use_the_shell(shell)
    shell.type("fg")
    shell.press("Enter")
    shell.wait_for("Calder", "Log a request", without="shell>")
    shell.type(" Textiles")
    shell.wait_for("Calder Textiles")


def test_a_console_that_no_shell_could_continue_is_not_stopped(
    desk: Command, environment: dict[str, str], tmp_path: Path
) -> None:
    with in_a_shell(environment, tmp_path) as screen:
        screen.wait_for(*WHOLE)
        screen.press("C-z")
        os.kill(process_of(tmp_path), signal.SIGTSTP)
        screen.press("?")
        screen.wait_for("The ticket under the cursor")
        screen.press("Escape", "q")
        assert_given_back(screen, tmp_path, 0)


@pytest.mark.parametrize("times", [1, pytest.param(3, marks=pytest.mark.long)])
def test_a_console_that_was_halted_and_let_go_on_gives_the_terminal_back_as_it_was(
    desk: Command, environment: dict[str, str], tmp_path: Path, times: int
) -> None:
    with in_a_shell(environment, tmp_path) as screen:
        screen.wait_for(*WHOLE)
        for _ in range(times):
            os.kill(process_of(tmp_path), signal.SIGSTOP)
            wait_for(lambda: state_of(process_of(tmp_path)) == "T", lambda: "it is not halted")
            os.kill(process_of(tmp_path), signal.SIGCONT)
        screen.press("?")
        screen.wait_for("The ticket under the cursor")
        screen.press("Escape", "q")
        assert_given_back(screen, tmp_path, 0)


def test_a_key_typed_while_a_halted_console_takes_the_terminal_again_is_not_lost(
    desk: Command, environment: dict[str, str], tmp_path: Path
) -> None:
    hurried = tmp_path / "hurried.py"
    hurried.write_text(HURRIED)
    with in_a_shell(environment, tmp_path, program=[PROGRAM[0], str(hurried)]) as screen:
        screen.wait_for(*WHOLE)
        os.kill(process_of(tmp_path), signal.SIGSTOP)
        wait_for(lambda: state_of(process_of(tmp_path)) == "T", lambda: "it is not halted")
        os.kill(process_of(tmp_path), signal.SIGCONT)
        wait_for((tmp_path / "takes-it-again").exists, lambda: "it does not take the terminal again")
        screen.press("?")
        screen.wait_for("The ticket under the cursor")
        screen.press("Escape", "q")
        assert_given_back(screen, tmp_path, 0)


def test_a_terminal_that_hangs_up_ends_a_console_that_is_stopped(shell: Terminal, tmp_path: Path) -> None:
    number = process_of(tmp_path)
    shell.press("C-z")
    use_the_shell(shell)
    shell.close()
    wait_for(lambda: state_of(number) in {"", "Z"}, lambda: "it goes on without a terminal")
