"""Dialogs leave the queue visible where there is room, and its timers run on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from supportdesk.console.dialogs.dialog import Dialog
from supportdesk.tickets.process.assignment import Claim
from tests.console.fixtures.morning import NOW, morning_desk, ref_of
from tests.console.harness.console import Running, lines, running

BIG, SMALL = (160, 50), (80, 24)
FORMS = {
    "e": "escalate",
    "a": "assign",
    "r": "reply",
    "s": "severity",
    "n": "call",
    "N": "log",
    "H": "hand over",
}


async def opened(it: Running, key: str) -> Dialog[object]:
    await it.press(key)
    await it.until(lambda: isinstance(it.app.screen, Dialog) and it.app.screen.ready.is_set())
    screen = it.app.screen
    assert isinstance(screen, Dialog)
    await it.pilot.pause()
    return screen


@pytest.mark.parametrize("key", FORMS, ids=FORMS.values())
async def test_a_form_is_at_the_right_and_leaves_the_timers_visible(key: str) -> None:
    async with running(morning_desk(), BIG) as it:
        dialog = await opened(it, key)
        panel = dialog.query_one(".panel").region
        assert dialog.styles.background.a < 1
        assert panel.right == it.app.size.width
        assert panel.x >= 40
        assert it.screen.updates.ticker.is_seen


@pytest.mark.parametrize("key", FORMS, ids=FORMS.values())
async def test_on_a_small_screen_a_form_hides_everything_else(key: str) -> None:
    async with running(morning_desk(), SMALL) as it:
        dialog = await opened(it, key)
        assert dialog.styles.background.a == 1
        assert not it.screen.updates.ticker.is_seen


async def test_timers_count_down_beside_a_form() -> None:
    async with running(morning_desk(), BIG) as it:
        await opened(it, "e")
        before = lines(it.screen.queue)
        await it.at(NOW + timedelta(minutes=5))
        await it.pilot.pause()
        assert lines(it.screen.queue) != before
        assert not it.screen.queue.covered


async def test_changes_by_others_appear_beside_a_form() -> None:
    desk = morning_desk()
    async with running(desk, BIG) as it:
        await opened(it, "e")
        ref = ref_of(desk, "Stock levels")
        assert "Sam" not in it.line(ref)
        desk.do_as("sam", Claim(ref))
        await it.until(lambda: "Sam" in it.line(ref))


async def test_a_form_hides_the_queue_in_a_smaller_terminal_and_shows_it_again() -> None:
    async with running(morning_desk(), BIG) as it:
        dialog = await opened(it, "e")
        await it.pilot.resize_terminal(*SMALL)
        await it.until(lambda: dialog.styles.background.a == 1)
        it.screen.updates.ticker.tick()
        assert it.screen.queue.covered
        await it.pilot.resize_terminal(*BIG)
        await it.until(lambda: dialog.styles.background.a < 1)
        it.screen.updates.ticker.tick()
        assert not it.screen.queue.covered


async def test_typing_in_a_form_draws_nothing_of_the_queue() -> None:
    async with running(morning_desk(), BIG) as it:
        await opened(it, "r")
        drawn: list[int] = []
        plain = it.screen.queue.render_line

        def counted(y: int) -> object:
            drawn.append(y)
            return plain(y)

        it.screen.queue.render_line = counted  # type: ignore[method-assign, assignment]
        await it.pilot.press("x", "y", "z")
        assert not drawn
