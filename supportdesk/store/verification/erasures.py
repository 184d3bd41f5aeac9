"""Holds the events that erasures wrote again to what these attest; see `store/erasure/attestation`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from supportdesk.store import ledger
from supportdesk.store.backend import Reader
from supportdesk.store.erasure.attestation import PENDING, Attestation, compute_list_digest
from supportdesk.store.findings import Findings
from supportdesk.tickets.records.events import ContactErased

_LAST = "SELECT max(erasure) FROM erased_events"
_ALL = "SELECT erasure, seq, hash, digest FROM erased_events ORDER BY erasure, seq"
_TABLE = "erased_events"


class ErasedMeanwhileError(Exception):
    """A contact was erased while the ledger was read, so that it has to be read from the beginning."""


class Erasures:
    """What the erasures of a ledger attest.

    Everything is read at first, so that the events can be held to it in their order.
    """

    def __init__(self) -> None:
        self._last: object = None
        self._is_read = False
        self._lists: dict[int, list[Attestation]] = {}
        self._by_seq: dict[int, tuple[int, Attestation]] = {}
        self._explained: set[int] = set()

    def follow(self, reader: Reader) -> None:
        """Read what is attested, the first time. Raises ErasedMeanwhileError once there is more of it."""
        found = reader.row(_LAST)
        last = found[0] if found else None
        if self._is_read:
            if last != self._last:
                raise ErasedMeanwhileError
            return
        self._last, self._is_read = last, True
        for erasure, *columns in reader.rows(_ALL):
            attestation = Attestation(*columns)
            listed = self._lists.setdefault(erasure, [])
            if attestation.seq != PENDING:
                listed.append(attestation)
                self._by_seq[attestation.seq] = erasure, attestation

    def find_fault(self, row: Mapping[str, Any]) -> str | None:
        """Return what is wrong with the hash of an event; None where it is right, or attested as it is now."""
        link = ledger.compute_link_hash(row)
        if row["seq"] not in self._by_seq:
            return None if link == row["hash"] else "it was changed after it was written"
        erasure, attestation = self._by_seq[row["seq"]]
        if erasure <= row["seq"] or (row["hash"], link) != (attestation.hash, attestation.digest):
            return f"it is not what the erasure by event {erasure} made of it"
        return None

    def find_last(self, seqs: Iterable[int]) -> int:
        """Return the number of the last erasure that wrote one of these events again; 0 where none did."""
        return max((self._by_seq[seq][0] for seq in seqs if seq in self._by_seq), default=0)

    def check_list(self, event: ContactErased, seq: int) -> None:
        """Compare what an erasure attests with its event. Raises ValueError where they differ."""
        self._explained.add(seq)
        listed = self._lists.get(seq, [])
        if len(listed) != event.events or compute_list_digest(listed) != event.attested:
            raise ValueError("the list of the events that it wrote again was changed")

    def compare(self, findings: Findings) -> None:
        """Find what is attested by no erasure."""
        for erasure in self._lists.keys() - self._explained:
            findings.add(_TABLE, erasure, "no event in the ledger explains it")
