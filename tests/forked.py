"""Processes that are killed while they do something: forks of this one, which has imported already what they need."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from typing import Any, NoReturn


def run_until_killed(act: Callable[..., object], *arguments: object) -> None:
    """Run a function in a process of its own, which must `die` there. What it replaces is replaced there only."""
    child = os.fork()
    if not child:
        try:
            act(*arguments)
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            # Nothing of this process is to be closed or written by its copy.
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, "it was to be killed on the way"


def die(*_: Any, **__: Any) -> NoReturn:
    """Kill this process, in place of any function."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nothing runs after it")
