"""The programs that show files while the operator goes on with something else."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supportdesk.access.file_program import FileProgram

_LONGEST_CLOSE = 2.0
"""Seconds for which `close` waits until the files are removed."""


class OpenFiles:
    """Runs programs, each on a thread of its own for as long as its file is open, and ends them all in the end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[FileProgram, threading.Thread] = {}
        self._is_closed = False

    async def show(self, program: FileProgram) -> str:
        """Run a program to its end, and return why it failed; empty where it did not, or was ended by `close`.

        Where nobody waits for that any more, it goes on.
        """
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[str] = loop.create_future()

        def settle(fault: str) -> None:
            if not ended.done():
                ended.set_result(fault)

        def run() -> None:
            fault = program.try_run()
            with self._lock:
                del self._running[program]
            with contextlib.suppress(RuntimeError):  # the loop is over
                loop.call_soon_threadsafe(settle, fault)

        with self._lock:
            if self._is_closed:
                return ""
            thread = self._running[program] = threading.Thread(target=run, name="open file", daemon=True)
            thread.start()
        return await ended

    def close(self) -> None:
        """End all programs, and remove their files; none begins any more. Blocks for at most some seconds."""
        with self._lock:
            self._is_closed = True
            running = dict(self._running)
        for program in running:
            program.stop()
        for thread in running.values():
            thread.join(_LONGEST_CLOSE)
