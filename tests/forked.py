"""Processes of their own that start fast: forks of one that has imported the program already and has no threads."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from functools import cache
from multiprocessing.context import ForkServerContext
from typing import Any, NoReturn

_PRELOADED = [
    *(
        "supportdesk.cli.root",
        "supportdesk.desk",
        "supportdesk.store.database",
        "supportdesk.store.migrations",
    ),
    *("supportdesk.store.verification.verify", "supportdesk.tickets.decide", "supportdesk.watcher.tasks"),
    *("supportdesk.watcher.loop", "supportdesk.store.sqlite.restore", "supportdesk.store.sqlite.file_checks"),
    *("psycopg", "supportdesk.store.postgres.backend", "supportdesk.store.postgres.checks"),
    *("pytest", "tests.cli.prompt", "tests.faults.program", "tests.faults.watcher"),
    *("tests.store.desks", "tests.store.killed", "tests.store.writer"),
]


@cache
def fork_server() -> ForkServerContext:
    """Return what starts processes that have imported the program; what they run and get is pickled."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def run_until_killed(act: Callable[..., object], *arguments: object) -> None:
    """Run a function in a process of its own, which must `die` there. What it replaces is replaced there only."""
    assert was_killed(act, *arguments), "it was to be killed on the way"


def was_killed(act: Callable[..., object], *arguments: object) -> bool:
    """Run a function in a process of its own, and return whether it died there; it must not fail."""
    process = fork_server().Process(target=_run, args=(act, arguments, dict(os.environ)))
    process.start()
    process.join()
    assert process.exitcode in {0, -signal.SIGKILL}
    return process.exitcode != 0


def die(*_: Any, **__: Any) -> NoReturn:
    """Kill this process, in place of any function."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nothing runs after it")


def _run(act: Callable[..., object], arguments: tuple[object, ...], environment: dict[str, str]) -> None:
    os.environ.update(environment)
    act(*arguments)
    # What was replaced is not to be used on the way out.
    os._exit(0)
