"""Reports a crash without the texts of customers."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.app import App


class CrashHandler(App[None]):
    """An application whose crash is a line on the screen and a log that only its operator can read.

    The first error is shown. Errors that follow from it, or from cancelling work at the exit, are only logged.
    """

    def __init__(self) -> None:
        super().__init__()
        self._crash: BaseException | None = None

    def on_load(self) -> None:
        """Log what a task or callback raises that nothing waits for; its text would appear on the terminal."""
        loop = asyncio.get_running_loop()
        if loop.get_exception_handler() is None:
            loop.set_exception_handler(_log_loop_error)

    def _handle_exception(self, error: Exception) -> None:
        from textual.worker import WorkerCancelled, WorkerFailed

        if isinstance(error.error if isinstance(error, WorkerFailed) else error, WorkerCancelled):
            # Work that waits for a cancelled worker, as at the exit, is cancelled too.
            return
        if self._exit:
            _logged(error)
        elif self._crash is None:
            self._crash = error
            super()._handle_exception(error)
        else:
            _logged(error)

    def _fatal_error(self) -> None:
        # Textual would show local variables, which hold what customers wrote.
        from rich.text import Text

        assert self._crash is not None
        self.panic(Text(_logged(self._crash)))


def _log_loop_error(loop: object, context: dict[str, Any]) -> None:
    from supportdesk.crash_log import log_loop_error

    log_loop_error(loop, context)


def _logged(error: BaseException) -> str:
    """Write an error to the crash log; return the text for the operator."""
    from textual.worker import WorkerFailed

    from supportdesk.crash_log import write_crash

    return write_crash(error.error if isinstance(error, WorkerFailed) else error)
