"""The keys of a replay."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supportdesk.playback import PlaybackControls

REPLAY_TICK = 0.25
"""Seconds between two ticks of a replay."""
STEP = timedelta(minutes=1)


def control_replay(replay: PlaybackControls, action: str) -> None:
    """Control a replay: `toggle`, `step`, `back`, `faster` or `slower`. Raises ValueError for anything else."""
    match action:
        case "toggle" if replay.running:
            replay.pause()
        case "toggle":
            replay.resume()
        case "step":
            replay.step(STEP)
        case "back":
            replay.step(-STEP)
        case "faster":
            replay.faster()
        case "slower":
            replay.slower()
        case _:
            raise ValueError(f"unknown replay control {action!r}")
