"""Compares JSON documents with what this program knows of them: a newer one may have written more."""

from __future__ import annotations

from collections.abc import Callable
from operator import not_
from typing import Any

import msgspec

MayAdd = Callable[[object], bool]


def nothing(value: object) -> bool:
    """Return False: a document has no more than is expected."""
    return False


def anything(value: object) -> bool:
    """Return True: a document may have more than is expected."""
    return True


def is_known(stored: str, document: msgspec.Struct) -> bool:
    """Return whether a stored document has nothing more than what was read from it: writing it again loses nothing.

    A member without a value is nothing more: the defaults of new fields are empty.
    """
    again = msgspec.json.decode(msgspec.json.encode(document))
    return is_within(msgspec.json.decode(stored), again, may_add=not_)


def is_within(stored: Any, expected: Any, *, may_add: MayAdd = nothing) -> bool:
    """Return whether a JSON value contains nothing that is not in the expected one.

    At any depth it may have more members, whose values `may_add` is true of.
    """
    if isinstance(stored, dict) and isinstance(expected, dict):
        return all(
            is_within(value, expected[key], may_add=may_add) if key in expected else may_add(value)
            for key, value in stored.items()
        )
    if isinstance(stored, list) and isinstance(expected, list):
        return len(stored) == len(expected) and all(
            is_within(*pair, may_add=may_add) for pair in zip(stored, expected, strict=True)
        )
    return type(stored) is type(expected) and bool(stored == expected)
