"""The rows by which an erasure attests the new form of the events that it wrote again.

The hash of such an event stays, so that the next event still follows it, and what it was the hash of is gone with the
salt. An attestation holds that hash and the hash of the event as it is now; the erasure's own event holds the digest of
them all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from supportdesk.sla.clocks import instant
from supportdesk.store import tables
from supportdesk.store.ledger import GENESIS
from supportdesk.store.read_models import Erasure

PENDING = 0
"""The number in a row that says: what an erasure left in free space of the database is still to be removed."""

_attestations = tables.erased_events.c
_COLUMNS = (_attestations.seq, _attestations.hash, _attestations.digest)


_LAST_ERASURE = select(func.max(_attestations.erasure))
"""Built once: consoles ask it at each change of a contact."""


class Attestation(NamedTuple):
    """The number of an event that was written again, its hash in the chain, and the hash of what it is now."""

    seq: int
    hash: str
    digest: str


def compute_list_digest(attestations: Iterable[Attestation]) -> str:
    """Return the digest of an erasure's attestations, in any order."""
    listed = hashlib.sha256()
    for each in sorted(attestations):
        listed.update(f"{each.seq}:{each.hash}:{each.digest}\n".encode())
    return listed.hexdigest()


def save_attestations(connection: Connection, erasure: int, attestations: Iterable[Attestation]) -> None:
    """Save the attestations of an erasure, given by its event number, and that its traces are to be removed."""
    rows = [{"erasure": erasure, **each._asdict()} for each in attestations]
    pending = {"erasure": erasure, "seq": PENDING, "hash": GENESIS, "digest": GENESIS}
    connection.execute(insert(tables.erased_events), [pending, *rows])


def find_last_erasure(connection: Connection) -> int:
    """Return the event number of the last erasure; 0 without one."""
    return connection.execute(_LAST_ERASURE).scalar() or 0


def has_erasure_since(connection: Connection, since: int) -> bool:
    """Return whether a contact was erased after an event number."""
    return find_last_erasure(connection) > since


def load_last_erasure(connection: Connection) -> Erasure | None:
    """Return when the last erasure was; None without one."""
    seq = find_last_erasure(connection)
    at = connection.execute(select(tables.ledger.c.at).where(tables.ledger.c.seq == seq)).scalar()
    return Erasure(seq, instant(at)) if at is not None else None


def has_traces(connection: Connection) -> bool:
    """Return whether an erasure's traces in free space are still to be removed."""
    found = select(_attestations.erasure).where(_attestations.seq == PENDING).limit(1)
    return connection.execute(found).first() is not None


def forget_traces(connection: Connection, last: int) -> None:
    """Save that the traces of the erasures up to `last` were removed."""
    connection.execute(
        delete(tables.erased_events).where(_attestations.seq == PENDING, _attestations.erasure <= last)
    )


def load_erased_hashes(connection: Connection) -> list[tuple[int, Attestation]]:
    """Return all attestations with the numbers of their erasures, in order."""
    found = connection.execute(
        select(_attestations.erasure, *_COLUMNS)
        .where(_attestations.seq != PENDING)
        .order_by(_attestations.erasure, _attestations.seq)
    )
    return [(erasure, Attestation(*columns)) for erasure, *columns in found]
