"""A desk on a PostgreSQL server that breaks for real."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from supportdesk.store.database import open_database
from tests.faults.database import BreakableDatabase, Fault, FaultList
from tests.faults.desk import begin_desk
from tests.faults.program import NO_LIMITS, run
from tests.faults.sqlite_desk import can_mount, mounted
from tests.postgres import USER, PostgresServer, find_programs
from tests.proxy import Proxy
from tests.store.desks import furnish

FAULTS = FaultList["PostgresDesk"]()
OWNER = "desk"
"""The login of the programs, which owns the desk's tables and may do nothing else on the server."""
NAME = "desk"
"""The database, in the document."""
HOST = "127.0.0.1"
DISK = 64 << 20
"""The size, in bytes, of the disk of a desk of which the disk breaks."""
_CONNECTIONS = 12


class PostgresDesk(BreakableDatabase):
    """A desk in a database of its own, on a server that it shares with those before it, behind a proxy."""

    kind = "PostgreSQL"
    limits = NO_LIMITS

    def __init__(self, folder: Path, fault: Fault) -> None:
        self.folder = folder
        self.server = breakable_server()
        self.name = self.server.make_database(_template())
        self.execute(f"ALTER DATABASE {self.name} OWNER TO {OWNER}", database="postgres")
        self.proxy = Proxy(self.server.port)
        port = self.proxy.port if fault.needs_proxy else self.server.port
        self.address = self.find_address(port=port)
        self._fault = fault
        self._broken = contextlib.ExitStack()

    @classmethod
    def list_faults(cls) -> Sequence[Fault]:
        """Return the faults, where a server is installed; those of a disk only where one can be mounted."""
        from tests.faults import (  # noqa: F401 - they register what they cause
            postgres_content,
            postgres_disk,
            postgres_server,
            postgres_ways,
        )

        if find_programs() is None:
            return []
        return [fault for fault in FAULTS.causes if not fault.needs_disk or can_mount()]

    @classmethod
    def can_cause_all(cls) -> bool:
        """Return whether a server is installed and a disk can be mounted."""
        return find_programs() is not None and can_mount()

    @classmethod
    @contextmanager
    def started(cls, folder: Path, fault: Fault) -> Iterator[PostgresDesk]:
        """Start a desk on the server, on a disk of its own if that is to break."""
        desk = cls(folder, fault)
        with desk.on_small_disk() if fault.needs_disk else contextlib.nullcontext():
            try:
                yield desk
            finally:
                desk.mend()
                desk.proxy.close()
                desk.server.drop_database(desk.name)

    @contextmanager
    def on_small_disk(self) -> Iterator[None]:
        """Have the database on a small disk within the block."""
        self.disk.mkdir()
        with mounted(self.disk, DISK):
            shutil.chown(self.disk, USER, USER)
            self.execute(
                f"CREATE TABLESPACE small LOCATION '{self.disk}'",
                f"ALTER DATABASE {self.name} SET TABLESPACE small",
                database="postgres",
            )
            try:
                yield
            finally:
                self.execute("DROP TABLESPACE small", database="postgres")
        self.disk.rmdir()

    @property
    def disk(self) -> Path:
        """The folder of the small disk."""
        return self.server.folder / "disk"

    def cause(self) -> None:
        """Cause the fault. It lasts until `mend`."""
        self._broken.enter_context(FAULTS.causes[self._fault](self))

    def mend(self) -> None:
        """Do what the remedy says."""
        self._broken.close()

    def anonymise(self, text: str) -> str:
        """Return a sentence without what differs from run to run and from machine to machine."""
        text = re.sub(rf"\b({self.server.port}|{self.proxy.port})\b", "5432", text)
        text = re.sub(r'file "[^"]*"', "a file", text)
        # Why a name is not known depends on the network of the machine.
        text = re.sub(r"\[Errno -\d\] [\w ]+", "Name or service not known", text)
        return text.replace(self.name, NAME).replace(HOST, "db1")

    def find_address(self, *, host: str = HOST, port: int | None = None, name: str = "") -> str:
        """Return the address of the desk, or one that differs from it."""
        return f"postgresql://{OWNER}@{host}:{port or self.server.port}/{name or self.name}"

    def connect(self) -> psycopg.Connection[Any]:
        """Return a connection of the server's superuser to the desk's database, outside any transaction."""
        return self.server.connect(self.name)

    def execute(self, *statements: str, database: str = "") -> None:
        """Have the server's superuser execute statements."""
        with self.server.connect(database or self.name) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def end_sessions(self) -> None:
        """End the sessions of everybody else in the database, and wait until they have ended."""
        with self.server.connect("postgres") as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = %s",
                [self.name],
            )

    def restore(self) -> None:
        """Replace the database by an empty one, and copy the backup into it, as the messages say."""
        self.server.drop_database(self.name)
        self.execute(f"CREATE DATABASE {self.name} OWNER {OWNER} TEMPLATE template0", database="postgres")
        backup = shutil.copy(_backup(), self.folder / "backup.db")
        answer = run("db", "copy", str(backup), self.address)
        assert answer.code == 0, answer


@cache
def breakable_server() -> PostgresServer:
    """Return the server of the desks that break in this process; each fault leaves it as it was."""
    programs = find_programs()
    assert programs is not None
    # What is committed outlives the death of a process, as it does wherever a desk belongs.
    settings = {"synchronous_commit": "on", "wal_level": "replica", "max_connections": str(_CONNECTIONS)}
    server = PostgresServer(programs, **settings)
    with server.connect("postgres") as connection:
        connection.execute(f"CREATE ROLE {OWNER} LOGIN".encode())
    return server


@cache
def _template() -> str:
    server = breakable_server()
    name = server.make_database()
    with server.connect("postgres") as connection:
        connection.execute(f"ALTER DATABASE {name} OWNER TO {OWNER}".encode())
    address = server.address(name, OWNER)
    furnish(address)
    begin_desk(address)
    with closing(open_database(address)) as database:
        database.back_up(Path(_backups().name) / "backup.db")
    server.seal(name)
    return name


def _backup() -> Path:
    return Path(_backups().name) / "backup.db"


@cache
def _backups() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="supportdesk-tests-")
