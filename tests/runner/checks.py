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
    "types": ["mypy"],
}
"""The quick ones first."""


class Check(NamedTuple):
    """What a check printed, whether it passed, and how many seconds it took."""

    printed: str
    passed: bool
    seconds: float


@contextmanager
def checks_running() -> Iterator[list[str]]:
    """Run every check, one after the other, beside the block; report each as it ends.

    The list has the names of those that failed, at the end of the block of all.
    """
    failed: list[str] = []

    def run() -> None:
        failed.extend(name for name, command in CHECKS.items() if not report(name, check(command)))

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        yield failed
        running.result()


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
