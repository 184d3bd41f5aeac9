"""What is wrong in a filter, and where."""

from __future__ import annotations

import msgspec


class FilterError(msgspec.Struct, frozen=True):
    """A message about the characters from `start` up to `end`; it says what to type instead.

    `unfinished` says that the line may be right once it is typed to its end.
    """

    start: int
    end: int
    message: str
    unfinished: bool = False


class BadValueError(ValueError):
    """A value means nothing to its field; the message says what would."""
