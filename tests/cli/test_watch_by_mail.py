"""A Critical is paged by mail: from the log form to a real mail server, and onto the timeline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt
from tests.watcher.sending.mail_server import MailServer, dies, mail_server


@pytest.fixture
def watch(ann: Prompt, tmp_path: Path) -> Callable[..., list[str]]:
    """Logs a Critical, and watches a server at these minutes; returns what the timeline says of the attempts."""
    ann.done("staff", "change", "priya", "--email", "priya@example.com")
    ref = ann.log("critical", channel="hotline", summary="Everything hangs\r\nBcc: all@example.com")

    def watch_at(server: MailServer, *minutes: float) -> list[str]:
        config = tmp_path / "config.toml"
        config.write_text(
            f'[watcher.methods.mail]\nsmtp = "127.0.0.1:{server.port}"\n'
            'security = "none"\nsender = "Desk <desk@example.com>"\n'
        )
        for minute in minutes:
            ann.at(TUESDAY + timedelta(minutes=minute))
            assert ann("--config", str(config), "watch", "--once").code == 0
        return [line for line in ann.done("show", ref).splitlines() if "mail to Priya Nair" in line]

    return watch_at


def test_the_engineer_on_call_gets_one_mail(watch: Callable[..., list[str]]) -> None:
    with mail_server() as server:
        (attempt,) = watch(server, 0, 1)
    assert "mail to Priya Nair delivered" in attempt
    assert server.recipients == ["priya@example.com"]
    assert server.mails[0]["Subject"].startswith("Page: Critical CD-")
    assert server.mails[0]["Bcc"] is None


def test_a_mail_whose_receipt_was_not_confirmed_is_not_sent_again(watch: Callable[..., list[str]]) -> None:
    with mail_server(data=dies) as server:
        (attempt,) = watch(server, 0, 1, 3)
    assert "mail to Priya Nair possibly delivered" in attempt
    assert len(server.mails) == 1


def test_a_mail_that_was_refused_for_now_is_sent_again_with_the_same_key(
    watch: Callable[..., list[str]],
) -> None:
    with mail_server(data="451 try later") as server:
        watch(server, 0)
        server.data = "250 accepted"
        first, second = watch(server, 0.5)
    assert "mail to Priya Nair not delivered" in first
    assert "451 try later" in first
    assert "mail to Priya Nair delivered" in second
    keys = [mail["X-Idempotency-Key"] for mail in server.mails]
    assert len(keys) == 2
    assert keys[0] == keys[1]
