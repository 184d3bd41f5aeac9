"""A driver that draws on the terminal itself, and can always restore it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import termios
import threading
from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App

STDERR = 2
RESTORE_SEQUENCE = (
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"  # no mouse
    "\x1b[?2004l\x1b[?2048l\x1b[?7h\x1b[<u"  # no bracketed paste or resize reports, lines wrap, plain keys
    "\x1b[?1049l\x1b[?25h\x1b[?1004l\x1b[23;2t"  # the shell's screen, cursor and title
)
"""Resets every mode that Textual and the console set; a terminal ignores the parts that it does not know."""


class TerminalDriver(LinuxDriver):
    """Textual's driver with its own file descriptor, so that `2>file` does not redirect the screen.

    While the application has the terminal, standard error does not reach it: a library's warning would be drawn over
    the queue.
    """

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        assert sys.__stdout__ is not None
        self._descriptor = os.dup(sys.__stdout__.fileno())
        self._file = open(  # noqa: SIM115 - of a descriptor, for as long as the process lasts
            self._descriptor, "w", encoding=sys.__stdout__.encoding, errors="backslashreplace", closefd=False
        )
        self._stderr: int | None = None
        self._drawing = False
        """Whether the application has the terminal; a process in the background does not."""
        self._keeps_keys = False
        """Whether keys that have not been read yet are kept while input is disabled."""

    def start_application_mode(self) -> None:
        """Take the terminal, and redirect standard error away from it."""
        if self._stderr is None and os.isatty(STDERR):
            self._stderr = os.dup(STDERR)
            _redirect_to_null(STDERR)
        self._writer_thread, self._drawing = None, True
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._drawing = self._writer_thread is not None

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        super().stop_application_mode()
        self._give_stderr_back()

    def suspend_application_mode(self) -> None:
        """Give the terminal back until it is resumed."""
        super().suspend_application_mode()
        self._drawing = False

    def disable_input(self) -> None:
        """Stop reading keys. Textual discards those that have not been read, which the shell must not get."""
        if not self._keeps_keys:
            super().disable_input()
            return
        self._disable_mouse_support()
        self.exit_event.set()
        if self._key_thread is not None:
            self._key_thread.join()
        self.exit_event.clear()

    def write(self, data: str) -> None:
        """Write to the terminal while the application has it; afterwards everything is drawn again."""
        if self._drawing:
            super().write(data)

    # Both signals are handled on the event loop: a signal handler may run while the writer's lock is held.

    def _sigtstp_application(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop)

    def _sigcont_application(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._retake)

    def _stop(self) -> None:
        """Give the terminal back and stop, as the shell expects it, until the shell lets the process go on.

        Without a shell that could resume it, the system would not stop the process, and keys would be lost.
        """
        if not self._drawing or _is_without_shell():
            return
        self.suspend_application_mode()
        handlers = {
            number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTSTP, signal.SIGCONT)
        }
        signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if not self.terminal_is_gone:
            self._must_signal_resume = True
            self.resume_application_mode()

    def _retake(self) -> None:
        """Take the terminal again after a stop by SIGSTOP, since the shell has reconfigured it; keys typed are kept."""
        if self.terminal_is_gone:
            return
        if self._drawing:
            self._keeps_keys = True
            self.suspend_application_mode()
            self._keeps_keys = False
        self.resume_application_mode()

    @property
    def terminal_is_gone(self) -> bool:
        """Whether the terminal has hung up."""
        try:
            termios.tcgetattr(self._descriptor)
        except (termios.error, OSError):
            return True
        return False

    def abandon(self) -> None:
        """Discard what is still written, once the terminal has hung up."""
        for descriptor in (1, STDERR, self._descriptor):
            _redirect_to_null(descriptor)

    def restore(self) -> None:
        """Restore the terminal at once, without waiting for anything that may be stuck."""
        if self.attrs_before is not None:
            with contextlib.suppress(termios.error, OSError):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            with contextlib.suppress(OSError):
                os.set_blocking(self._descriptor, False)
                os.write(self._descriptor, RESTORE_SEQUENCE.encode())
        self._give_stderr_back()

    def _give_stderr_back(self) -> None:
        if self._stderr is not None:
            os.dup2(self._stderr, STDERR)
            os.close(self._stderr)
            self._stderr = None


def _is_without_shell() -> bool:
    """Return whether no shell could resume the process: one that can gives each job a process group of its own."""
    return os.getpgrp() == os.getsid(0)


def _redirect_to_null(descriptor: int) -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, descriptor)
    os.close(nothing)
