"""Services are reached by apprise, one address at a time, and silence is not taken for a refusal."""

from __future__ import annotations

import logging
import socket
import sys
from typing import Any

import pytest
from apprise import NotifyBase

from supportdesk.watcher.sending.page_text import body, short_text, subject
from supportdesk.watcher.sending.sender import SendOutcome, SendResult
from supportdesk.watcher.sending.service_sender import ServiceSender
from tests.watcher.sending.pages import page, poisoned
from tests.watcher.sending.receiver import receiver, status

SOON = 0.4


@pytest.fixture(autouse=True)
def _no_pause_between_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have apprise send to the next address of a service at once, instead of after five seconds."""
    monkeypatch.setattr(NotifyBase, "request_rate_per_sec", 0)


def sender(port: int, rest: str = "/", **settings: Any) -> ServiceSender:
    return ServiceSender(lambda: f"json://desk:hunter2@127.0.0.1:{port}{rest}", **settings)


def test_a_service_that_accepts_a_page_delivers_it() -> None:
    with receiver(status(200)) as got:
        assert sender(got.port).send(page()) == SendResult(SendOutcome.DELIVERED, "JSON")
    import json

    sent = json.loads(got.requests[0][2])
    assert (sent["title"], sent["message"].strip()) == (subject(page()), body(page()).strip())
    assert "Message 0c1f-7" in sent["message"]
    assert sent["type"] == "failure"


def test_a_service_for_short_messages_gets_the_short_text() -> None:
    with receiver(status(200)) as got:
        sender(got.port, text="short").send(page())
    assert short_text(page()).encode() in got.requests[0][2]
    assert b"acknowledge" not in got.requests[0][2]


def test_the_persons_address_takes_its_place_in_that_of_the_service() -> None:
    with receiver(status(200)) as got:
        assert (
            sender(got.port, "/to/{target}").send(page(target="+44 7700 900123")).outcome
            is SendOutcome.DELIVERED
        )
        sender(got.port, "/to/{target}").send(page(target="../admin?x=1&rto=1#a"))
    assert [first for first, _, _ in got.requests] == [
        "POST /to/+447700900123 HTTP/1.1",
        "POST /to/..%2Fadmin%3Fx=1&rto=1%23a HTTP/1.1",
    ]


@pytest.mark.parametrize("target", ["", "a b", "a,b", "a;b", "a\nb"])
def test_several_addresses_in_one_are_refused(target: str) -> None:
    with receiver(status(200)) as got:
        result = sender(got.port, "/{target}").send(page(target=target))
    assert (result.outcome, result.permanent, got.requests) == (SendOutcome.NOT_DELIVERED, True, [])


def test_a_service_that_refuses_or_is_not_there_did_not_deliver() -> None:
    with receiver(status(500)) as got:
        assert sender(got.port).send(page()) == SendResult(
            SendOutcome.NOT_DELIVERED, "JSON refused it, error=500"
        )
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    listening.close()
    assert sender(port).send(page()) == SendResult(SendOutcome.NOT_DELIVERED, "JSON could not be reached")


def test_a_page_about_a_timeout_is_not_taken_for_one() -> None:
    with receiver(status(500)) as got:
        result = sender(got.port).send(page(summary="Socket Exception: read timed out, error=200"))
    assert result == SendResult(SendOutcome.NOT_DELIVERED, "JSON refused it, error=500")


@pytest.mark.parametrize("then", ["silence", "close"])
def test_a_service_that_is_slow_or_dies_after_the_request_may_have_delivered(then: str) -> None:
    with receiver(b"", then=then) as got:
        result = sender(got.port, timeout=SOON).send(page())
    assert len(got.requests) == 1, "nothing is sent a second time"
    assert result == SendResult(SendOutcome.POSSIBLY_DELIVERED, "JSON did not confirm it")


def test_a_service_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supportdesk.watcher.sending.service_sender._GRACE", 0.2)
    with receiver(b"HTTP/1.1 200 Fine\r\n", then="drip", drip=b"X-More: 1\r\n") as got:
        result = sender(got.port, timeout=SOON).send(page())
    assert result == SendResult(SendOutcome.POSSIBLY_DELIVERED, "JSON did not answer in time")


def test_timeouts_and_retries_in_the_address_do_not_count() -> None:
    with receiver(b"", then="silence") as got:
        sender(got.port, "/?rto=60&cto=60&retry=3", timeout=SOON).send(page())
    assert len(got.requests) == 1


def test_several_services_are_several_methods() -> None:
    with receiver(status(200)) as good, receiver(status(500)) as bad:
        both = f"json://127.0.0.1:{good.port}/ json://127.0.0.1:{bad.port}/"
        result = ServiceSender(lambda: both).send(page())
    assert (result.outcome, result.permanent) == (SendOutcome.NOT_DELIVERED, True)
    assert (good.requests, bad.requests) == ([], [])


def test_a_service_that_sent_to_half_of_its_addresses_has_possibly_delivered() -> None:
    with receiver(status(200), status(500)) as got:
        address = f"ntfy://127.0.0.1:{got.port}/first/second"
        result = ServiceSender(lambda: address).send(page())
    assert len(got.requests) == 2
    assert result == SendResult(
        SendOutcome.POSSIBLY_DELIVERED, "ntfy sent it to some of several addresses; give each its own method"
    )


def test_a_service_that_sent_to_none_of_its_addresses_has_not_delivered() -> None:
    with receiver(status(500)) as got:
        address = f"ntfy://127.0.0.1:{got.port}/first/second"
        assert ServiceSender(lambda: address).send(page()).outcome is SendOutcome.NOT_DELIVERED


def test_a_redirect_is_not_followed() -> None:
    with receiver(status(200)) as other:
        for code in (302, 307):
            with receiver(status(code, f"Location: http://127.0.0.1:{other.port}/")) as got:
                assert sender(got.port, "/?redirect=yes").send(page()).outcome is SendOutcome.NOT_DELIVERED
    assert other.requests == []


@pytest.mark.parametrize("address", ["nothing", "nosuch://host", "json://", "file:///etc/passwd"])
def test_an_address_that_apprise_does_not_know_is_not_quoted(address: str) -> None:
    result = ServiceSender(lambda: address).send(page())
    assert result.outcome is SendOutcome.NOT_DELIVERED
    assert address not in result.detail


def test_passwords_are_in_no_message_and_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for answer in (status(500), b""):
        with receiver(answer) as got:
            assert "hunter2" not in sender(got.port).send(page()).detail
    assert "hunter2" not in caplog.text


def test_without_apprise_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    result = sender(1).send(page())
    assert result.outcome is SendOutcome.NOT_DELIVERED
    assert "pip install supportdesk[notify]" in result.detail


def test_poison_in_every_field_is_sent_as_one_plain_message() -> None:
    with receiver(status(200)) as got:
        assert sender(got.port).send(poisoned()).outcome is SendOutcome.DELIVERED
    assert len(got.requests) == 1
    assert b"\\u001b" not in got.requests[0][2]
