"""Compares stored rows with the expected ones, as raw values: 1 is not 1.0, and no text is a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Table

from supportdesk.store.backend import Reader, Row
from supportdesk.store.documents import anything, is_within, nothing

StoredRow = dict[str, Any]
"""A row as it is stored, by column."""

GroupedRows = dict[object, list[StoredRow]]
"""Rows by what they have in one column."""


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
    # Nearly all are stored as they are.
    others = [
        name
        for name, value in expected.items()
        if type(value) is not type(stored[name]) or value != stored[name]
    ]
    return [
        name
        for name in others
        if not _same(reader.stored_form(expected[name]), stored[name])
        and not (
            name in documents
            and _same_document(expected[name], stored[name], documents[name], with_more=with_more)
        )
    ]


def by_name(names: Iterable[str], row: Sequence[Any]) -> StoredRow:
    """Return a row's values by the names of its columns."""
    return dict(zip(names, row, strict=True))


def group_rows(column: str, names: Sequence[str], rows: Iterable[Row]) -> GroupedRows:
    """Return rows with these columns, by what they have in one of them."""
    groups: GroupedRows = {}
    for each in rows:
        row = by_name(names, each)
        groups.setdefault(row[column], []).append(row)
    return groups


def read_index_keys(reader: Reader, index: Table) -> Iterator[Row]:
    """Return the number and the key of every row of a full-text index, by number, which is its first column."""
    (key,) = index.primary_key
    number = index.columns[0].name
    return reader.rows(f"SELECT {number}, {key.name} FROM {index.name} ORDER BY 1")  # noqa: S608 - names of ours


def read_index_rows(reader: Reader, index: Table, numbers: Sequence[int]) -> dict[object, StoredRow]:
    """Return the rows of a full-text index with these numbers, by number, which is its first column."""
    names = [column.name for column in index.columns]
    query = f"SELECT {', '.join(names)} FROM {index.name} WHERE {names[0]} IN ?"  # noqa: S608 - names of ours
    return {row[0]: by_name(names, row) for row in reader.rows_among(query, numbers)}


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
