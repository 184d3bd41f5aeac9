"""Desks of which a writer was killed in the middle of a change, with the journal that it left."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

from supportdesk.store.sqlite import database_file
from tests.forked import die, run_until_killed

_MAGIC = bytes.fromhex("d9d505f920a163d7")
_HEADER = 512
_PAGE = 4096


def kill_a_writer(desk: Path) -> None:
    """Start a process that changes more of a desk than it keeps in memory, and kill it before it commits."""
    run_until_killed(_write_and_die, desk)
    assert journal_of(desk).read_bytes()[:8] == _MAGIC, "the journal waits to be rolled back"


def _write_and_die(desk: Path) -> None:
    writer = database_file.connect(desk, 1.0)
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE ledger SET payload = payload || payload")
    die()


def killed_at_the_end_of(change: Callable[[], object], desk: Path) -> None:
    """Make a change, and leave the desk as if its writer was killed when only the journal was still to be ended."""
    pages = desk.stat().st_size // _PAGE
    change()
    journal = journal_of(desk)
    content = journal.read_bytes()
    records = [content[at : at + _PAGE + 8] for at in range(_HEADER, len(content) - _PAGE - 7, _PAGE + 8)]
    nonces = [_nonce(record) for record in records]
    count = next((n for n, nonce in enumerate(nonces) if nonce != nonces[0]), len(nonces))
    header = _MAGIC + struct.pack(">5I", count, nonces[0], pages, _HEADER, _PAGE)
    journal.write_bytes(header + content[len(header) :])


def _nonce(record: bytes) -> int:
    """The number from which the checksum of a page was counted on, the same for a whole transaction."""
    page, (checksum,) = record[4:-4], struct.unpack(">I", record[-4:])
    return int((checksum - sum(page[at] for at in range(_PAGE - 200, 0, -200))) % (1 << 32))


def journal_of(desk: Path) -> Path:
    """The rollback journal beside a desk."""
    return desk.with_name(f"{desk.name}-journal")
