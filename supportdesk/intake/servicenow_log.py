"""Reading the audit log of ServiceNow incidents: a CSV file, plain or gzipped, with one row for each change."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

NEEDED = (
    "number",
    "incident_state",
    "opened_at",
    "sys_mod_count",
    "sys_updated_at",
    "priority",
    "contact_type",
    "caller_id",
    "location",
    "assignment_group",
    "assigned_to",
)
"""The columns without which a log cannot be taken in."""

_GZIP = b"\x1f\x8b"
_LONGEST_FIELD = 1_000_000


class UnreadableLogError(Exception):
    """The file is not such a log; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `line` counts as a text editor does, the header is 1. What the log marks as unknown, `?`, is empty."""

    line: int
    fields: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields.get(column, "")

    @property
    def incident(self) -> str:
        """The incident's number."""
        return self["number"]


@dataclass(frozen=True, slots=True)
class Misfit:
    """A row that cannot be read at all, and why."""

    line: int
    incident: str
    reason: str


def read_log(path: Path) -> Iterator[Row | Misfit]:
    """The rows of a log in order.

    Raises UnreadableLogError for a file that is none, OSError for one that cannot be read.
    """
    try:
        with _opened(path) as file:
            yield from _rows(csv.reader(file, strict=True))
    except (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableLogError(f"it is no CSV file in UTF-8, or it is damaged: {error}") from error


def read_instant(text: str) -> datetime | None:
    """A time of the log, `dd-mm-yyyy HH:MM`, taken as UTC because the log names no zone; None where it is no time."""
    try:
        return datetime.strptime(text.replace("/", "-"), "%d-%m-%Y %H:%M").replace(tzinfo=UTC)
    except ValueError:
        return None


def _opened(path: Path) -> TextIO:
    with path.open("rb") as file:
        zipped = file.read(len(_GZIP)) == _GZIP
    if zipped:
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _rows(reader: Iterator[list[str]]) -> Iterator[Row | Misfit]:
    csv.field_size_limit(_LONGEST_FIELD)
    header = [name.strip() for name in next(reader, [])]
    missing = [column for column in NEEDED if column not in header]
    if missing:
        raise UnreadableLogError(
            f"it has no column {', '.join(missing)}; give the incidents' audit log with its header"
        )
    number = header.index("number")
    for line, values in enumerate(reader, 2):
        if not values:
            continue
        if len(values) != len(header):
            incident = values[number] if number < len(values) else ""
            yield Misfit(line, incident, f"it has {len(values)} fields where the header has {len(header)}")
            continue
        yield Row(line, {name: _known(value) for name, value in zip(header, values, strict=True)})


def _known(value: str) -> str:
    value = value.strip()
    return "" if value == "?" else value
