"""Whether somebody watches the desk, as text for the header."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from supportdesk.sla.formatting import amount

if TYPE_CHECKING:
    from supportdesk.heartbeat import Heartbeat

MINUTE = 60
USUAL = len("watcher 15 s")
"""The width of the text of a watcher that is alive, so that nothing moves as its age changes."""


class WatcherText(msgspec.Struct, frozen=True):
    """The text, the same with the host where there is room, and the name of the style; empty for none.

    With `is_urgent` it comes before everything else in the header.
    """

    text: str = ""
    with_host: str = ""
    style_name: str = "quiet"
    is_urgent: bool = False


def describe_watcher(heartbeat: Heartbeat | None, looked_at: datetime, now: datetime) -> WatcherText:
    """Return `watcher 2 s`, the age of its last tick, or for how long there has been none.

    `looked_at` is when the heartbeat was read; without one, the time without a watcher counts from then.
    """
    from supportdesk.heartbeat import ALIVE_SECONDS, STOPPED, WATCHING

    seconds = int(max(0.0, (now - looked_at).total_seconds() if heartbeat is None else heartbeat.age(now)))
    if heartbeat is None and seconds <= ALIVE_SECONDS:
        return WatcherText()
    if seconds > ALIVE_SECONDS:
        text = f"no watcher for {amount(seconds if seconds < MINUTE else seconds // MINUTE * MINUTE)}"
        return WatcherText(f" {text} ", f" {text} ", "alarm", is_urgent=True)
    assert heartbeat is not None
    if heartbeat.state not in (WATCHING, STOPPED):
        text = "watcher has a fault"
        return WatcherText(text, f"{text}: see watch --status", "at-risk", is_urgent=True)
    with_host = f"watcher {heartbeat.host} {seconds} s".ljust(USUAL + 1 + len(heartbeat.host))
    return WatcherText(f"watcher {seconds} s".ljust(USUAL), with_host)
