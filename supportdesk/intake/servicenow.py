"""Taking in the audit log of ServiceNow incidents: one row for each change, one incident after another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from supportdesk.door import Door

Progress = Callable[[int, int], None]
"""Told how many incidents of how many are done."""


class UnreadableLogError(Exception):
    """The file is not such a log; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A row, or a part of one, for which the desk has no word. `row` counts as a text editor does, the header is 1."""

    row: int
    incident: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, in rows of the file; `known` were there from an earlier run, `refused` were not taken in."""

    rows: int
    incidents: int
    taken: int
    known: int
    refused: int
    unmapped: tuple[Unmapped, ...]


def import_file(door: Door, path: Path, *, by: str, progress: Progress = lambda done, of: None) -> Report:
    """Takes a log in, plain or gzipped, as tickets with their whole history; running it again adds only new rows.

    Raises UnreadableLogError for a file that is not such a log, OSError for one that cannot be read.
    """
    raise NotImplementedError
