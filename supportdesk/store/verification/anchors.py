"""Compares a ledger with events that were noted outside it."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.store import ledger
from supportdesk.store.anchors import Anchor, Point
from supportdesk.store.backend import Reader
from supportdesk.store.errors import DamagedError
from supportdesk.store.findings import ChainBreak
from supportdesk.store.ledger import GENESIS
from supportdesk.store.verification.chain import COLUMNS, read_event_rows

_LAST = f"SELECT {COLUMNS} FROM ledger ORDER BY seq DESC LIMIT 1"  # noqa: S608 - names of ours
_HASH = "SELECT hash FROM ledger WHERE seq = ?"


def read_end(reader: Reader) -> Point:
    """Return the last event of a ledger. Raises DamagedError where it is not the one that the head names.

    The events before it are not read: an anchor says what the ledger is, and `verify` whether it is right.
    """
    end = Point(0, GENESIS)
    for row in read_event_rows(reader, _LAST, ()):
        if type(row["seq"]) is not int or ledger.compute_link_hash(row) != row["hash"]:
            raise DamagedError
        end = Point(row["seq"], row["hash"])
    if [tuple(each) for each in reader.rows("SELECT seq, hash FROM head")] != [(end.seq, end.hash)]:
        raise DamagedError
    return end


def find_difference(reader: Reader, end: int, anchors: Sequence[Anchor]) -> ChainBreak | None:
    """Return from which event on a ledger of `end` events is not the one in which the anchors were; None if it is.

    `anchors` are in the order of their events. As each hash includes the one before it, the ledger is the same up to
    the last anchor that it contains.
    """
    same: Anchor | None = None
    different: Anchor | None = None
    for anchor in anchors:
        if _contains(reader, anchor.point):
            same = anchor
        elif different is None:
            different = anchor
    if different is None:
        return None
    seq = different.point.seq
    if seq > end:
        return ChainBreak(
            seq, f"it was {different.place}, and the ledger ends at event {end}: it was cut short"
        )
    if same is not None and same.point.seq >= seq:
        return ChainBreak(
            seq,
            f"it was {different.place} with another hash, and yet event {same.point.seq} is as {same.place}:"
            " the anchor was changed, or is that of another desk",
        )
    what = f"it was {different.place} with another hash: the ledger"
    if same is None:
        return ChainBreak(seq, f"{what} was rewritten, or is that of another desk")
    return ChainBreak(seq, f"{what} was rewritten after event {same.point.seq}")


def _contains(reader: Reader, point: Point) -> bool:
    if point.seq == 0:
        return point.hash == GENESIS
    found = reader.row(_HASH, (point.seq,))
    return found is not None and found[0] == point.hash
