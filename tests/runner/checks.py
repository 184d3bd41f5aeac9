"""The checks of the tree by tools of its environment."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.runner import TREE, say

TOOLS = Path(sys.executable).parent

CHECKS = {
    "style": ["ruff", "check", "."],
    "layout": ["ruff", "format", "--check", "."],
    "arrows": ["lint-imports"],
    "dependencies": ["deptry", "."],
    "unused code": ["vulture"],
}
TYPES = {"types": ["mypy"]}
"""The check that takes half a minute the first time: the tests need not wait for it."""


class Check(NamedTuple):
    """What a check printed, whether it passed, and how many seconds it took."""

    printed: str
    passed: bool
    seconds: float


@contextmanager
def checks_running() -> Iterator[list[str]]:
    """Run every check, beside each other, and the slowest of them beside the block; report each.

    The list has the names of those that failed, at the end of the block that of the slowest as well.
    """
    with ThreadPoolExecutor(len(CHECKS) + len(TYPES)) as pool:
        types, checks = (
            {name: pool.submit(check, command) for name, command in group.items()}
            for group in (TYPES, CHECKS)
        )
        failed = [name for name, running in checks.items() if not report(name, running.result())]
        yield failed
        failed += [name for name, running in types.items() if not report(name, running.result())]


def check(command: list[str]) -> Check:
    """Run one tool of this environment on the tree."""
    started = time.monotonic()
    ran = subprocess.run(
        [TOOLS / command[0], *command[1:]],
        cwd=TREE,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return Check(ran.stdout.rstrip(), ran.returncode == 0, time.monotonic() - started)


def report(name: str, done: Check) -> bool:
    """Print the verdict of a check, after what it printed if it failed; return whether it passed."""
    if not done.passed:
        print(done.printed)
    say(name, f"{'passed' if done.passed else 'FAILED'} in {done.seconds:.1f} s")
    return done.passed
