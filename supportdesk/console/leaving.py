"""Ending in good order when the terminal goes away or the system shuts down, and ending in any case."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

HUNG_UP = 128 + signal.SIGHUP
TERMINATED = 128 + signal.SIGTERM
GRACE = 3.0
"""Seconds after which the process ends whatever still holds it."""
OUTPUT = (1, 2)
"""The descriptors by which Textual writes to the terminal."""


def leave_when_told(leave: Callable[[int], None]) -> None:
    """Has `leave` called on the event loop, with an exit code, on a hang-up and on a shutdown.

    For the main thread, within the loop. What should hang in spite of that is ended a little later.
    """
    loop = asyncio.get_running_loop()

    def told(number: int, frame: FrameType | None) -> None:
        code = 128 + number
        last_resort = threading.Timer(GRACE, os._exit, (code,))
        last_resort.daemon = True
        last_resort.start()
        if number == signal.SIGHUP:
            _let_terminal_go()
        loop.call_soon_threadsafe(leave, code)

    # Not by the loop, which would come too late: the handler of the signal that follows a hang-up must find it done.
    signal.signal(signal.SIGHUP, told)
    signal.signal(signal.SIGTERM, told)


def _let_terminal_go() -> None:
    """Puts nothing in the place of a terminal that is gone, before anybody writes to it again.

    Textual writes on a thread, which dies of the first write that fails; whoever writes then waits for it for ever. On
    SIGCONT, which the system sends after a hang-up, Textual would set the terminal up anew.
    """
    signal.signal(signal.SIGCONT, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_WRONLY)
    for descriptor in OUTPUT:
        os.dup2(nothing, descriptor)
    os.close(nothing)
