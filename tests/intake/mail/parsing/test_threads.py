"""What a message belongs to, when it arrived, and whether it arrived before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.intake.mail.parsing.headers import split_head
from supportdesk.intake.mail.parsing.received import OLDEST, read_received_at
from tests.intake.mail.parsing.samples import CORPUS, HEAD, NOW, parsed, sample

REPLY = (CORPUS / "reply.eml").read_bytes()
HOST = "mx.desk.test"


def test_references_in_subject_and_text_and_the_messages_replied_to_are_read() -> None:
    thread = sample("reply").thread
    assert thread.in_subject == ("CD-4C00-W",)
    assert thread.in_text == ("CD-4C01-T",), "not CD-4C00-X, whose check character is wrong"
    assert thread.in_reply_to == ("reply-7@desk.test",)
    assert thread.references == ("first@acme.example", "reply-7@desk.test")


def test_a_reference_in_an_address_is_read_with_the_address() -> None:
    recipients = (
        b"To: Desk <support+cd-4c00-w@desk.test>, jo+news@acme.example\n"
        b"Cc: other+CD-4C00-X@desk.test\n"
        b"Delivered-To: support+CD-4C01-T@desk.test\n"
        b"Delivered-To: support+CD-4C00-W@desk.test\n\n"
    )
    found = [(each.address, each.ref) for each in parsed(HEAD + recipients).thread.in_addresses]
    assert found == [("support@desk.test", "CD-4C00-W"), ("support@desk.test", "CD-4C01-T")]


def test_the_first_message_id_that_is_not_empty_is_read() -> None:
    assert sample("duplicated-headers").identity.message_id == "dup-1@acme.example"
    assert sample("no-mime").identity.message_id == ""


def received(at: datetime, by: str = HOST) -> bytes:
    return b"Received: from a.example by %s; %s\n" % (
        by.encode(),
        at.strftime("%a, %d %b %Y %H:%M:%S %z").encode(),
    )


def test_a_message_arrived_when_our_own_server_received_it() -> None:
    """Not when an inner server stored it, nor at the time of a line that a stranger wrote in our server's name."""
    assert sample("received").received_at == datetime(2026, 11, 23, 9, 15, 7, tzinfo=UTC)


def test_a_date_in_the_future_is_not_believed() -> None:
    assert sample("received-in-the-future").received_at is None


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        (received(NOW - timedelta(hours=1)), NOW - timedelta(hours=1)),
        (received(NOW + timedelta(minutes=2)), NOW),
        (received(NOW + timedelta(minutes=10)), None),
        (received(NOW - OLDEST), NOW - OLDEST),
        (received(NOW - OLDEST - timedelta(days=1)), None),
        (received(NOW, "elsewhere.test"), None),
        (received(NOW, "MX.desk.test."), NOW),
        (b"Received: by mx.desk.test; yesterday\n" + received(NOW), None),
        (b"Received: by mx.desk.test\n", None),
        (b"Received: from by.example (by mx.desk.test) by other.test; 1 Nov 2026 09:00:00 +0000\n", None),
        (b"", None),
    ],
)
def test_the_date_of_our_own_server_s_line_is_read_if_it_is_possible(
    lines: bytes, at: datetime | None
) -> None:
    headers = split_head(lines, 0, len(lines)).headers
    assert read_received_at(headers, [HOST], NOW) == at


HOP = st.binary(max_size=60).map(lambda text: b"Received: by " + text.translate(None, b"\r\n") + b"\n")
TRACE = st.one_of(
    HOP,
    st.sampled_from(
        (b"Delivered-To: a@desk.test\n", b"X-Spam-Score: 3\n", b"Return-Path: <jo@acme.example>\n")
    ),
)


@given(st.lists(TRACE, max_size=5))
def test_the_identity_of_a_message_is_the_same_however_it_was_delivered(lines: list[bytes]) -> None:
    assert parsed(b"".join(lines) + REPLY).identity == sample("reply").identity


@given(st.integers(0), st.integers(1, 25))
def test_the_digest_changes_with_each_letter_of_the_text(place: int, by: int) -> None:
    start = REPLY.index(b"\n\n") + 2
    places = [at for at in range(start, len(REPLY)) if REPLY[at : at + 1].islower()]
    at = places[place % len(places)]
    letter = bytes([ord("a") + (REPLY[at] - ord("a") + by) % 26])
    changed = parsed(REPLY[:at] + letter + REPLY[at + 1 :]).identity
    assert changed.message_id == sample("reply").identity.message_id
    assert changed.content_digest != sample("reply").identity.content_digest


@pytest.mark.parametrize(
    "field", [b"Subject: Printers\n", b"From: sam@acme.example\n", b"References: <x@y.test>\n"]
)
def test_the_digest_changes_with_what_the_sender_wrote_in_the_header(field: bytes) -> None:
    assert parsed(field + REPLY).identity.content_digest != sample("reply").identity.content_digest


def test_line_ends_and_transfer_encodings_do_not_change_the_digest() -> None:
    plain = HEAD + b"Content-Type: text/plain; charset=utf-8\n\nCaf\xc3\xa9\nopen\n"
    quoted = HEAD + (
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nCaf=C3=A9\nopen\n"
    )
    digests = {parsed(raw).identity.content_digest for raw in (plain, plain.replace(b"\n", b"\r\n"), quoted)}
    assert len(digests) == 1
