"""What can happen to the disk of a PostgreSQL server, and to what it has written there."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.postgres_desk import FAULTS, PostgresDesk
from tests.faults.sqlite_file import spoil_bytes

RESTORED = "`supportdesk db copy BACKUP ADDRESS`, into an empty database"
PAGE = 8192


@FAULTS.fault("its disk is full", "make room", needs_disk=True)
def fill_disk(desk: PostgresDesk) -> Iterator[None]:
    filler = desk.disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    yield
    filler.unlink()


@FAULTS.fault("its disk is mounted read-only", "mount it for writing", needs_disk=True, is_long=True)
def mount_read_only(desk: PostgresDesk) -> Iterator[None]:
    # A second time over itself: a disk on which files are open for writing is not made read-only.
    disk = str(desk.disk)
    subprocess.run(["mount", "--bind", disk, disk], check=True)
    try:
        # The server may have opened a file by the new way already: it closes that soon.
        while subprocess.run(["mount", "-o", "remount,bind,ro", disk], check=False).returncode:
            desk.end_sessions()
        desk.end_sessions()
        yield
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)
    desk.end_sessions()


@contextmanager
def spoilt(desk: PostgresDesk, name: str, content: bytes) -> Iterator[None]:
    """Have the first page of a table or an index overwritten on the disk, while the server is stopped."""
    with desk.connect() as connection:
        found = connection.execute("SELECT pg_relation_filepath(%s)", [name]).fetchone()
    assert found is not None
    desk.server.stop("fast")
    spoil_bytes(desk.server.data / found[0], 0, content * (PAGE // len(content)))
    desk.server.start()
    yield


@FAULTS.fault("nonsense in a page of its ledger", RESTORED, is_long=True)
def spoil_ledger(desk: PostgresDesk) -> Iterator[None]:
    with spoilt(desk, "ledger", b"\xff"):
        yield
    desk.restore()


@FAULTS.fault("nonsense in a page of its head", RESTORED, is_long=True)
def spoil_head(desk: PostgresDesk) -> Iterator[None]:
    with spoilt(desk, "head", b"\xff"):
        yield
    desk.restore()


@FAULTS.fault("nonsense in a page of its tickets", RESTORED, is_long=True)
def spoil_tickets(desk: PostgresDesk) -> Iterator[None]:
    with spoilt(desk, "tickets", b"\xff"):
        yield
    desk.restore()


@FAULTS.fault("zeros in a page of the index of its tickets", "`REINDEX`", is_long=True)
def spoil_index(desk: PostgresDesk) -> Iterator[None]:
    with spoilt(desk, "pk_tickets", b"\0"):
        yield
    desk.execute(f"REINDEX DATABASE {desk.name}")


@FAULTS.fault("another letter in an event", RESTORED, is_long=True)
def change_event(desk: PostgresDesk) -> Iterator[None]:
    # The guards of the table look away from a superuser who asks for it.
    desk.execute(
        "SET session_replication_role = replica",
        "UPDATE ledger SET payload = replace(payload, 'before', 'bEfore') WHERE event = 'noted'",
    )
    yield
    desk.restore()
