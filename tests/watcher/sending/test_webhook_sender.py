"""A page is posted to a real receiver, which may refuse it, be slow, or die at the worst moment."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from supportdesk.clock import FixedClock
from supportdesk.watcher.sending.page_text import to_json
from supportdesk.watcher.sending.sender import SendOutcome, SendResult
from supportdesk.watcher.sending.webhook_sender import WebhookSender
from tests.watcher.sending.pages import page, poisoned
from tests.watcher.sending.receiver import Receiver, receiver, status

SOON = 0.4
NOW = datetime(2026, 11, 27, 3, 0, 1, tzinfo=UTC)


def sender(
    to: Receiver, path: str = "/page?team=1", *, secure: bool = False, **settings: Any
) -> WebhookSender:
    url = f"http{'s' if secure else ''}://127.0.0.1:{to.port}{path}"
    return WebhookSender(lambda: url, FixedClock(NOW), **settings)


def test_a_page_is_posted_as_json_with_its_key_in_body_and_header() -> None:
    with receiver() as got:
        assert sender(got).send(page()) == SendResult(SendOutcome.DELIVERED, "127.0.0.1 answered 204")
    ((first, headers, content),) = got.requests
    assert first == "POST /page?team=1 HTTP/1.1"
    assert headers["content-type"] == "application/json"
    assert headers["idempotency-key"] == json.loads(content)["key"] == "0c1f-7"
    assert content == to_json(page())
    assert "webhook-signature" not in headers


@pytest.mark.parametrize("secret", ["whsec_" + base64.b64encode(b"s3cret" * 4).decode(), "s3cret" * 4])
def test_a_secret_signs_key_time_and_body_as_standard_webhooks_say(secret: str) -> None:
    with receiver() as got:
        sender(got, secret=lambda: secret).send(page())
    ((_, headers, content),) = got.requests
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("0c1f-7", str(int(NOW.timestamp())))
    signed = b"0c1f-7." + str(int(NOW.timestamp())).encode() + b"." + content
    expected = base64.b64encode(hmac.new(b"s3cret" * 4, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert secret not in str(headers)


def test_a_secret_that_is_not_base64_is_named_but_not_quoted() -> None:
    with receiver() as got:
        result = sender(got, secret=lambda: "whsec_!!hunter2!!").send(page())
    assert (result.outcome, got.requests) == (SendOutcome.NOT_DELIVERED, [])
    assert "hunter2" not in result.detail


@pytest.mark.parametrize(
    ("code", "outcome", "permanent"),
    [
        (200, SendOutcome.DELIVERED, False),
        (400, SendOutcome.NOT_DELIVERED, True),
        (404, SendOutcome.NOT_DELIVERED, True),
        (429, SendOutcome.NOT_DELIVERED, False),
        (500, SendOutcome.NOT_DELIVERED, False),
        (502, SendOutcome.POSSIBLY_DELIVERED, False),
        (503, SendOutcome.NOT_DELIVERED, False),
        (504, SendOutcome.POSSIBLY_DELIVERED, False),
    ],
)
def test_the_status_of_the_answer_decides(code: int, outcome: SendOutcome, permanent: bool) -> None:
    with receiver(status(code)) as got:
        result = sender(got).send(page())
    assert result == SendResult(outcome, f"127.0.0.1 answered {code}", permanent)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(code: int) -> None:
    with receiver() as other, receiver(status(code, f"Location: http://127.0.0.1:{other.port}/")) as got:
        result = sender(got).send(page())
    assert (result.outcome, result.permanent) == (SendOutcome.NOT_DELIVERED, True)
    assert "a redirect, which is not followed" in result.detail
    assert (len(got.requests), other.requests) == (1, [])


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 ", b"HTTP/1.1 2", b"SMTP ready\r\n\r\n", b"\x00\xff" * 9])
def test_a_receiver_that_dies_or_says_nothing_of_sense_may_have_the_page(answer: bytes) -> None:
    with receiver(answer) as got:
        result = sender(got).send(page())
    assert len(got.requests) == 1
    assert (result.outcome, "did not confirm it" in result.detail) == (SendOutcome.POSSIBLY_DELIVERED, True)


@pytest.mark.parametrize("then", ["silence", "drip"])
def test_a_slow_receiver_may_have_the_page_and_holds_nobody_longer_than_the_timeout(then: str) -> None:
    with receiver(b"HTTP/1.1 2" if then == "drip" else b"", then=then) as got:
        result = sender(got, timeout=SOON).send(page())
    assert result == SendResult(
        SendOutcome.POSSIBLY_DELIVERED, "127.0.0.1 did not confirm it: no answer in time"
    )


def test_a_receiver_that_is_not_there_does_not_have_it() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    gone = Receiver(listening.getsockname()[1])
    listening.close()
    assert sender(gone).send(page()) == SendResult(SendOutcome.NOT_DELIVERED, "127.0.0.1: connection refused")


def test_a_certificate_is_checked(certificate: Path) -> None:
    with receiver(certificate=certificate) as got:
        unknown = sender(got, secure=True).send(page())
        known = sender(got, secure=True, ca_file=certificate).send(page())
    assert unknown.outcome is SendOutcome.NOT_DELIVERED
    assert "its certificate is not accepted: self-signed certificate" in unknown.detail
    assert known.outcome is SendOutcome.DELIVERED
    assert len(got.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "https://",
        "https://example.com/a b",
        "https://user:hunter2@example.com/",
        "https://[::1/",
        "http://example.com:99999/",
        "http://example.com/\r\nX-Evil: 1",
        "hunter2",
    ],
)
def test_what_is_no_web_address_is_refused_without_quoting_it(url: str) -> None:
    result = WebhookSender(lambda: url, FixedClock(NOW)).send(page())
    assert result.outcome is SendOutcome.NOT_DELIVERED
    assert "is not a web address" in result.detail
    assert "hunter2" not in result.detail


def test_the_path_of_an_address_which_may_grant_access_is_in_no_message() -> None:
    for answer in (b"", status(500)):
        with receiver(answer) as got:
            assert "hunter2" not in sender(got, "/services/hunter2").send(page()).detail


def test_poison_in_every_field_makes_one_request_with_good_json() -> None:
    with receiver() as got:
        assert sender(got).send(poisoned(target="x\r\ny")).outcome is SendOutcome.DELIVERED
    ((_, headers, content),) = got.requests
    assert set(headers) == {
        *("host", "accept-encoding", "content-length", "content-type", "user-agent"),
        *("idempotency-key", "connection"),
    }
    assert json.loads(content)["summary"].startswith("Fire Bcc:")
