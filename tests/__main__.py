"""`python -m tests` runs every check and then the tests, and fails if any of them failed.

`--quick` runs only the tests that need neither a terminal nor minutes: 90 seconds on two idle cores. `--long` adds the
tests that take minutes each. Other arguments are passed to pytest. All checks run even if earlier ones failed; pytest's
summary line is printed last.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
PROGRAMS = {"tmux": "tmux"}
"""Programs that some tests need, and Debian's package for each."""

NEED_TERMINAL = ("tests/console", "tests/days", "tests/terminal", "tests/walker")
"""Folders whose tests draw the console; `--quick` leaves them out."""

SLOW = (
    "tests/demo",
    "tests/intake/servicenow/test_real_log.py",
    "tests/reports/test_board_adds_up.py",
    "tests/store/test_desk_machine.py",
    "tests/store/test_together.py",
    "tests/store/test_writers.py",
    "tests/test_check_runner.py",
    "tests/test_past.py",
    "tests/test_wheel.py",
)
"""Tests that need no terminal but many seconds; `--quick` leaves them out."""

OPTIONS = {
    # An empty expression selects every test, including the long ones.
    "--long": ("-m", ""),
    "--quick": tuple(f"--ignore={path}" for path in (*NEED_TERMINAL, *SLOW)),
}
"""The arguments of pytest for each option of this program."""

CHECKS = {
    "style": ["ruff", "check", "."],
    "layout": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "arrows": ["lint-imports"],
    "dependencies": ["deptry", "."],
    "unused code": ["vulture"],
}


def main() -> int:
    """Run everything and return the exit code."""
    if "--quick" not in sys.argv[1:]:
        install_programs()
    failed = [name for name, command in CHECKS.items() if not check(name, command)]
    return 1 if run_tests(sys.argv[1:], failed) or failed else 0


def install_programs() -> None:
    """Install the programs that are missing, as root where there is apt-get; tests that lack one are skipped."""
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        say("programs", f"{', '.join(missing)} missing: the tests that need it are skipped")
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
    )
    done = all(
        subprocess.run(step, check=False, env=quiet, stdout=subprocess.DEVNULL).returncode == 0
        for step in steps
    )
    say("programs", f"{', '.join(missing)} {'installed' if done else 'could not be installed'}")


def check(name: str, command: list[str]) -> bool:
    """Run one tool of this environment on the tree and return whether it passed; prints its output if not."""
    started = time.monotonic()
    ran = subprocess.run(
        [TOOLS / command[0], *command[1:]],
        cwd=TREE,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    passed = ran.returncode == 0
    if not passed:
        print(ran.stdout.rstrip())
    verdict = "passed" if passed else "FAILED"
    say(name, f"{' '.join(command)}: {verdict} in {time.monotonic() - started:.1f} s")
    return passed


def run_tests(arguments: list[str], failed: list[str]) -> int:
    """Run pytest with `arguments` and return its exit code; prints the `failed` checks before its summary line."""
    arguments = [part for each in arguments for part in OPTIONS.get(each, (each,))]
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *arguments]
    if sys.stdout.isatty():
        command.append("--color=yes")
    say("tests", " ".join(["pytest", *command[3:]]))
    closing = ""
    with subprocess.Popen(
        command, cwd=TREE, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as pytest:
        assert pytest.stdout is not None
        for line in pytest.stdout:
            print(closing, end="", flush=True)
            closing = line
    if failed:
        say("failed", ", ".join(failed))
    print(closing, end="", flush=True)
    return pytest.returncode


def say(name: str, what: str) -> None:
    """Print one labelled line."""
    print(f"{name:>12}  {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
