"""Exits cleanly when the terminal hangs up or a signal arrives, and exits in any case."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.driver import Driver

HUNG_UP = 128 + signal.SIGHUP
TERMINATED = 128 + signal.SIGTERM
GRACE = 3.0
"""Seconds after which the process is ended even if something still blocks it."""
SIGNALS = (
    signal.SIGHUP,
    signal.SIGTERM,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGALRM,
    signal.SIGXCPU,
)
"""Signals that would end the process at once, without restoring the terminal."""


def exit_on_signals(leave: Callable[[int], None], driver: Driver | None) -> None:
    """Have `leave` called on the event loop, with 128 and the number of the signal, when one of `SIGNALS` arrives.

    Call it on the main thread, in the loop. A process that still runs `GRACE` seconds later is ended, after restoring
    the terminal of `driver`.
    """
    loop = asyncio.get_running_loop()
    terminal: Any = driver if hasattr(driver, "terminal_is_gone") else None

    def end_now(code: int) -> None:
        if terminal is not None:
            terminal.restore()
        os._exit(code)

    def handle(number: int, frame: FrameType | None) -> None:
        code = 128 + number
        last_resort = threading.Timer(GRACE, end_now, (code,))
        last_resort.daemon = True
        last_resort.start()
        if number == signal.SIGHUP and terminal is not None and terminal.terminal_is_gone:
            # Textual writes on a thread, which ends at the first write that fails; later writes wait for it
            # for ever. On SIGCONT, which the system sends after a hang-up, Textual would set the terminal up again.
            signal.signal(signal.SIGCONT, signal.SIG_IGN)
            terminal.abandon()
        loop.call_soon_threadsafe(leave, code)

    # Not `loop.add_signal_handler`, which would be too late: a hang-up must be handled before the signal after it.
    for each in SIGNALS:
        signal.signal(each, handle)
