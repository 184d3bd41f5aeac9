"""A server of the tests' own ends with the process that made it, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.databases import NOT_INSTALLED
from tests.patience import wait_for
from tests.postgres import USER, find_programs

pytestmark = pytest.mark.server

TREE = Path(__file__).resolve().parent.parent
MAKE = """
from tests.postgres import PostgresServer, find_programs
server = PostgresServer(find_programs())
print(server.port, server.folder, flush=True)
input()
"""


def answers(port: int) -> bool:
    try:
        psycopg.connect(host="127.0.0.1", port=port, dbname="postgres", user=USER).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.mark.skipif(find_programs() is None, reason=NOT_INSTALLED)
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT, None])
def test_a_server_ends_with_its_process_and_leaves_no_files(end: signal.Signals | None) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", MAKE],
        cwd=TREE,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as maker:
        assert maker.stdout is not None
        port, folder = maker.stdout.readline().split()
        assert answers(int(port))
        if end is None:
            maker.communicate("\n")
        else:
            # As a terminal does: to all that it started.
            os.killpg(maker.pid, end)
    wait_for(lambda: not Path(folder).exists(), lambda: f"{folder} is still there")
    assert not answers(int(port))
