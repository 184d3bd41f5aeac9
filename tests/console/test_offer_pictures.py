"""What a call that rings looks like, over the queue and over a form that is being written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from supportdesk.console.calls.offers import Rang
from supportdesk.console.themes import DARK, LIGHT
from supportdesk.console.widgets.offer_line import OfferLine
from tests.console.a_morning import desk
from tests.console.fake_door import FakeDoor
from tests.console.stage import until
from tests.console.test_console_pictures import SIZES, Compare, pressed, taken


async def rings(pilot: Pilot[None], door: FakeDoor) -> None:
    pilot.app.post_message(Rang("020 7946 0018"))
    await until(pilot, lambda: bool(pilot.app.screen.query(OfferLine)))
    await pilot.pause()


async def rings_over_a_form(pilot: Pilot[None], door: FakeDoor) -> None:
    await pressed(pilot, "i")
    await until(pilot, lambda: bool(pilot.app.screen.query("TextArea")))
    await pressed(pilot, *"half a note")
    await rings(pilot, door)


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("script", [rings, rings_over_a_form])
def test_a_call_that_rings_looks_as_it_did(
    script: Callable[..., Awaitable[None]], size: str, theme: str, snap_compare: Compare
) -> None:
    assert taken(snap_compare, desk(), script, SIZES[size], theme=theme)
