"""Ends in good order when the terminal goes away or somebody sends a signal, and ends in any case."""

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
"""Seconds after which the process ends whatever still holds it."""
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
"""Signals that would end the process at once, with the terminal left as it is while the console has it."""


def exit_on_signals(leave: Callable[[int], None], driver: Driver | None) -> None:
    """Have `leave` called on the event loop, with 128 and the number of the signal, when one of `SIGNALS` arrives.

    For the main thread, within the loop. What should hang in spite of that is ended a little later, and gives the
    terminal of `driver` back then.
    """
    loop = asyncio.get_running_loop()
    terminal: Any = driver if hasattr(driver, "terminal_is_gone") else None

    def end_now(code: int) -> None:
        if terminal is not None:
            terminal.restore()
        os._exit(code)

    def told(number: int, frame: FrameType | None) -> None:
        code = 128 + number
        last_resort = threading.Timer(GRACE, end_now, (code,))
        last_resort.daemon = True
        last_resort.start()
        if number == signal.SIGHUP and terminal is not None and terminal.terminal_is_gone:
            # Textual writes on a thread, which dies of the first write that fails; whoever writes then waits for it
            # for ever. On SIGCONT, which the system sends after a hang-up, Textual would set the terminal up anew.
            signal.signal(signal.SIGCONT, signal.SIG_IGN)
            terminal.abandon()
        loop.call_soon_threadsafe(leave, code)

    # Not by the loop, which would come too late: the handler of the signal that follows a hang-up must find it done.
    for each in SIGNALS:
        signal.signal(each, told)
