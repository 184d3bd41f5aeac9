"""Makes a new desk from an export: nothing appears at its address unless all of the file is good."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import groupby, islice
from typing import IO, Any

import msgspec
from sqlalchemy import Table

from supportdesk.store.backend import Database
from supportdesk.store.closure import open_head
from supportdesk.store.database import create_with_records, open_database
from supportdesk.store.exchange.facts import BATCH, Rows, fill_desk, verify_closed
from supportdesk.store.exchange.lines import (
    ATTESTATION,
    EVENT,
    BadLineError,
    Count,
    Header,
    LineType,
    Trailer,
    decode_header,
    decode_line,
    place_of,
)
from supportdesk.store.exchange.links import BrokenLinkError, ChainLinks
from supportdesk.store.verification.verify import Verification

_LONGEST = 256 << 20
"""The length of the longest line that is read, in bytes; only the originals of cut texts are long."""

_AGAIN = "export the desk again"


class BadExportError(ValueError):
    """A file is not a complete and unchanged export; the message says where, and what to do. No desk was created."""


def import_lines(file: IO[bytes], address: str) -> Verification:
    """Create a desk from an export, and return what verifying it has shown.

    Raises BadExportError, AlreadyExistsError where there is a desk at the address, DeskUnavailableError where none can
    be created, OSError where the file cannot be read.
    """
    results: list[Verification] = []

    def save_records(unfinished: str) -> None:
        with closing(open_database(unfinished)) as database:
            results.append(_fill(database, file))

    create_with_records(address, save_records)
    return results[0]


def _fill(database: Database, file: IO[bytes]) -> Verification:
    wrong = fill_desk(database, _batches(_Lines(file)))
    if wrong is not None:
        raise BadExportError(f"its events do not make a desk: {wrong}")
    found = verify_closed(database)
    if not found.is_intact:
        raise BadExportError(f"it does not make a desk that is intact: {found.findings[0]}")
    database.write(open_head)
    return found


def _batches(lines: _Lines) -> Iterator[tuple[Table, Rows]]:
    """Yield the rows of the lines in batches of one table."""
    for line_type, group in groupby(lines.read(), key=lambda each: each[0]):
        while rows := [msgspec.structs.asdict(line) for _, line in islice(group, BATCH)]:
            yield line_type.table, rows


class _Lines:
    """Reads the lines of an export and checks that none is missing, changed, repeated or in another place."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._number = 0

    def read(self) -> Iterator[tuple[LineType, msgspec.Struct]]:
        """Yield each line between the first and the last with its type. Raises BadExportError."""
        try:
            yield from self._read()
        except (BadLineError, BrokenLinkError) as error:
            raise BadExportError(f"line {self._number}: {error}") from error

    def _read(self) -> Iterator[tuple[LineType, msgspec.Struct]]:
        count, links = Count(), ChainLinks()
        first = self._next()
        header = decode_header(first)
        count.add(first)
        last: tuple[int, Any] = (0, ())
        while True:
            line = self._next()
            line_type, decoded = decode_line(line)
            if line_type is None:
                break
            place = (place_of(line_type), line_type.key(decoded))
            if place <= last:
                raise BadLineError(f"it is in the wrong place, or a second time there: {_AGAIN}")
            last = place
            if line_type is EVENT:
                links.follow(msgspec.structs.asdict(decoded))
            elif line_type is ATTESTATION:
                links.attest(msgspec.structs.asdict(decoded))
            count.add(line, line_type)
            yield line_type, decoded
        self._check_end(header, decoded, count, links)

    def _check_end(self, header: Header, trailer: Trailer, count: Count, links: ChainLinks) -> None:
        expected = count.trailer()
        if trailer.counts != expected.counts:
            raise BadLineError(
                f"lines before this one are missing, or there are more than were written: {_AGAIN}"
            )
        if trailer.digest != expected.digest:
            raise BadLineError(f"something in the lines before this one was changed: {_AGAIN}")
        if header.head != str(links):
            raise BadLineError(f"the last event is {links}, and the first line says {header.head}: {_AGAIN}")
        if self._file.read(1):
            self._number += 1
            raise BadLineError(f"there is something after the last line of the export: {_AGAIN}")

    def _next(self) -> bytes:
        self._number += 1
        line = self._file.readline(_LONGEST + 1)
        if len(line) > _LONGEST:
            raise BadLineError(f"it is longer than any line of an export ({_LONGEST >> 20} MiB)")
        if not line.endswith(b"\n"):
            if self._number == 1:
                decode_header(line)
            raise BadLineError(f"the file ends here, before its last line: it was cut off, {_AGAIN}")
        return line
