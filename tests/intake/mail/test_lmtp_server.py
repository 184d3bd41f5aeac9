"""A mail server delivers by LMTP, and is told that a message was accepted only once it is on the desk."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.records.commands import SaveContact
from tests.intake.mail.desk_lmtp import Opened, serving
from tests.intake.mail.messages import SUPPORT, write
from tests.intake.mail.postfix import Postfix, needs_postfix
from tests.store.desks import done, furnished
from tests.tickets.scenario import MONDAY_NINE


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk.open(furnished(tmp_path), FixedClock(MONDAY_NINE))) as opened:
        done(opened, SaveContact(Contact("jo", "acme", "Jo Park", super_user=True, email="jo@acme.example")))
        yield opened


@pytest.fixture
def opened(desk: Desk) -> Opened:
    return Opened(desk)


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def client(opened: Opened, log: list[str]) -> Iterator[smtplib.LMTP]:
    with serving(opened, log) as port, smtplib.LMTP("127.0.0.1", port) as connection:
        yield connection


def deliver(client: smtplib.LMTP, content: bytes, sender: str = "jo@acme.example", *others: str) -> bytes:
    """Deliver a message, and return the answer to its end."""
    client.ehlo_or_helo_if_needed()
    client.mail(sender)
    for recipient in (SUPPORT, *others):
        client.rcpt(recipient)
    code, said = client.data(re.sub(rb"\r?\n", b"\r\n", content))
    return b"%d %s" % (code, said)


def test_an_accepted_message_is_on_the_desk_with_its_original(
    client: smtplib.LMTP, desk: Desk, log: list[str]
) -> None:
    content = write("SECRET. Ein Gruß,\r\n.\r\nund mehr " + "x" * 5000, "SECRET")
    assert deliver(client, content) == b"250 2.0.0 accounted for"
    assert desk.count_incoming() == {"support": {MessageState.TICKET: 1}}
    [message] = desk.incoming_messages(states=[MessageState.TICKET])
    original = desk.incoming_original(message.key)
    assert original is not None
    assert original.startswith(b"Return-Path: <jo@acme.example>\r\n")
    assert (
        original.partition(b"\r\n")[2].replace(b"\r\n", b"\n").rstrip()
        == content.replace(b"\r\n", b"\n").rstrip()
    )
    assert log[1:] == [f"a message in the mailbox support: ticket, {message.ref}"]


def test_a_message_that_is_delivered_again_is_accepted_and_changes_nothing(
    client: smtplib.LMTP, desk: Desk
) -> None:
    content = write()
    assert deliver(client, content) == deliver(client, content) == b"250 2.0.0 accounted for"
    assert desk.count_incoming() == {"support": {MessageState.TICKET: 1}}


def test_what_says_by_its_empty_return_path_that_a_program_sent_it_has_no_effect(
    client: smtplib.LMTP, desk: Desk
) -> None:
    assert deliver(client, write(), "") == b"250 2.0.0 accounted for"
    assert desk.count_incoming() == {"support": {MessageState.AUTOMATIC: 1}}


def test_each_recipient_gets_an_answer(client: smtplib.LMTP, desk: Desk) -> None:
    assert deliver(client, write(), "jo@acme.example", "sales@claritum.example") == b"250 2.0.0 accounted for"
    assert client.getreply() == (250, b"2.0.0 accounted for")
    assert client.noop()[0] == 250
    assert desk.count_incoming() == {"support": {MessageState.TICKET: 1}}


@pytest.mark.parametrize(
    "failure", [DeskUnavailableError("the disk is full"), KeyError("a fault of the program")]
)
def test_what_is_not_on_the_desk_stays_at_the_mail_server(
    client: smtplib.LMTP, opened: Opened, desk: Desk, log: list[str], failure: Exception
) -> None:
    opened.failure = failure
    assert deliver(client, write()) == b"451 4.3.0 not accounted for; try again"
    assert log[-1].startswith("a message was not accounted for")
    opened.failure = None
    assert deliver(client, write()) == b"250 2.0.0 accounted for"
    assert desk.count_incoming() == {"support": {MessageState.TICKET: 1}}


@pytest.mark.long
@needs_postfix
@pytest.mark.slow
def test_postfix_keeps_what_was_not_accounted_for_and_delivers_it_again(
    opened: Opened, desk: Desk, log: list[str]
) -> None:
    opened.failure = DeskUnavailableError("the disk is full")
    with serving(opened, log) as port:
        server = Postfix({SUPPORT: f"lmtp:inet:127.0.0.1:{port}"})
        try:
            server.accept(write(), SUPPORT)
            server.wait_until_said("said: 451 4.3.0 not accounted for; try again")
            opened.failure = None
            server.wait_until_delivered()
        finally:
            server.remove()
    assert desk.count_incoming() == {"support": {MessageState.TICKET: 1}}
