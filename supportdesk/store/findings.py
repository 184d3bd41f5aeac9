"""The findings of a verification, in order, up to a number that a person can read."""

from __future__ import annotations

import msgspec

MAX_LISTED = 50
"""How many findings are listed; further ones are counted."""


class ChainBreak(msgspec.Struct, frozen=True):
    """An event at which the ledger is not what was written."""

    seq: int
    reason: str

    def __str__(self) -> str:
        """Return the finding as a sentence without its full stop."""
        return f"The ledger is broken at event {self.seq:,}: {self.reason}"


class Mismatch(msgspec.Struct, frozen=True):
    """A row, or a part of the file, that differs from what the ledger and the program give."""

    table: str
    key: str
    reason: str

    def __str__(self) -> str:
        """Return the finding as a sentence without its full stop."""
        return f"{' '.join(filter(None, (self.table, self.key)))}: {self.reason}"


class Findings:
    """Collects findings; `unlisted` counts those beyond the limit."""

    def __init__(self) -> None:
        self.breaks: list[ChainBreak] = []
        self.mismatches: list[Mismatch] = []
        self.unlisted = 0

    @property
    def first(self) -> ChainBreak | Mismatch | None:
        """The first finding, a break before any other; None without one."""
        if self.breaks:
            return self.breaks[0]
        return self.mismatches[0] if self.mismatches else None

    def has_any_in(self, table: str) -> bool:
        """Return whether something was found in a table, or may be among the unlisted findings."""
        return self.unlisted > 0 or any(each.table == table for each in self.mismatches)

    def add_break(self, seq: int, reason: str) -> None:
        """Add an event that is not what was written."""
        if len(self.breaks) < MAX_LISTED:
            self.breaks.append(ChainBreak(seq, reason))
        else:
            self.unlisted += 1

    def add(self, table: str, key: object, reason: str) -> None:
        """Add a row or a part of the file that is not as it should be; the same finding is added once."""
        found = Mismatch(table, shorten_text(key), reason)
        if found in self.mismatches:
            return
        if len(self.mismatches) < MAX_LISTED:
            self.mismatches.append(found)
        else:
            self.unlisted += 1


def shorten_text(value: object) -> str:
    """Return a stored value of any type as a short text for a message."""
    text = value if isinstance(value, str) else "NULL" if value is None else repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
