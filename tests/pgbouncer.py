"""A pooler of the tests' own between a desk and its server: PgBouncer."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.patience import LAST_RESORT
from tests.postgres import USER, PostgresServer, find_free_port

MISSING = shutil.which("pgbouncer") is None


@contextmanager
def pooler(server: PostgresServer, mode: str, connections: int = 20, **settings: str) -> Iterator[int]:
    """Start a pooler with so many connections to each database of a server; yield its port."""
    port = find_free_port()
    with tempfile.TemporaryDirectory(prefix="supportdesk-pgbouncer-") as name:
        folder = Path(name)
        configuration = folder / "pgbouncer.ini"
        options = {
            "listen_addr": "127.0.0.1",
            "listen_port": str(port),
            "unix_socket_dir": "",
            "auth_type": "any",
            "pool_mode": mode,
            "default_pool_size": str(connections),
            "max_client_conn": "500",
            "logfile": str(folder / "log"),
            **settings,
        }
        configuration.write_text(
            f"[databases]\n* = host=127.0.0.1 port={server.port} user={USER}\n[pgbouncer]\n"
            + "".join(f"{key} = {value}\n" for key, value in options.items())
        )
        process = subprocess.Popen(
            ["pgbouncer", "--quiet", configuration], cwd=folder, **_as_ordinary_user(folder)
        )
        try:
            _wait_until_ready(port)
            yield port
        finally:
            process.kill()
            process.wait()


def _as_ordinary_user(folder: Path) -> dict[str, Any]:
    """Return what has a program run as an ordinary user, who owns the folder: it refuses to be root."""
    if os.geteuid() != 0:
        return {}
    for path in (folder, *folder.iterdir()):
        shutil.chown(path, USER, USER)
    return {"user": USER, "group": USER, "extra_groups": []}


def _wait_until_ready(port: int) -> None:
    give_up_at = time.monotonic() + LAST_RESORT
    while time.monotonic() < give_up_at:
        try:
            psycopg.connect(host="127.0.0.1", port=port, dbname="postgres", user=USER).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError("PgBouncer does not start")
