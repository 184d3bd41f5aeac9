"""The keys with which a request is logged, as far as many tests press them alike."""

from __future__ import annotations

from supportdesk.console.screens.request_logged import RequestLogged
from tests.console.stage import Shown, keys, typed, until


async def caller(pilot: Shown, customer: str, contact: str) -> None:
    """Finds who is on the line; ends in the summary."""
    await typed(pilot, customer)
    await keys(pilot, "enter")
    await typed(pilot, contact)
    await keys(pilot, "enter")


async def read_back(pilot: Shown) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, RequestLogged))


async def grave(pilot: Shown, letter: str, channel: str = "t") -> None:
    """From the summary on: how grave it is, and how it came."""
    await keys(pilot, "enter", letter, "tab", "tab", channel)
