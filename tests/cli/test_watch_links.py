"""`supportdesk watch --listen`: a page that is sent has a link, and anybody who has it acknowledges the page."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from supportdesk.clock import FixedClock, SystemClock
from tests.cli.prompt import TREE, Prompt
from tests.databases import address_at
from tests.patience import wait_for
from tests.watcher.links.desks import fetch

pytestmark = pytest.mark.slow


@pytest.fixture
def ann(tmp_path: Path) -> Prompt:
    """Ann, who is paged for a Critical today: the service has the time of this machine."""
    ann = Prompt(address_at(tmp_path / "desk.db"), "ann", FixedClock(SystemClock().now()))
    powers = ("--role", "administrator", "--role", "supervisor", "--rung", "support-manager")
    for line in (
        ["init"],
        ["staff", "change", "ann", *powers, "--address", "file ann"],
        ["organisation", "add", "Acme Ltd"],
        ["contact", "add", "Jo Park", "--organisation", "Acme Ltd", "--email", "jo@acme.example"],
    ):
        ann.done(*line)
    return ann


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def service(ann: Prompt, tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A watcher that serves links, and writes each page that it sends to a file."""
    settings, sent = tmp_path / "config.toml", tmp_path / "page.json"
    write_whole = f"cat > {sent}.new && mv {sent}.new {sent}"
    settings.write_text(
        f'[watcher]\nlink_base = "http://127.0.0.1:{port}"\n'
        f'[watcher.methods.file]\ncommand = ["/bin/sh", "-c", "{write_whole}"]\n'
    )
    command = [sys.executable, "-m", "supportdesk", "--db", ann.address, "--config", str(settings), "watch"]
    with subprocess.Popen(
        [*command, "--interval", "1", "--listen", f"127.0.0.1:{port}"],
        cwd=TREE,
        text=True,
        stderr=subprocess.PIPE,
    ) as service:
        yield service
        service.kill()


def test_the_link_in_a_page_acknowledges_it_and_the_service_ends_when_told(
    ann: Prompt, service: subprocess.Popen[str], tmp_path: Path
) -> None:
    ref = ann.log("critical", channel="hotline", summary="All is down")
    sent = tmp_path / "page.json"
    wait_for(sent.exists, lambda: f"nothing was sent; the service ended with {service.poll()}")
    page: Any = json.loads(sent.read_text())
    assert (page["reference"], page["username"]) == (ref, "ann")
    assert page["link"] in page["short"]
    shown = fetch(page["link"])
    assert (shown.status, "All is down" in shown.text) == (200, True)
    assert ann.ticket(ref)["page_open"]
    assert fetch(page["link"], "POST").status == 200
    assert not ann.ticket(ref)["page_open"]
    service.send_signal(signal.SIGTERM)
    assert service.wait() == 0
    assert service.stderr is not None
    printed = service.stderr.read()
    assert "links are served on 127.0.0.1" in printed
    assert page["link"].rpartition("/")[2] not in printed


@pytest.mark.parametrize("address", ["0.0.0.0:8025", "[::]:8025", "desk.example.com:8025"])
def test_an_address_that_others_can_reach_needs_a_proxy_and_a_word_that_it_is_there(
    ann: Prompt, address: str
) -> None:
    assert "a proxy that speaks TLS; or confirm with --behind-proxy" in ann.refused(
        "watch", "--listen", address
    )


def test_what_is_no_address_is_refused_and_one_that_is_taken_fails(ann: Prompt) -> None:
    assert "is not HOST:PORT" in ann.refused("watch", "--listen", "8025")
    assert "leave out --once" in ann.refused("watch", "--listen", "127.0.0.1:8025", "--once")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        answer = ann("watch", "--listen", f"127.0.0.1:{taken.getsockname()[1]}")
    assert answer.code == 1
    assert "cannot be listened on: Address already in use" in answer.err
