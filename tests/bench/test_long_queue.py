"""The console runs on the desk that the benches show it."""

from __future__ import annotations

from typing import cast

from supportdesk.desk_api import DeskApi
from tests.bench.long_queue import OPERATOR, LongQueue
from tests.console.fixtures.morning import empty_desk
from tests.console.harness.console import running


async def test_a_long_queue_is_shown_ticks_and_takes_an_arrival() -> None:
    desk = LongQueue(100, 10, frozen=False)
    async with running(empty_desk(), connect=lambda: cast(DeskApi, desk), username=OPERATOR.username) as it:
        await it.until(lambda: "100 open" in it.header)
        it.screen.updates.ticker.tick()
        desk.arrive(0, None)
        await it.until(lambda: "101 open" in it.header)
        assert it.app.is_running
