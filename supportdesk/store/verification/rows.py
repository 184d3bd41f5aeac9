"""Compares stored rows with the expected ones, as raw values: 1 is not 1.0, and no text is a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from supportdesk.store.backend import Reader


def find_wrong_columns(
    reader: Reader, expected: Mapping[str, Any], stored: Mapping[str, Any], documents: Mapping[str, type]
) -> list[str]:
    """Return the columns in which a stored row differs from the expected one.

    `documents` are the columns of JSON, with their types. A document may omit values that are defaults, as older
    versions of the program did.
    """
    return [
        name
        for name, value in expected.items()
        if not _same(reader.stored_form(value), stored[name])
        and not (name in documents and _same_document(value, stored[name], documents[name]))
    ]


def by_name(names: Iterable[str], row: Sequence[Any]) -> dict[str, Any]:
    """Return a row's values by the names of its columns."""
    return dict(zip(names, row, strict=True))


def _same(expected: Any, stored: Any) -> bool:
    return type(expected) is type(stored) and bool(expected == stored)


def _same_document(expected: str, stored: object, document_type: type) -> bool:
    if not isinstance(stored, str):
        return False
    try:
        if msgspec.json.decode(stored, type=document_type) != msgspec.json.decode(
            expected, type=document_type
        ):
            return False
        found = msgspec.json.decode(stored)
        # A repeated key or a space would be lost by decoding.
        return msgspec.json.encode(found).decode() == stored and _within(found, msgspec.json.decode(expected))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return False


def _within(stored: Any, expected: Any) -> bool:
    """Return whether a JSON value contains nothing that is not in the expected one."""
    if isinstance(stored, dict) and isinstance(expected, dict):
        return all(key in expected and _within(value, expected[key]) for key, value in stored.items())
    if isinstance(stored, list) and isinstance(expected, list):
        return len(stored) == len(expected) and all(map(_within, stored, expected))
    return _same(expected, stored)
