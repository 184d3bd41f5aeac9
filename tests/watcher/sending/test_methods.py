"""The senders are those of the settings; a method that is faulty or missing says so and harms no other."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from supportdesk.clock import SystemClock
from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.watcher.sending.command_sender import CommandSender
from supportdesk.watcher.sending.methods import CarefulSender, Senders
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.sender import SendOutcome, SendResult
from tests.watcher.sending.mail_server import mail_server
from tests.watcher.sending.pages import page
from tests.watcher.sending.receiver import receiver, status


def senders(folder: Path, text: str) -> Senders:
    path = folder / "config.toml"
    path.write_text(text)
    return Senders(load_watcher_settings(path), SystemClock())


def private(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o600)


def test_each_method_sends_in_its_own_way(tmp_path: Path) -> None:
    with mail_server() as mail, receiver(status(200)) as got:
        private(tmp_path / "chat", f"json://127.0.0.1:{got.port}/{{target}}")
        private(tmp_path / "hook", f"http://127.0.0.1:{got.port}/hook")
        found = senders(
            tmp_path,
            f"""
            [watcher.methods.mail]
            smtp = "127.0.0.1:{mail.port}"
            security = "none"
            sender = "Desk <desk@example.com>"
            [watcher.methods.chat]
            apprise_file = "chat"
            [watcher.methods.hook]
            url_file = "hook"
            [watcher.methods.sms]
            command = ["/bin/sh", "-c", "echo arrived by sms"]
            """,
        )
        for name in ("mail", "chat", "hook", "sms"):
            assert found.find(name).send(page()).outcome is SendOutcome.DELIVERED, name
    assert len(mail.mails) == 1
    assert [first for first, _, _ in got.requests] == [
        "POST /priya@example.com HTTP/1.1",
        "POST /hook HTTP/1.1",
    ]


def test_a_password_file_with_a_wide_mode_is_refused_before_anything_is_sent(
    tmp_path: Path, certificate: Path
) -> None:
    (tmp_path / "password").write_text("correct")
    (tmp_path / "password").chmod(0o644)
    with mail_server(certificate, with_login=True) as mail:
        found = senders(
            tmp_path,
            f"""
            [watcher.methods.mail]
            smtp = "127.0.0.1:{mail.port}"
            sender = "desk@example.com"
            ca_file = "{certificate}"
            user = "desk"
            password_file = "password"
            """,
        )
        refused = found.find("mail").send(page())
        (tmp_path / "password").chmod(0o600)
        assert found.find("mail").send(page()).outcome is SendOutcome.DELIVERED
    assert refused.outcome is SendOutcome.NOT_DELIVERED
    assert f"run `chmod 600 {tmp_path / 'password'}`" in refused.detail


def test_a_faulty_method_says_where_and_why_and_the_others_send(tmp_path: Path) -> None:
    text = '[watcher.methods.mail]\nsmtp = 3\n[watcher.methods.sms]\ncommand = ["true"]\n'
    found = senders(tmp_path, text)
    result = found.find("mail").send(page())
    assert (result.outcome, result.permanent) == (SendOutcome.NOT_DELIVERED, True)
    assert result.detail == (
        f"{tmp_path / 'config.toml'}, line 2: [watcher] methods.mail.smtp: give a text in quotes, not a whole number"
    )
    assert found.find("sms").send(page()).outcome is SendOutcome.DELIVERED


@pytest.mark.parametrize("sender", ["@", "a@b c", "Desk <a@example.com", "a@example.com, b@example.com"])
def test_a_sender_that_is_no_address_is_said_when_something_is_sent(tmp_path: Path, sender: str) -> None:
    found = senders(tmp_path, f'[watcher.methods.mail]\nsmtp = "localhost"\nsender = "{sender}"\n')
    assert "the sender of mail cannot be used" in found.find("mail").send(page()).detail


def test_a_method_that_is_not_set_up_says_what_is_missing(tmp_path: Path) -> None:
    result = senders(tmp_path, "").find("sms").send(page())
    assert (result.outcome, result.permanent) == (SendOutcome.NOT_DELIVERED, True)
    assert f"[watcher.methods.sms] is missing in {tmp_path / 'config.toml'}" in result.detail


class Broken:
    """A sender with a fault that nobody expected."""

    def send(self, page: OutgoingPage) -> SendResult:
        """Fails with an error that quotes a password."""
        raise KeyError("hunter2")


def test_an_error_that_nobody_expected_is_a_result_and_quotes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    result = CarefulSender("sms", Broken()).send(page())
    assert result == SendResult(SendOutcome.NOT_DELIVERED, "a fault in the program: KeyError")
    assert caplog.messages == ["sending by sms failed: KeyError"]
    assert "hunter2" not in caplog.text


def test_a_sender_can_be_used_by_many_threads_at_once() -> None:
    from concurrent.futures import ThreadPoolExecutor

    sender = CommandSender(("/bin/sh", "-c", "cat; echo"), 60)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda number: sender.send(page(key=f"k{number}")), range(24)))
    assert [result.detail.split('"')[3] for result in results] == [f"k{number}" for number in range(24)]
