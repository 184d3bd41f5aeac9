"""Which references a desk has given out, as far as its file, which may be damaged, still tells."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path

import msgspec

from supportdesk.store.sqlite import journal
from supportdesk.tickets import reference

_REFERENCES = (
    "SELECT ref FROM ledger WHERE ref IS NOT NULL ORDER BY seq DESC",
    "SELECT ref FROM tickets ORDER BY ref DESC",
    "SELECT ref FROM ledger WHERE ref IS NOT NULL ORDER BY seq",
    "SELECT ref FROM tickets ORDER BY rowid DESC",
    "SELECT ref FROM tickets ORDER BY rowid",
)
"""What gives references; each query reads up to the first damaged page on its way."""

_PLAUSIBLE = 100_000
"""How many references at most are believed to have been given after the backup."""

_WRITTEN = re.compile(rb"CD-[0-9A-Z]{4,5}-[0-9A-Z]")


class NextNumber(msgspec.Struct, frozen=True):
    """The number of the ticket that a desk would log next; `is_certain` is False where it may be higher."""

    number: int
    is_certain: bool


def find_next_number(path: Path, least: int) -> NextNumber | None:
    """Return the number of the ticket that a desk would log next, as far as it tells; None if nothing tells it.

    It is certain where the file states it, or where one of the places with every reference was read to its end.
    `least` is the number that it has at least, which the backup tells. A journal beside the file is left alone: a
    ticket that was not committed was not given out.
    """
    most = least + _PLAUSIBLE
    try:
        with closing(journal.open_raw(path, "mode=ro&immutable=1")) as desk:
            read = [_Column(desk, query) for query in _REFERENCES]
            known = max(_number_after_last(each, most) for each in read)
            stated = next(iter(_Column(desk, "SELECT next_ticket FROM head")), None)
        if not known and stated is None:
            known = _number_after_last(_scan(path), most)
    except (sqlite3.Error, OSError, ValueError):
        return None
    if type(stated) is int and known <= stated <= most:
        return NextNumber(stated, is_certain=True)
    return NextNumber(known, any(each.is_complete for each in read)) if known else None


def _number_after_last(refs: Iterable[object], most: int) -> int:
    """Return the number after the highest of the references, but none above `most`; 0 without any."""
    number, last = 0, ""
    for ref in refs:
        # A later reference is longer, or follows in the alphabet: few of them have to be parsed.
        if isinstance(ref, str) and (len(ref), ref) > (len(last), last):
            with suppress(reference.BadReferenceError):
                found = reference.number(ref) + 1
                if found <= most:
                    number, last = max(number, found), ref
    return number


class _Column:
    """The values that a query finds before the first damaged page; `is_complete` once it met none."""

    def __init__(self, desk: sqlite3.Connection, query: str) -> None:
        self._desk = desk
        self._query = query
        self.is_complete = False

    def __iter__(self) -> Iterator[object]:
        with suppress(sqlite3.Error):
            for (value,) in self._desk.execute(self._query):
                yield value
            self.is_complete = True


def _scan(path: Path) -> Iterator[str]:
    """Yield what looks like a reference anywhere in the file: for one whose schema is damaged."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        for found in _WRITTEN.finditer(content):
            yield found[0].decode()
