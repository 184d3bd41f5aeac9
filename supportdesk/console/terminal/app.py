"""The base of the full-screen applications: only what they draw themselves reaches the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supportdesk.console.terminal.crash_handler import CrashHandler

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.filter import LineFilter


class TerminalApp(CrashHandler):
    """Draws with the console's own terminal driver; a crash is a line on the screen and a log."""

    def __init__(self) -> None:
        super().__init__()
        self._sanitizing_filter: LineFilter | None = None

    def get_driver_class(self) -> type[Driver]:
        """Return a driver that draws on the terminal itself, even if standard error is redirected."""
        chosen = super().get_driver_class()
        if chosen.__name__ != "LinuxDriver":
            return chosen
        from supportdesk.console.terminal.driver import TerminalDriver

        return TerminalDriver

    def filter_control_sequences(self) -> None:
        """Let no control sequence through from any widget from now on; call it before texts from outside are shown."""
        from supportdesk.console.terminal.safe_text import SanitizingFilter

        self._sanitizing_filter = SanitizingFilter()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the line filters; the one for control sequences is the last."""
        filters = super().get_line_filters()
        return filters if self._sanitizing_filter is None else [*filters, self._sanitizing_filter]
