"""An end that nobody foresaw, told without the words of customers."""

from __future__ import annotations

from textual.app import App


class PrivateCrash(App[None]):
    """An application whose crash is a line on the screen and a log that only its operator can read."""

    def __init__(self) -> None:
        super().__init__()
        self._crash: BaseException | None = None

    def _handle_exception(self, error: Exception) -> None:
        self._crash = error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual would show local variables, which hold what customers wrote.
        from rich.text import Text
        from textual.worker import WorkerFailed

        from supportdesk.crash_log import write_crash

        error = self._crash
        self.panic(Text(write_crash(error.error if isinstance(error, WorkerFailed) else error)))
