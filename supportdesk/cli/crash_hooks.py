"""Errors that nothing handles, in any thread: they go to the crash log, and what they say goes nowhere.

Python would print them with their messages, which may quote a customer, an address or a password.
"""

from __future__ import annotations

import sys
import threading
from types import TracebackType


def install_crash_hooks() -> None:
    """Let the crash log have every error that Python would print."""
    sys.excepthook = _report
    threading.excepthook = _report_of_thread
    sys.unraisablehook = _log_unraisable


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    from supportdesk.cli.output import echo_error
    from supportdesk.crash_log import write_crash

    echo_error(" ".join(write_crash(error).splitlines()))


def _report_of_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        _report(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)


def _log_unraisable(arguments: sys.UnraisableHookArgs) -> None:
    """Log an error in a finaliser; the program goes on."""
    from supportdesk.crash_log import write_crash

    write_crash(arguments.exc_value)
