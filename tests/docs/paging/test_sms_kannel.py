"""The SMS example, against a real kannel (bearerbox and smsbox) and its stand-in for an operator."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.docs.paging.programs import (
    EXAMPLES,
    Answer,
    free_ports,
    is_open,
    make_page,
    needs,
    run_example,
    running,
)
from tests.patience import wait_for

BEARERBOX, SMSBOX, FAKESMSC = "/usr/sbin/bearerbox", "/usr/sbin/smsbox", "/usr/lib/kannel/test/fakesmsc"
SCRIPT = EXAMPLES / "sms-kannel" / "send_sms.py"
PORTS = {"admin-port": "13000", "smsbox-port": "13001", "port": "13002", "sendsms-port": "13013"}
HEAD = "Page Critical CD-4CB1-X: Acme: "
TEXT = "Tür & 100 % [open] {now} €5"

pytestmark = [needs(BEARERBOX, SMSBOX, FAKESMSC), pytest.mark.long]


class Gateway(NamedTuple):
    """A running kannel with the example's configuration, on other ports."""

    folder: Path
    ports: dict[str, int]

    @contextmanager
    def operator(self) -> Iterator[Path]:
        """The stand-in for an operator; the log with the messages that it got."""
        log = self.folder / "operator.log"
        # One message of its own an hour: it ends after the last.
        command = [FAKESMSC, "-r", str(self.ports["port"]), "-i", "3600", "-m", "2", "1 2 text hello"]
        with running(command, log, ready=lambda: "sent message 1" in log.read_text(errors="replace")):
            yield log

    def send(self, to: str, summary: str, *options: str, password: str = "change-me") -> Answer:
        url = f"http://127.0.0.1:{self.ports['sendsms-port']}/cgi-bin/sendsms"
        return run_example(
            SCRIPT, make_page(to, summary=summary), "--url", url, *options, SMS_PASSWORD=password
        )


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    """Kannel as the example configures it."""
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    text = (SCRIPT.parent / "kannel.conf").read_text()
    for name, port in ports.items():
        text, count = re.subn(rf"(?m)^{name} = {PORTS[name]}$", f"{name} = {port}", text)
        assert count == 1, name
    spool = tmp_path / "spool"
    spool.mkdir()
    text = text.replace("/var/spool/kannel", str(spool)).replace("/var/log/kannel", str(tmp_path))
    configuration = tmp_path / "kannel.conf"
    configuration.write_text(text)
    with (
        running([BEARERBOX, str(configuration)], tmp_path / "1.log", lambda: is_open(ports["smsbox-port"])),
        running([SMSBOX, str(configuration)], tmp_path / "2.log", lambda: is_open(ports["sendsms-port"])),
    ):
        yield Gateway(tmp_path, ports)


def messages(log: Path) -> list[str]:
    """Return the messages that the operator got: sender, recipient, type and text."""
    return [
        found
        for found in re.findall(r"Got message \d+: <(.*)>", log.read_text(errors="replace"))
        if "Request Failed" not in found
    ]


def wait_for_messages(log: Path, count: int) -> list[str]:
    return wait_for(
        lambda: found if len(found := messages(log)) >= count else None,
        lambda: log.read_text(errors="replace"),
    )


def test_a_page_reaches_the_operator_with_its_text_and_number(gateway: Gateway) -> None:
    with gateway.operator() as log:
        answer = gateway.send("+44 1632 960001", TEXT)
        assert answer[:2] == (0, "arrived"), answer
        assert wait_for_messages(log, 1) == [f"Supportdesk +441632960001 text {HEAD}{TEXT}"]


def test_other_scripts_and_several_lines_arrive_as_one_unicode_message(gateway: Gateway) -> None:
    with gateway.operator() as log:
        assert gateway.send("01632-960001", "页面\nX-Kannel-To: 999\r\n\r\nend").outcome == "arrived"
        sender, number, kind, data = wait_for_messages(log, 1)[0].split(" ", 3)
        assert (sender, number, kind) == ("Supportdesk", "01632960001", "ucs-2")
        plain = re.sub(r"%([0-9A-Fa-f]{2})", lambda code: chr(int(code[1], 16)), data.replace("+", " "))
        assert plain.encode("latin-1").decode("utf-16-be") == f"{HEAD}页面 X-Kannel-To: 999 end"


def test_a_page_that_waits_for_the_operator_has_perhaps_arrived_and_is_sent_later(gateway: Gateway) -> None:
    answer = gateway.send("+441632960001", "later")
    assert answer[:2] == (2, "perhaps"), answer
    assert "once the operator can be reached" in answer.detail
    with gateway.operator() as log:
        assert wait_for_messages(log, 1) == [f"Supportdesk +441632960001 text {HEAD}later"]


def test_what_the_gateway_refuses_has_not_arrived(gateway: Gateway, tmp_path: Path) -> None:
    refused = gateway.send("+441632960001", "All is down", password="wrong")
    assert refused[:2] == (1, "not")
    assert "403" in refused.detail
    assert "wrong" not in refused.detail
    secret = tmp_path / "password"
    secret.write_text("change-me\n")
    secret.chmod(0o640)
    assert (
        "others can read"
        in gateway.send("+441632960001", "All is down", "--password-file", str(secret)).detail
    )
    secret.chmod(0o600)
    with gateway.operator() as log:
        assert (
            gateway.send("+441632960001", "All is down", "--password-file", str(secret), password="").code
            == 0
        )
        assert wait_for_messages(log, 1) == [f"Supportdesk +441632960001 text {HEAD}All is down"]


@pytest.mark.parametrize(
    "target", ["", "ann", "+441632960001 +441632960002x", "1\r\nX-Kannel-From: 2", "+44;1"]
)
def test_only_one_telephone_number_is_taken(target: str) -> None:
    answer = run_example(SCRIPT, make_page(target), SMS_PASSWORD="x")
    assert answer[:2] == (1, "never")
    assert "no telephone number" in answer.detail


def test_a_gateway_that_is_down_has_not_got_the_page_and_one_that_dies_perhaps_has() -> None:
    (port,) = free_ports(1)
    page, url = make_page("+441632960001"), f"http://127.0.0.1:{port}/cgi-bin/sendsms"
    answer = run_example(SCRIPT, page, "--url", url, SMS_PASSWORD="x")
    assert answer[:2] == (1, "not"), answer
    with socket.create_server(("127.0.0.1", port)) as server:

        def read_and_die() -> None:
            connection, _ = server.accept()
            connection.recv(1024)
            connection.close()

        dying = threading.Thread(target=read_and_die)
        dying.start()
        answer = run_example(SCRIPT, page, "--url", url, SMS_PASSWORD="x")
        dying.join()
    assert answer[:2] == (2, "perhaps"), answer
