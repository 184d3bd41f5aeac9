"""The event with which a desk that had moved goes on at its old place."""

from __future__ import annotations

import msgspec


class DeskReopened(msgspec.Struct, frozen=True, tag_field="event", tag="desk reopened"):
    """The move of a desk was taken back. `had_moved_to` is the place that `DeskMoved` gave."""

    had_moved_to: str
