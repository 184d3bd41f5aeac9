"""Starts the programs of an example and runs its command as the watcher does."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from msgspec import structs

from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.page_text import to_json
from tests.patience import wait_for

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "paging"


class Answer(NamedTuple):
    """The exit code of an example's command, the first word that it printed, and the rest."""

    code: int
    outcome: str
    detail: str


def needs(*programs: str) -> pytest.MarkDecorator:
    """Return the mark that skips tests where one of these programs is missing."""
    missing = [program for program in programs if not shutil.which(program)]
    return pytest.mark.skipif(bool(missing), reason=f"missing: {', '.join(missing)}")


def make_page(to: str, **changes: Any) -> OutgoingPage:
    """Return a page to an address: a Critical at Acme, for Ann."""
    usual = OutgoingPage(
        key="0c1f-7",
        target=to,
        person="Ann Lee",
        kind="page",
        at=datetime(2026, 11, 24, 9, 42, tzinfo=UTC),
        summary="All is down",
        reference="CD-4CB1-X",
        severity="Critical",
        company="Acme",
        urgent=True,
        username="ann",
    )
    return structs.replace(usual, **changes)


def free_ports(count: int) -> list[int]:
    """Return TCP ports that nothing listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def free_sip_port() -> int:
    """Return a port for SIP: free for TCP and UDP, and for TLS with the next number."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            port: int = tcp.getsockname()[1]
            try:
                udp.bind(("127.0.0.1", port))
                socket.create_server(("127.0.0.1", port + 1)).close()
            except (OSError, OverflowError):
                continue
            return port


def is_open(port: int) -> bool:
    """Return whether something listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(command: list[str], log: Path, ready: Callable[[], bool]) -> Iterator[subprocess.Popen[bytes]]:
    """A program of its own process group, which is `ready` when the block begins and has ended after it."""
    with log.open("wb") as output:
        program = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_for(lambda: ready() or program.poll() is not None, lambda: log.read_text(errors="replace"))
        assert program.poll() is None, log.read_text(errors="replace")
        yield program
    finally:
        program.kill()
        program.wait()


def run_example(script: Path, page: OutgoingPage, *options: str, **environment: str) -> Answer:
    """Run an example's command with a page on its standard input, as the watcher writes it."""
    ran = subprocess.run(
        [sys.executable, script, *options],
        input=to_json(page),
        stdout=subprocess.PIPE,
        check=False,
        env={**os.environ, **environment},
    )
    outcome, _, detail = ran.stdout.decode().strip().partition(" ")
    return Answer(ran.returncode, outcome, detail)
