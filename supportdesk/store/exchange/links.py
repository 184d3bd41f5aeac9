"""Follows the chain of events from one to the next, in a file or on the way from one desk to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from supportdesk.store.ledger import GENESIS, compute_link_hash


class BrokenLinkError(ValueError):
    """An event does not follow the one before it; the message says which, and why."""


class ChainLinks:
    """The last event that was followed, by its number and hash."""

    def __init__(self, seq: int = 0, last_hash: str = GENESIS) -> None:
        self.seq = seq
        self.hash = last_hash
        self._erased: dict[int, str] = {}

    def __str__(self) -> str:
        """Return `SEQ:HASH`, the form in which a head is noted."""
        return f"{self.seq}:{self.hash}"

    def attest(self, row: Mapping[str, Any]) -> None:
        """Note what an erasure attests of an event; the last one counts."""
        self._erased[row["seq"]] = row["digest"]

    def follow(self, row: Mapping[str, Any]) -> None:
        """Follow the next event. Raises BrokenLinkError."""
        if row["seq"] != self.seq + 1:
            raise BrokenLinkError(f"event {self.seq + 1} is missing")
        if row["previous"] != self.hash:
            raise BrokenLinkError(f"event {row['seq']} does not follow the event before it")
        if compute_link_hash(row) != self._erased.get(row["seq"], row["hash"]):
            raise BrokenLinkError(f"event {row['seq']} was changed after it was written")
        self.seq, self.hash = row["seq"], row["hash"]
