"""Desks that benches open at a time of their own."""

from __future__ import annotations

from supportdesk.desk import Desk
from tests.watcher.fast_clock import FastClock


def open_desk(address: str, clock: FastClock) -> Desk:
    """Open a desk by a clock that differs from the machine's."""
    desk = Desk.open(address, clock)
    desk.date_is_confirmed = True
    return desk
