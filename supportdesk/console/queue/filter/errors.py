"""The errors in a filter, with their position."""

from __future__ import annotations

import msgspec


class FilterError(msgspec.Struct, frozen=True):
    """An error in the characters from `start` up to `end`; the message says what to type instead.

    `unfinished`: the line may become valid as more is typed.
    """

    start: int
    end: int
    message: str
    unfinished: bool = False


class BadValueError(ValueError):
    """A field does not understand a value; the message says which values it does."""
