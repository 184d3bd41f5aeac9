"""Reads an export of incidents: a CSV file with one row per change, or one per incident in its present state.

Rows are copied to a temporary file while they are read. Only their positions stay in memory, by incident, so that a
long export takes little memory and its rows may come in any order.
"""

from __future__ import annotations

import csv
import re
import tempfile
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import IO

import msgspec

from supportdesk.intake.servicenow.columns import check_columns, count_known, known_columns
from supportdesk.intake.servicenow.text_file import LIMIT, TextFile, UnreadableExportError, open_text
from supportdesk.intake.servicenow.timestamps import DateEvidence, DateOrder, ParsedTime, TimeReader
from supportdesk.tickets.plain_text import UNWANTED

__all__ = ["MOST_ROWS", "Export", "ExportRow", "UnreadableExportError", "UnreadableRow", "open_export"]

MOST_ROWS = 5_000
"""The most rows that one incident may have; real ones have some dozens."""

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_NAMED_SEPARATOR = re.compile(r'"?sep=([^"\r\n])"?\s*')
_LONGEST_FIELD = 1_000_000
_LONGEST_COUNT = 18
"""Digits of the longest count that is believed."""
_DATES = ("sys_updated_at", "opened_at", "sys_created_at", "resolved_at", "closed_at")
"""Columns whose dates show the order of day and month in a file."""


class ExportRow(msgspec.Struct, frozen=True):
    """One row, with the UTC instant of its change. `line` counts from 1, as in an editor.

    An unknown value, `?` in the export, is empty. `remark` says what was assumed about its time.
    """

    line: int
    fields: dict[str, str]
    at: datetime
    opened_at: datetime | None = None
    remark: str = ""

    def __getitem__(self, column: str) -> str:
        return self.fields.get(column, "")

    @property
    def incident(self) -> str:
        """The number of the incident."""
        return self["number"]

    @property
    def state(self) -> str:
        """The incident's state, as the export names it."""
        return self["incident_state"] or self["state"]

    @property
    def changes(self) -> int:
        """How often the incident had been changed; 0 if the export does not say."""
        count = self["sys_mod_count"]
        return int(count) if count.isdecimal() and len(count) <= _LONGEST_COUNT else 0


class UnreadableRow(msgspec.Struct, frozen=True):
    """A row that cannot be imported, and the reason."""

    line: int
    incident: str
    reason: str


@dataclass
class Export:
    """An export that has been read. `description` is a sentence on how it was understood."""

    spool: IO[bytes]
    columns: list[str]
    description: str = ""
    rows: int = 0
    unreadable_rows: list[UnreadableRow] = field(default_factory=list)
    """The first rows that cannot be read."""
    unreadable_count: int = 0
    times: TimeReader = field(default_factory=lambda: TimeReader(DateOrder.DAY_FIRST))
    _places: dict[str, array[int]] = field(default_factory=dict)

    @property
    def incidents(self) -> list[str]:
        """The numbers of the incidents, in the order in which the file first names them."""
        return list(self._places)

    def count(self, incident: str) -> int:
        """Return how many rows an incident has."""
        return len(self._places[incident])

    def read_rows(self, incident: str) -> Iterator[ExportRow | UnreadableRow]:
        """Yield the rows of an incident in the order of the file."""
        for place in self._places[incident]:
            self.spool.seek(place)
            line, values = msgspec.json.decode(self.spool.readline(), type=tuple[int, list[str]])
            yield self._row(line, dict(zip(self.columns, values, strict=True)))

    def add(self, line: int, values: Sequence[str]) -> None:
        """Store a row for `read_rows`."""
        fields = [_without_placeholder(value) for value in values]
        column = self.columns.index("number")
        number = fields[column] = incident_number(fields[column])
        if not number:
            self.refuse(UnreadableRow(line, "", "it names no incident"))
            return
        self._places.setdefault(number, array("Q")).append(self.spool.tell())
        self.spool.write(msgspec.json.encode((line, fields)) + b"\n")

    def refuse(self, row: UnreadableRow) -> None:
        """Count a row that cannot be read; the first ones are listed."""
        self.unreadable_count += 1
        if len(self.unreadable_rows) < MOST_ROWS:
            self.unreadable_rows.append(row)

    def _row(self, line: int, fields: dict[str, str]) -> ExportRow | UnreadableRow:
        updated = self.times.read(fields["sys_updated_at"])
        number = fields["number"]
        if updated is None:
            example = {"iso": "2016-02-29 01:23", "dmy": "29-02-2016 01:23", "mdy": "02-29-2016 01:23"}
            return UnreadableRow(
                line,
                number,
                f"it was updated at {fields['sys_updated_at']!r}, not a time such as {example[self.times.order]}",
            )
        opened = self._opened(fields)
        return ExportRow(line, fields, updated.at, opened.at if opened else None, updated.remark)

    def _opened(self, fields: dict[str, str]) -> ParsedTime | None:
        for column in ("opened_at", "sys_created_at"):
            if fields.get(column) and (stamp := self.times.read(fields[column])) is not None:
                return stamp
        return None


def incident_number(text: str) -> str:
    """Return the number of an incident in one spelling: in capitals, without spaces and invisible characters."""
    return "".join(unicodedata.normalize("NFKC", UNWANTED.sub("", text)).split()).upper()


@contextmanager
def open_export(
    path: Path, *, dates: DateOrder | None = None, zone: tzinfo = UTC, limit: int = LIMIT
) -> Iterator[Export]:
    """Read an export, and yield it with its incidents while the block lasts.

    `zone` is that of times without one. Raises UnreadableExportError for a file that is not an export, or mixes orders
    of day and month; OSError for one that cannot be read.
    """
    with tempfile.TemporaryFile(prefix="supportdesk-import-") as spool:
        with open_text(path, limit) as text:
            try:
                export = _spool(text, spool, dates, zone)
            except UnicodeDecodeError as error:
                raise UnreadableExportError(f"it is not all in {text.encoding}: {error.reason}") from error
        yield export


def _spool(text: TextFile, spool: IO[bytes], dates: DateOrder | None, zone: tzinfo) -> Export:
    csv.field_size_limit(_LONGEST_FIELD)
    lines = text.lines()
    first = next(lines, "")
    named = _NAMED_SEPARATOR.fullmatch(first)
    lines_before = 1
    if named:
        first = next(lines, "")
        lines_before = 2
    separator = named[1] if named else _separator(first)
    columns = known_columns(next(csv.reader([first], delimiter=separator), []))
    check_columns(columns)
    export, evidence = Export(spool, columns), DateEvidence(dates)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    dated = [(columns.index(column)) for column in _DATES if column in columns]
    line = lines_before + 1
    try:
        for values in reader:
            if any(values):
                export.rows += 1
                if len(values) == len(columns):
                    for index in dated:
                        evidence.add(line, values[index].strip())
                    export.add(line, values)
                else:
                    export.refuse(_describe_wrong_width(line, values, columns))
            line = lines_before + reader.line_num + 1
    except csv.Error as error:
        raise UnreadableExportError(f"line {line} is not CSV: {error}") from error
    export.times = TimeReader(evidence.order(), zone)
    assumed = (
        " (assumed, as no date shows it; --dates mdy reads them month first)" if evidence.is_assumed else ""
    )
    export.description = (
        f"Read as {text.encoding}, separated by {_SEPARATORS.get(separator, repr(separator))}; "
        f"dates {export.times.order.text}{assumed}; times without a zone in {zone}."
    )
    return export


def _separator(header: str) -> str:
    """Return the separator with which the header has the most columns of an incident."""

    def known(separator: str) -> int:
        return count_known(next(csv.reader([header], delimiter=separator), []))

    best = max(_SEPARATORS, key=known)
    if not known(best):
        raise UnreadableExportError(
            "its first line names no column of an incident, separated by comma, semicolon, tab or bar; "
            "export the incidents as CSV with a header"
        )
    return best


def _describe_wrong_width(line: int, values: Sequence[str], columns: Sequence[str]) -> UnreadableRow:
    number = columns.index("number")
    incident = values[number].strip() if number < len(values) else ""
    fields = "1 field" if len(values) == 1 else f"{len(values)} fields"
    return UnreadableRow(line, incident, f"it has {fields} where the header has {len(columns)}")


def _without_placeholder(value: str) -> str:
    value = value.strip()
    return "" if value == "?" else value
