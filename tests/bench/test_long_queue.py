"""The console runs on the desk that the benches show it."""

from __future__ import annotations

from typing import cast

from supportdesk.console.app import Console
from supportdesk.desk_api import DeskApi
from tests.bench.long_queue import OPERATOR, LongQueue
from tests.console.harness.console import lines
from tests.console.harness.dialog import until


async def test_a_long_queue_is_shown_ticks_and_takes_an_arrival() -> None:
    desk = LongQueue(100, 10, frozen=False)
    console = Console(lambda: cast(DeskApi, desk), username=OPERATOR.username, name="100 tickets")

    def shows(text: str) -> bool:
        screen = console.queue_screen
        return screen is not None and text in " ".join(lines(screen.header))

    async with console.run_test(size=(160, 50)) as pilot:
        await until(pilot, lambda: shows("100 open"))
        desk.arrive(0, None)
        await until(pilot, lambda: shows("101 open"))
        assert console.is_running
