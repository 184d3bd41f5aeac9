"""Writes everything that a desk cannot make again as JSON lines, as of one moment and in little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from supportdesk import __version__
from supportdesk.store import ledger, schema, tables
from supportdesk.store.backend import Database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.exchange.lines import (
    ATTESTATION,
    EVENT,
    FORMAT,
    LINE_TYPES,
    VERSION,
    BadLineError,
    Count,
    Header,
    LineType,
)
from supportdesk.store.exchange.links import BrokenLinkError, ChainLinks

_BATCH = 1_000
"""Rows that are read at once."""

Write = Callable[[bytes], object]


class ExportResult(msgspec.Struct, frozen=True):
    """An export: its number of events, and the hash of the last one."""

    events: int
    head: str


def export_lines(database: Database, begin: Callable[[], Write]) -> ExportResult:
    """Write a desk, as of one moment, to what `begin` returns, and return what it has. Others can write meanwhile.

    `begin` is called again where the database had to be read again from the start. Raises DeskUnavailableError where
    the desk contains what the program cannot have written, or is that of a newer one.
    """
    return database.read_at_length(
        lambda connection: _export(connection, f"{database.location} {database.damage}", begin())
    )


def _export(connection: Connection, damage: str, write: Write) -> ExportResult:
    schema.require_complete(connection, "an export")
    head = ledger.read_head(connection)
    count = Count()

    def put(line: bytes, line_type: LineType | None = None) -> None:
        line += b"\n"
        count.add(line, line_type)
        write(line)

    put(msgspec.json.encode(Header(FORMAT, VERSION, f"{head.seq}:{head.hash}", __version__)))
    links = ChainLinks()
    try:
        for line_type in LINE_TYPES:
            for row in _rows(connection, line_type):
                if line_type is EVENT:
                    links.follow(row)
                elif line_type is ATTESTATION:
                    links.attest(row)
                put(line_type.make_line(row), line_type)
    except (BadLineError, BrokenLinkError) as error:
        raise DeskUnavailableError(f"{damage} ({error})") from error
    if str(links) != f"{head.seq}:{head.hash}":
        raise DeskUnavailableError(f"{damage} (its head is not the last event)")
    write(msgspec.json.encode(count.trailer()) + b"\n")
    return ExportResult(head.seq, head.hash)


def _rows(connection: Connection, line_type: LineType) -> Iterable[dict[str, Any]]:
    rows = _stream(connection, line_type)
    return _in_code_point_order(rows) if line_type.table is tables.commands else rows


def _stream(connection: Connection, line_type: LineType) -> Iterator[dict[str, Any]]:
    query = select(line_type.table).order_by(*line_type.order)
    for batch in connection.execute(query, execution_options={"yield_per": _BATCH}).partitions():
        for row in batch:
            yield dict(zip(line_type.names, row, strict=True))


def _in_code_point_order(commands: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield commands by number and id: each database sorts texts in its own way."""
    for _, group in groupby(commands, key=lambda row: row["seq"]):
        yield from sorted(group, key=lambda row: str(row["id"]))
