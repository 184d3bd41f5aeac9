"""The event with which a desk ends at one place and goes on at another."""

from __future__ import annotations

import msgspec


class DeskMoved(msgspec.Struct, frozen=True, tag_field="event", tag="desk moved"):
    """The desk was moved to another database. `to` is its path, or its URL without a password."""

    to: str
