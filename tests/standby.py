"""A streaming standby of a PostgreSQL server of the tests' own."""

from __future__ import annotations

from typing import Any

from tests.postgres import USER, PostgresServer

REPLICATION = {"wal_level": "replica", "max_wal_senders": "4", "synchronous_commit": "on"}
"""The settings of a server that can have standbys, and of these."""


class Standby(PostgresServer):
    """Follows a server, which has the settings of `REPLICATION`, until it is promoted. It can be read meanwhile."""

    def __init__(self, primary: PostgresServer) -> None:
        self._primary = primary
        super().__init__(primary._programs, **REPLICATION)

    def _run(self, program: str, *arguments: object) -> None:
        if program != "initdb":
            super()._run(program, *arguments)
            return
        source: tuple[Any, ...] = ("-h", "127.0.0.1", "-p", self._primary.port, "-U", USER)
        super()._run("pg_basebackup", "-D", self.data, *source, "-R", "-X", "stream", "-c", "fast")
