"""A stored row against the one that the ledger makes: raw values, where 1 is not 1.0 and no text is a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec


def wrong_columns(
    expected: Mapping[str, Any], stored: Mapping[str, Any], documents: Mapping[str, type]
) -> list[str]:
    """Return the columns in which a stored row is not as expected; `documents` are those that hold JSON, with its type.

    A document may leave out what has its default value: an older program wrote fewer details.
    """
    return [
        name
        for name, value in expected.items()
        if not _same(_raw(value), stored[name])
        and not (name in documents and _same_document(value, stored[name], documents[name]))
    ]


def by_name(names: Iterable[str], row: Sequence[Any]) -> dict[str, Any]:
    """Return a row's values by the names of its columns."""
    return dict(zip(names, row, strict=True))


def _raw(value: Any) -> Any:
    """A value as SQLite holds it."""
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def _same(expected: Any, stored: Any) -> bool:
    return type(expected) is type(stored) and bool(expected == stored)


def _same_document(expected: str, stored: object, kind: type) -> bool:
    if not isinstance(stored, str):
        return False
    try:
        if msgspec.json.decode(stored, type=kind) != msgspec.json.decode(expected, type=kind):
            return False
        found = msgspec.json.decode(stored)
        # A key that stands there twice, or a space, is lost on the way.
        return msgspec.json.encode(found).decode() == stored and _within(found, msgspec.json.decode(expected))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return False


def _within(stored: Any, expected: Any) -> bool:
    """Whether a JSON value has nothing that another has not."""
    if isinstance(stored, dict) and isinstance(expected, dict):
        return all(key in expected and _within(value, expected[key]) for key, value in stored.items())
    if isinstance(stored, list) and isinstance(expected, list):
        return len(stored) == len(expected) and all(map(_within, stored, expected))
    return _same(expected, stored)
