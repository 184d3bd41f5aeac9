"""A PostgreSQL server of the tests' own: in a temporary folder, on a free port of this machine, without durability."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.patience import LAST_RESORT, wait_for

PLACES = "/usr/lib/postgresql"
"""Where Debian has the programs of each version."""
CHOSEN = "TEST_POSTGRES"
"""The variable of the environment that names the folder of another server's programs."""
USER = "postgres"
"""The server's superuser; a server never runs as root."""

_SETTINGS = {
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "32MB",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "log_min_messages": "panic",
    # What a killed server shared in memory goes with its folder.
    "dynamic_shared_memory_type": "mmap",
}
SAVINGS = ("fsync", "synchronous_commit", "autovacuum")
"""What is off, as no data of a test must survive; `doctor` warns of it."""
_names = count(1)


def find_programs() -> Path | None:
    """Return the folder of the newest server that is installed, or the one that is chosen; None without one."""
    if (chosen := os.environ.get(CHOSEN)) is not None:
        return Path(chosen)
    installed = Path(PLACES).glob("*/bin/postgres")
    newest = max(installed, key=lambda each: int(each.parts[-3]), default=None)
    on_path = shutil.which("postgres")
    return newest.parent if newest is not None else Path(on_path).resolve().parent if on_path else None


class PostgresServer:
    """A running server, until `remove` or the end of this process. Databases are copies of templates.

    `settings` are added to those that every test server has.
    """

    allowed = True
    """Whether the tests of this process may have a server; a run on files leaves out those that need one."""

    def __init__(self, programs: Path, **settings: str) -> None:
        assert self.allowed, "this run is on files only: mark the test with `server`"
        self._programs = programs
        self._as: dict[str, Any] = (
            {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
        )
        self.folder = Path(tempfile.mkdtemp(prefix="supportdesk-postgres-"))
        if self._as:
            shutil.chown(self.folder, USER, USER)
        self.port = find_free_port()
        self.settings = {**_SETTINGS, **settings}
        self.environment: dict[str, str] = {}
        """What is added to the environment of the server."""
        self._run("initdb", "-D", self.data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        # In the file, settings can be changed while the server runs.
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = off\n" for name in SAVINGS)
        self._process: subprocess.Popen[bytes] | None = None
        self._remover = self._start_remover()
        self.start()

    @property
    def data(self) -> Path:
        """The folder of the server's data."""
        return self.folder / "data"

    def launch(self) -> None:
        """Start the server, and do not wait until it answers."""
        options = [f"-c{name}={value}" for name, value in self.settings.items()]
        self._process = subprocess.Popen(
            [self._programs / "postgres", "-D", self.data, "-p", str(self.port), "-k", self.folder, *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env={**os.environ, **self.environment},
            **self._as,
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.launch()
        give_up_at = time.monotonic() + LAST_RESORT
        while time.monotonic() < give_up_at:
            try:
                self.connect("postgres").close()
            except psycopg.OperationalError:
                if self._process is None or self._process.poll() is not None:
                    # One that was killed leaves processes for a moment, in whose way a new one would be.
                    self.launch()
                time.sleep(0.02)
            else:
                return
        raise TimeoutError("the server of the tests does not start")

    def stop(self, how: str = "immediate") -> None:
        """Stop the server: `fast` ends its sessions, `immediate` is like a crash."""
        if self._process is not None:
            self._run("pg_ctl", "-D", self.data, "-m", how, "-w", "stop")
            self._process.wait()
            self._process = None

    def kill(self) -> None:
        """Kill the server's first process (`kill -9`); the others notice it and end."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        """Stop the server and remove its files."""
        self.kill()
        self._remover.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_remover(self) -> subprocess.Popen[bytes]:
        """Start a process that removes the server when its input ends, which is when this process ends in any way."""
        stop = [self._programs / "pg_ctl", "-D", self.data, "-m", "immediate", "stop"]
        return subprocess.Popen(
            ["sh", "-c", f"read never; {shlex.join(map(str, stop))}; rm -rf {self.folder}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            # What is sent to this process and all that it started, such as Ctrl-C, is not for it.
            start_new_session=True,
            **self._as,
        )

    def address(self, database: str, user: str = USER) -> str:
        """Return the address of a desk in one of its databases."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str, user: str = USER) -> psycopg.Connection[Any]:
        """Return a connection outside any transaction."""
        return psycopg.connect(host="127.0.0.1", port=self.port, dbname=database, user=user, autocommit=True)

    def end_savings(self) -> None:
        """Have the server lose nothing and clean up from now on; new sessions do."""
        if self._shows(SAVINGS[-1], "on"):
            return
        with self.connect("postgres") as connection:
            for name in SAVINGS:
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = on").format(sql.Identifier(name)))
            connection.execute("SELECT pg_reload_conf()")
        wait_for(lambda: self._shows(SAVINGS[-1], "on"), lambda: "the server still saves")

    def _shows(self, name: str, value: str) -> bool:
        with self.connect("postgres") as connection:
            return connection.execute("SELECT current_setting(%s)", [name]).fetchone() == (value,)

    def make_database(self, template: str = "template0") -> str:
        """Return the name of a new database, a copy of a template that nobody is connected to."""
        name = f"desk_{next(_names)}"
        # Copying its files takes a quarter of the time of writing it to the server's log first.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        with self.connect("postgres") as connection:
            connection.execute(statement)
        return name

    def seal(self, name: str) -> None:
        """Let nobody connect to a database any more, so that it can be copied at any time."""
        with self.connect("postgres") as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name))
            )
            connection.execute(
                "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = %s", [name]
            )

    def drop_database(self, name: str) -> None:
        """Remove a database and end the sessions in it."""
        with self.connect("postgres") as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run(
            [self._programs / program, *map(str, arguments)],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            **self._as,
        )


@cache
def shared_server() -> PostgresServer | None:
    """Return the server that the tests of this process share; None where PostgreSQL is not installed."""
    programs = find_programs()
    if programs is None:
        return None
    # A bench measures a server that loses nothing.
    if "HOSTILE_POSTGRES" in os.environ:
        from tests.hostile import HostileServer

        return HostileServer(programs)
    durable = {"fsync": "on", "synchronous_commit": "on"} if "DURABLE_POSTGRES" in os.environ else {}
    return PostgresServer(programs, **durable)


def database_in(address: str) -> str:
    """Return the name of the database in an address of `PostgresServer.address`."""
    found = re.search(r"/(\w+)$", address)
    assert found is not None
    return found[1]


def find_free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
