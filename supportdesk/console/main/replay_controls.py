"""What a replay's keys do to the past that is played back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supportdesk.playback import PlaybackControls

REPLAY_TICK = 0.25
"""Seconds between two ticks of a past that is played back."""
STEP = timedelta(minutes=1)


def control_replay(replay: PlaybackControls, way: str) -> None:
    """Does what one of the keys asks for: `toggle`, `step`, `back`, `faster` or `slower`."""
    match way:
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
            raise ValueError(f"a replay cannot be told to {way}")
