"""An end that nobody foresaw, told without the words of customers."""

from __future__ import annotations

from textual.app import App


class CrashHandler(App[None]):
    """An application whose crash is a line on the screen and a log that only its operator can read.

    The first error is told; those that follow from it, or come of cutting off what was under way when the application
    was left, are only in the log.
    """

    def __init__(self) -> None:
        super().__init__()
        self._crash: BaseException | None = None

    def _handle_exception(self, error: Exception) -> None:
        from textual.worker import WorkerCancelled, WorkerFailed

        if isinstance(error.error if isinstance(error, WorkerFailed) else error, WorkerCancelled):
            # Who waits for something that is given up, as it is at the end, is given up too.
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


def _logged(error: BaseException) -> str:
    """Writes an error to the crash log; the words for the person."""
    from textual.worker import WorkerFailed

    from supportdesk.crash_log import write_crash

    return write_crash(error.error if isinstance(error, WorkerFailed) else error)
