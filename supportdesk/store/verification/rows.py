"""Compares stored rows with the expected ones, as raw values: 1 is not 1.0, and no text is a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from supportdesk.store.backend import Reader
from supportdesk.store.documents import anything, is_within, nothing


def find_wrong_columns(
    reader: Reader,
    expected: Mapping[str, Any],
    stored: Mapping[str, Any],
    documents: Mapping[str, type],
    *,
    with_more: bool = False,
) -> list[str]:
    """Return the columns in which a stored row differs from the expected one.

    `documents` are the columns of JSON, with their types. A document may omit values that are defaults, as older
    versions of the program did; and have more `with_more`, as a newer version writes it.
    """
    return [
        name
        for name, value in expected.items()
        if not _same(reader.stored_form(value), stored[name])
        and not (
            name in documents and _same_document(value, stored[name], documents[name], with_more=with_more)
        )
    ]


def by_name(names: Iterable[str], row: Sequence[Any]) -> dict[str, Any]:
    """Return a row's values by the names of its columns."""
    return dict(zip(names, row, strict=True))


def _same(expected: Any, stored: Any) -> bool:
    return type(expected) is type(stored) and bool(expected == stored)


def _same_document(expected: str, stored: object, document_type: type, *, with_more: bool) -> bool:
    if not isinstance(stored, str):
        return False
    try:
        if msgspec.json.decode(stored, type=document_type) != msgspec.json.decode(
            expected, type=document_type
        ):
            return False
        found = msgspec.json.decode(stored)
        # A repeated key or a space would be lost by decoding.
        return msgspec.json.encode(found).decode() == stored and is_within(
            found, msgspec.json.decode(expected), may_add=anything if with_more else nothing
        )
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return False
