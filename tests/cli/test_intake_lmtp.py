"""`supportdesk intake lmtp`: a service to which a mail server delivers, which may be killed at any moment."""

from __future__ import annotations

import random
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.cli.prompt import TREE, Prompt
from tests.intake.mail.messages import write
from tests.patience import LAST_RESORT
from tests.postgres import find_free_port

JO = "Jo Park <jo.park@acme.example>"


def is_accepted(port: int, content: bytes) -> bool:
    """Deliver a message, and return whether the service has accepted it."""
    with suppress(OSError, smtplib.SMTPException), smtplib.LMTP("127.0.0.1", port, timeout=60) as client:
        client.sendmail("jo.park@acme.example", ["support@claritum.example"], content)
        return True
    return False


@contextmanager
def service(ann: Prompt, port: int) -> Iterator[subprocess.Popen[str]]:
    """The service in a process of its own, once it listens."""
    options = ["intake", "lmtp", "--listen", f"127.0.0.1:{port}", "--mailbox", "support"]
    with subprocess.Popen(
        [sys.executable, "-m", "supportdesk", "--db", ann.address, *options],
        cwd=TREE,
        text=True,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == f"mail is taken in on 127.0.0.1, port {port}\n"
        yield process
        process.kill()


@pytest.mark.slow
def test_mail_is_accepted_once_it_is_on_the_desk_and_the_service_ends_when_told(ann: Prompt) -> None:
    port = find_free_port()
    with service(ann, port) as process:
        assert is_accepted(port, write(sender=JO))
        [counts] = ann("intake", "status", "--json").json
        assert (counts["mailbox"], counts["sum"]) == ("support", 1)
        process.send_signal(signal.SIGTERM)
        said = process.communicate()[1]
        assert process.returncode == 0
    assert said.startswith("a message in the mailbox support: ticket, CD-")


@pytest.mark.long_on_server
@pytest.mark.usefixtures("database_kind")
@pytest.mark.parametrize(
    ("messages", "kills"),
    [pytest.param(4, 2, marks=pytest.mark.slow), pytest.param(100, 50, marks=pytest.mark.long)],
)
def test_a_service_that_is_killed_loses_nothing_that_it_accepted_and_doubles_nothing(
    ann: Prompt, messages: int, kills: int
) -> None:
    chance = random.Random(kills)
    waiting = [write(f"Message {number}", sender=JO) for number in range(messages)]
    accepted = 0
    for left in range(kills, -1, -1):
        port = find_free_port()
        with service(ann, port) as process:
            killer = None
            if left:
                killer = subprocess.Popen(
                    ["sh", "-c", f"sleep {chance.uniform(0, 0.3):.3f}; kill -9 {process.pid}"]
                )
            # As a mail server does, it delivers each message until one delivery of it is accepted.
            while waiting and is_accepted(port, waiting[0]):
                del waiting[0]
                accepted += 1
            if killer is not None:
                killer.wait()
                process.wait(LAST_RESORT)
    assert accepted == messages
    [counts] = ann("intake", "status", "--json").json
    assert counts["sum"] == messages
    assert len(ann("queue", "--json").json) == messages


@pytest.mark.parametrize(
    ("listen", "said"),
    [
        ("8024", "8024 is not HOST:PORT"),
        ("0.0.0.0:8024", "Other machines can reach 0.0.0.0:8024"),
        ("mail.example.com:8024", "Listen on 127.0.0.1, where your mail server is"),
    ],
)
def test_only_a_mail_server_on_this_machine_may_deliver(ann: Prompt, listen: str, said: str) -> None:
    assert said in ann.refused("intake", "lmtp", "--listen", listen)
