"""What is opened stays open while nobody waits for it, until everything is closed."""

from __future__ import annotations

import asyncio
import threading
from typing import cast

from supportdesk.access.file_program import FileProgram
from supportdesk.access.open_files import OpenFiles
from tests.patience import LAST_RESORT


class Endless:
    """A program that shows a file until it is ended."""

    def __init__(self, fault: str = "") -> None:
        self._fault = fault
        self.end = threading.Event()

    def try_run(self) -> str:
        assert self.end.wait(LAST_RESORT)
        return self._fault

    def stop(self) -> None:
        self.end.set()


def show(files: OpenFiles, program: Endless) -> asyncio.Task[str]:
    return asyncio.ensure_future(files.show(cast(FileProgram, program)))


async def test_why_a_program_failed_is_returned_once_it_ended() -> None:
    files, program = OpenFiles(), Endless("viewer cannot be run.")
    shown = show(files, program)
    await asyncio.sleep(0)
    assert not shown.done()
    program.stop()
    assert await shown == "viewer cannot be run."


async def test_one_for_which_nobody_waits_goes_on_until_all_are_closed() -> None:
    files, left, waited_for = OpenFiles(), Endless(), Endless()
    task = show(files, left)
    await asyncio.sleep(0)
    task.cancel()
    shown = show(files, waited_for)
    await asyncio.sleep(0)
    assert not left.end.is_set()
    await asyncio.to_thread(files.close)
    assert left.end.is_set()
    assert await shown == ""


async def test_nothing_is_opened_after_that() -> None:
    files = OpenFiles()
    files.close()
    assert await files.show(cast(FileProgram, Endless())) == ""
