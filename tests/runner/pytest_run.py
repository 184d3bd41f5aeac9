"""A run of pytest: how many processes it has, where its files are, and what the quick run leaves out."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.runner import TREE, say

NEED_TERMINAL = ("tests/bench", "tests/console", "tests/days", "tests/terminal", "tests/walker")
"""Folders whose tests draw the console; the quick run does not even load them."""

MEMORY = Path("/dev/shm")
"""The folder whose files Linux keeps in memory."""
ROOM = 4 << 30
"""Bytes that must be free there; the files of a run take a tenth of it."""

WORKERS = "3"
"""How many processes run the tests: one more than two cores, since at times a test waits for others."""
QUICK = (
    # Each process loads all tests first, and these seldom wait for others.
    *("-n", "2"),
    *("--database", "sqlite"),
    *("-m", "not slow and not long"),
    *(f"--ignore={path}" for path in NEED_TERMINAL),
)
"""The arguments of the quick run, in which every desk is a file."""


class PytestRun(NamedTuple):
    """The exit code of pytest, and its last line with its newline."""

    exit_code: int
    closing: str


def run_pytest(
    arguments: Sequence[str],
    *,
    python: str | Path = sys.executable,
    on_disk: bool = False,
    variables: Mapping[str, str] | None = None,
) -> PytestRun:
    """Run the tests with a Python and print all but the last line.

    Their files are on the disk, or in memory where there is room; `variables` are added to their environment.
    """
    command = [str(python), "-m", "pytest", "-n", WORKERS, "--dist", "loadgroup", *arguments]
    if sys.stdout.isatty():
        command.append("--color=yes")
    say("tests", " ".join(["pytest", *command[3:]]))
    closing = ""
    with subprocess.Popen(
        command,
        cwd=TREE,
        env=environment(variables or {}, on_disk=on_disk),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as pytest:
        assert pytest.stdout is not None
        for line in pytest.stdout:
            print(closing, end="", flush=True)
            closing = line
    return PytestRun(pytest.returncode, closing)


def environment(variables: Mapping[str, str], *, on_disk: bool) -> dict[str, str]:
    """Return the environment of pytest: that of this process goes before `variables`.

    Compiled modules are kept, since tests start the program hundreds of times. The files of the tests are in memory, so
    that tests do not wait for a disk, unless they are to be on it.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    in_memory = {} if on_disk or not has_room(MEMORY) else {"TMPDIR": str(MEMORY)}
    return {**in_memory, **variables, **kept}


def has_room(folder: Path) -> bool:
    """Return whether the tests can have their files in `folder`, some of which are programs."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    return (
        found.f_bavail * found.f_frsize >= ROOM
        and not found.f_flag & os.ST_NOEXEC
        and os.access(folder, os.W_OK)
    )
