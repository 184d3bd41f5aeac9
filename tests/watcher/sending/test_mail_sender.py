"""Mail is sent by a real server, which may refuse it, be slow, or die at the worst moment."""

from __future__ import annotations

import gc
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from supportdesk.access.login import Login
from supportdesk.access.token import read_token
from supportdesk.watcher.sending.mail_sender import MailSender
from supportdesk.watcher.sending.sender import SendOutcome, SendResult
from tests.watcher.sending.mail_server import MailServer, dies, mail_server
from tests.watcher.sending.pages import LONG, page, poisoned

SOON = 0.4
"""Seconds after which a sender of these tests gives up waiting for a server that is silent."""


def sender(server: MailServer, **settings: Any) -> MailSender:
    security = settings.pop("security", "none")
    return MailSender("127.0.0.1", "Desk <desk@example.com>", security, server.port, **settings)


def password(text: str) -> Login:
    return Login("desk", lambda: text)


@contextmanager
def scripted(*lines: bytes, then: str = "close", half: bytes = b"") -> Iterator[MailServer]:
    """A server that answers each line with the next of these, and then closes or stays silent.

    It says `half` once it has the end of a mail.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    left = threading.Event()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as heard:
            for number, line in enumerate(lines):
                if number and not heard.readline():
                    return
                connection.sendall(line)
            if half:
                while heard.readline() != b".\r\n":
                    pass
                connection.sendall(half)
            if then == "silence":
                left.wait()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield MailServer(port=listening.getsockname()[1])
    finally:
        left.set()
        thread.join()
        listening.close()


def test_a_mail_that_the_server_accepts_is_delivered() -> None:
    with mail_server() as server:
        assert sender(server).send(page()) == SendResult(SendOutcome.DELIVERED, "250 accepted")
    (mail,) = server.mails
    assert server.recipients == ["priya@example.com"]
    assert mail["To"] == "Priya Nair <priya@example.com>"
    assert mail["From"] == "Desk <desk@example.com>"
    assert mail["Subject"] == "Page: Critical CD-4CB1-C: Tills in all shops are down (Acme Ltd)"
    assert "supportdesk acknowledge CD-4CB1-C" in mail.get_content()


def test_a_mail_has_its_key_twice_and_asks_for_no_automatic_reply() -> None:
    with mail_server() as server:
        for _ in range(2):
            sender(server).send(page())
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"] == "<0c1f-7@example.com>"
    assert first["X-Idempotency-Key"] == "0c1f-7"
    assert "Message 0c1f-7" in first.get_content()
    assert (first["Auto-Submitted"], first["Importance"]) == ("auto-generated", "high")


def test_what_is_not_urgent_has_no_importance() -> None:
    with mail_server() as server:
        sender(server).send(page(urgent=False, kind="notice"))
    assert server.mails[0]["Importance"] is None


@pytest.mark.parametrize(
    ("replies", "permanent"),
    [
        ({"rcpt": "450 greylisted"}, False),
        ({"rcpt": "550 no such user"}, True),
        ({"data": "451 try later"}, False),
        ({"data": "554 not wanted"}, True),
    ],
)
def test_what_a_server_refuses_is_not_delivered_and_its_words_are_kept(
    replies: dict[str, Any], permanent: bool
) -> None:
    with mail_server(**replies) as server:
        assert sender(server).send(page()) == SendResult(
            SendOutcome.NOT_DELIVERED, next(iter(replies.values())), permanent
        )


def test_a_server_that_dies_after_the_end_of_the_mail_may_have_delivered_it() -> None:
    with mail_server(data=dies) as server:
        result = sender(server).send(page())
    assert len(server.mails) == 1
    assert result.outcome is SendOutcome.POSSIBLY_DELIVERED
    assert "did not confirm it" in result.detail


def test_a_server_that_is_silent_after_the_end_of_the_mail_may_have_delivered_it() -> None:
    answers = (b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n")
    with scripted(*answers, then="silence") as server:
        result = sender(server, timeout=SOON).send(page())
    assert (result.outcome, "no answer in time" in result.detail) == (SendOutcome.POSSIBLY_DELIVERED, True)


def test_half_an_answer_to_the_end_of_the_mail_is_none() -> None:
    answers = (b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n")
    with scripted(*answers, half=b"55") as server:
        assert sender(server).send(page()).outcome is SendOutcome.POSSIBLY_DELIVERED


@pytest.mark.parametrize("known", range(5))
def test_a_server_that_ends_or_falls_silent_before_the_end_of_the_mail_did_not_deliver_it(known: int) -> None:
    answers = (b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n")[:known]
    for then in ("close", "silence"):
        with scripted(*answers, then=then) as server:
            assert sender(server, timeout=SOON).send(page()).outcome is SendOutcome.NOT_DELIVERED


def test_a_server_that_answers_byte_by_byte_holds_nobody_longer_than_the_timeout() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    left = threading.Event()

    def drip() -> None:
        connection, _ = listening.accept()
        with connection:
            while not left.wait(0.05):
                try:
                    connection.sendall(b"2")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    result = sender(MailServer(port=listening.getsockname()[1]), timeout=SOON).send(page())
    left.set()
    thread.join()
    listening.close()
    assert result == SendResult(SendOutcome.NOT_DELIVERED, "127.0.0.1: no answer in time")


def test_a_server_that_is_not_there_did_not_deliver_it() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    listening.close()
    result = sender(MailServer(port=port)).send(page())
    assert result == SendResult(SendOutcome.NOT_DELIVERED, "127.0.0.1: connection refused")


def test_what_is_no_mail_server_did_not_deliver_it() -> None:
    with scripted(b"HTTP/1.1 200 OK\r\n\r\n") as server:
        assert sender(server).send(page()).outcome is SendOutcome.NOT_DELIVERED


def test_a_login_that_is_refused_leaves_no_open_connection(certificate: Path) -> None:
    with warnings.catch_warnings(record=True) as warned, mail_server(certificate, with_login=True) as server:
        warnings.simplefilter("always", ResourceWarning)
        sender(server, security="starttls", ca_file=certificate, login=password("hunter2")).send(page())
        assert server.logins
        gc.collect()
        assert not [each for each in warned if f"raddr=('127.0.0.1', {server.port})" in str(each.message)]


def test_starttls_and_tls_accept_a_certificate_of_the_given_authority(certificate: Path) -> None:
    with mail_server(certificate) as server:
        assert (
            sender(server, security="starttls", ca_file=certificate).send(page()).outcome
            is SendOutcome.DELIVERED
        )
    with mail_server(certificate, implicit=True) as server:
        assert (
            sender(server, security="tls", ca_file=certificate).send(page()).outcome is SendOutcome.DELIVERED
        )


def test_a_certificate_of_an_unknown_authority_is_refused_and_no_password_is_sent(certificate: Path) -> None:
    with mail_server(certificate, with_login=True) as server:
        result = sender(server, security="starttls", login=password("correct")).send(page())
    assert result.outcome is SendOutcome.NOT_DELIVERED
    assert "its certificate is not accepted: self-signed certificate" in result.detail
    assert (server.logins, server.mails) == ([], [])


def test_without_starttls_no_password_is_sent() -> None:
    with mail_server(with_login=True) as server:
        result = sender(server, security="starttls", login=password("correct")).send(page())
    assert result == SendResult(SendOutcome.NOT_DELIVERED, "127.0.0.1 does not offer STARTTLS")
    assert server.logins == []


def test_a_faulty_file_of_authorities_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with mail_server() as server:
        for name, why in (
            ("ca.pem", "contains no certificates"),
            ("none.pem", "cannot be read: No such file"),
        ):
            result = sender(server, security="starttls", ca_file=tmp_path / name).send(page())
            assert f"{tmp_path / name} {why}" in result.detail


def test_a_password_opens_the_server_and_a_wrong_one_is_in_no_message(certificate: Path) -> None:
    with mail_server(certificate, with_login=True) as server:
        settings: dict[str, Any] = {"security": "starttls", "ca_file": certificate}
        good = sender(server, login=password("correct"), **settings).send(page())
        bad = sender(server, login=password("hunter2"), **settings).send(page())
        odd = sender(server, login=password("pä"), **settings).send(page())
    assert good.outcome is SendOutcome.DELIVERED
    assert bad == SendResult(
        SendOutcome.NOT_DELIVERED, "127.0.0.1: the server refused the login with code 535"
    )
    assert (odd.outcome, "letters that SMTP does not allow" in odd.detail) == (
        SendOutcome.NOT_DELIVERED,
        True,
    )


def test_a_token_of_the_users_program_opens_the_server(certificate: Path) -> None:
    def by(program: str) -> Login:
        return Login("desk@example.com", lambda: read_token(["/bin/sh", "-c", program]), by_token=True)

    with mail_server(certificate, with_login=True) as server:
        settings: dict[str, Any] = {"security": "starttls", "ca_file": certificate}
        good = sender(server, login=by("echo correct-token"), **settings).send(page())
        expired = sender(server, login=by("echo expired-token"), **settings).send(page())
        failed = sender(server, login=by("echo half-a-token; exit 3"), **settings).send(page())
    assert good.outcome is SendOutcome.DELIVERED
    assert server.logins[0] == ("XOAUTH2", "user=desk@example.com\x01auth=Bearer correct-token\x01\x01")
    assert expired == SendResult(
        SendOutcome.NOT_DELIVERED, "127.0.0.1: the server refused the login with code 535"
    )
    assert failed == SendResult(SendOutcome.NOT_DELIVERED, "token_command /bin/sh ended with code 3")


@pytest.mark.parametrize(
    "target",
    [
        "priya",
        "",
        "a b@example.com",
        "a@example.com,b@example.com",
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com>\r\nDATA",
        '"a\\"b"@example.com',
        "ä@example.com",
        pytest.param(LONG, id="a megabyte"),
    ],
)
def test_what_is_no_address_is_refused_before_the_server_is_asked(target: str) -> None:
    with mail_server() as server:
        result = sender(server).send(page(target=target))
    assert (result.outcome, result.permanent, len(result.detail) < 200) == (
        SendOutcome.NOT_DELIVERED,
        True,
        True,
    )
    assert "\n" not in result.detail
    assert server.recipients == []


def test_poison_in_every_field_makes_one_mail_to_one_person() -> None:
    with mail_server() as server:
        assert sender(server).send(poisoned()).outcome is SendOutcome.DELIVERED
    (mail,) = server.mails
    assert server.recipients == ["priya@example.com"]
    assert mail["Bcc"] is None
    assert "\x1b" not in mail.as_string()
    assert len(mail.as_bytes()) < 60_000


def test_a_line_that_is_only_a_dot_ends_no_mail() -> None:
    with mail_server() as server:
        assert (
            sender(server).send(page(kind="notice", bundled=(".", "..", "more"))).outcome
            is SendOutcome.DELIVERED
        )
    assert server.mails[0].get_content().endswith("Message 0c1f-7\r\n")


def test_what_a_server_says_is_one_short_plain_line() -> None:
    with mail_server(data=f"554 \x1b]0;x\x07 {'no ' * 200}") as server:
        detail = sender(server).send(page()).detail
    assert detail.isprintable()
    assert len(detail) < 200
