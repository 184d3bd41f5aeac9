"""Anchors: events that were noted outside a desk by number and hash.

Whoever can write the database can also write its ledger again from any event on, with hashes that fit, or cut off its
end. Only what was noted elsewhere tells. Light to import.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

_POINT = re.compile(r"(?<![0-9A-Za-z])([0-9]{1,18}):([0-9A-Fa-f]{64})(?![0-9A-Za-z])")


class Point(msgspec.Struct, frozen=True, order=True):
    """An event of a ledger by its number and hash; number 0 is the beginning of every ledger."""

    seq: int
    hash: str

    def __str__(self) -> str:
        """Return `SEQ:HASH`, the form in which it is noted."""
        return f"{self.seq}:{self.hash}"


class Anchor(msgspec.Struct, frozen=True, order=True):
    """An event that was noted, and where: a line of a file, counted from 1, or 0 for one given by itself."""

    point: Point
    line: int = 0

    @property
    def place(self) -> str:
        """Return where it was noted, as the end of a sentence."""
        return f"anchored in line {self.line}" if self.line else "expected"


class BadAnchorError(ValueError):
    """A line has no anchor, or several; the message says which line and what to do."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(
            f"line {line} has {why}: each line has one, as `supportdesk anchor` writes it,"
            " a number, a colon and 64 hexadecimal digits"
        )


def parse_anchors(text: str) -> list[Anchor]:
    """Return the anchors in the lines of a text, in the order of their events. Empty lines have none.

    Whatever else is in a line is ignored, as the system log puts more into it. Raises BadAnchorError.
    """
    return sorted(_parse_lines(text))


def _parse_lines(text: str) -> Iterator[Anchor]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        found = _POINT.findall(line)
        if len(found) != 1:
            raise BadAnchorError(number, "no anchor" if not found else "several anchors")
        [(seq, event_hash)] = found
        yield Anchor(Point(int(seq), event_hash.lower()), number)
