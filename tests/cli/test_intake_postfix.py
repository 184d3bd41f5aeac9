"""Postfix delivers to the desk as docs/mail.md says, through a pipe and by LMTP; it keeps what is not accounted for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.prompt import TREE, Prompt
from tests.cli.test_intake_lmtp import service
from tests.intake.mail.messages import SUPPORT, write
from tests.intake.mail.pipe_door import pipe_door
from tests.intake.mail.postfix import DELIVERY_USER, HOST, Postfix, needs_postfix
from tests.postgres import find_free_port

# What postfix does is the same for each kind of database, and a file is easily taken away.
pytestmark = [needs_postfix, pytest.mark.slow, pytest.mark.sqlite]

JO = "Jo Park <jo.park@acme.example>"
_PLACES = {"support@example.com": SUPPORT, "mx.example.com": HOST}


def documented(pattern: str, **changes: str) -> str:
    """What the manual says of postfix, with this test's names instead of the example's."""
    found = re.search(pattern, (TREE / "docs" / "mail.md").read_text(), re.DOTALL)
    assert found is not None, pattern
    text = found[1]
    for example, actual in {**_PLACES, **changes}.items():
        assert example in text or example in _PLACES, example
        text = text.replace(example, actual)
    return text


@contextmanager
def postfix(transports: str, services: str = "") -> Iterator[Postfix]:
    server = Postfix({}, services, transport_maps=transports)
    try:
        yield server
    finally:
        server.remove()


def test_postfix_delivers_through_a_pipe_and_again_later_what_could_not_be_accounted_for(
    ann: Prompt, tmp_path: Path
) -> None:
    desk, away = Path(ann.address), tmp_path / "away.db"
    variables = {name: value for name, value in os.environ.items() if name.startswith("XDG_")}
    transports = documented(r"transport_maps = (inline:\{[^\n']*supportdesk: \} \})")
    with pipe_door(variables) as door:
        pipe = documented(
            "```\n(supportdesk unix .*?)```",
            **{
                "user=desk": f"user={DELIVERY_USER}",
                "/srv/desk/.venv/bin/supportdesk": str(door),
                "/srv/desk/desk.db": str(desk),
            },
        )
        desk.rename(away)
        with postfix(transports, pipe) as server:
            server.accept(write(sender=JO), SUPPORT)
            server.wait_until_said(
                "status=deferred (temporary failure. Command output: Error: There is no desk at"
            )
            away.rename(desk)
            server.wait_until_said("relay=supportdesk, ")
            server.wait_until_delivered()
            # A server returns mail without a sender, to which nothing may be replied.
            server.accept(write("Undelivered", sender=JO), SUPPORT, sender="")
            server.wait_until_delivered()
            [counts] = ann("intake", "status", "--json").json
            assert (counts["mailbox"], counts["states"]["ticket"], counts["states"]["automatic"]) == (
                "support",
                1,
                1,
            ), counts
            [message] = ann("intake", "status", "--state", "ticket", "--json").json
            assert message["kind"] == "pipe"
            assert_received_when_postfix_had_it(server, message["received_at"])
            assert "status=bounced" not in server.describe()


@pytest.mark.long
def test_postfix_delivers_by_lmtp_and_keeps_what_arrives_while_the_service_is_away(ann: Prompt) -> None:
    port = find_free_port()
    transports = documented(
        r"transport_maps = (inline:\{[^\n']*lmtp:[^\n']*\} \})", **{"127.0.0.1:8024": f"127.0.0.1:{port}"}
    )
    with postfix(transports) as server:
        server.accept(write(sender=JO), SUPPORT)
        server.wait_until_said("Connection refused)")
        with service(ann, port):
            server.wait_until_delivered()
        assert "250 2.0.0 accounted for" in server.wait_until_said("status=sent")
        [message] = ann("intake", "status", "--state", "ticket", "--json").json
        assert message["kind"] == "lmtp"


def assert_received_when_postfix_had_it(server: Postfix, received_at: str) -> None:
    line = server.wait_until_said("postfix/cleanup")
    said = datetime.strptime(
        f"{datetime.now().astimezone():%Y} {line[:15]}", "%Y %b %d %H:%M:%S"
    ).astimezone()
    assert abs(datetime.fromisoformat(received_at) - said) <= timedelta(seconds=2)
