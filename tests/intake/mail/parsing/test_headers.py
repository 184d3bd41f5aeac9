"""What comes of headers: addresses, subjects and dates, also against the rules and hostile ones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from supportdesk.intake.mail.parsing.addresses import MailAddress, read_addresses
from tests.intake.mail.parsing.samples import HEAD, parsed, sample

JO = MailAddress("jo.park@acme.example", "Jo Park")
BARE_JO = MailAddress("jo.park@acme.example")


@pytest.mark.parametrize(
    ("name", "subject", "sender"),
    [
        # An everyday message with CRLF.
        ("plain", "Printer on floor 2 does not print", JO),
        # Written before MIME.
        ("no-mime", "Help", BARE_JO),
        # The line of a mailbox file before the header.
        ("mailbox-envelope", "From a mailbox file", JO),
        # A byte order mark and an empty line before the header.
        ("byte-order-mark", "Byte order mark", JO),
        # Encoded words of both kinds over three lines.
        ("folded-encoded-subject", "Bestellung für Müller und Söhne ist nicht angekommen", JO),
        # Four bytes of one letter in two encoded words.
        ("letter-divided-between-words", "Für Müller 📦 box", JO),
        # Base64 of one letter, an unknown encoding, and a question mark that should have been encoded.
        ("bad-encoded-word", "=?utf-8?b?A?= and café and Really?", JO),
        # Letters beyond ASCII as they are, in Windows-1252.
        ("eight-bit-subject", "Größe der Schrift", JO),
        # Encoded line ends, a terminal's title, colours and an override of the direction.
        ("controls-in-headers", "Refund Bcc: all@acme.example]0;owned gpj.exe", JO),
        # Subject, sender and Message-ID twice, the first Message-ID empty.
        ("duplicated-headers", "First", BARE_JO),
        # A subject that goes on without an indent, and no empty line before the text.
        ("line-in-the-header", "A subject that goes on without its indent", BARE_JO),
    ],
)
def test_subject_and_sender_are_clean_lines(name: str, subject: str, sender: MailAddress) -> None:
    message = sample(name)
    assert (message.subject, message.sender) == (subject, sender)


def test_the_text_begins_where_the_header_ends_without_an_empty_line() -> None:
    assert sample("line-in-the-header").text.startswith("This is the text, without an empty line before it.")


def test_a_name_that_shows_another_address_is_remarked() -> None:
    message = sample("sender-shows-another-address")
    assert message.sender == MailAddress("stranger@elsewhere.test", "ann.lee@desk.test")
    assert message.remarks == (
        "The sender's name shows another address than its own, stranger@elsewhere.test.",
    )


def test_a_sender_whose_address_cannot_be_one_is_remarked() -> None:
    message = parsed(b"From: Jo Park <jo at acme>\nSubject: x\n\nText.\n")
    assert message.sender is not None
    assert not message.sender.is_readable
    assert message.remarks[0].startswith(
        "The sender's address cannot be one: 'jo at acme' is not an email address"
    )


def test_the_first_of_several_senders_is_read_and_the_others_remarked() -> None:
    message = sample("several-senders")
    assert message.sender == JO
    assert message.remarks == ("It names several senders; only the first is read.",)


def test_a_message_without_a_sender_and_with_a_date_in_words_is_read() -> None:
    message = sample("no-sender")
    assert (message.sender, message.sent_at, message.subject) == (None, None, "Anonymous")
    assert message.remarks == ("It does not say who sent it.",)


def test_groups_quoted_commas_and_comments_in_comments_are_read() -> None:
    assert sample("group-and-comments").to == (
        MailAddress("ann@desk.test", "Lee, Ann"),
        MailAddress("bob@desk.test", "Bob the\\ builder"),
    )


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        (b"jo@acme.example", [("jo@acme.example", "")]),
        (b"<jo@acme.example>", [("jo@acme.example", "")]),
        (
            b'"Park, Jo" <jo@acme.example>, sam@acme.example',
            [("jo@acme.example", "Park, Jo"), ("sam@acme.example", "")],
        ),
        (b"=?utf-8?q?J=C3=B6?= <jo@acme.example>", [("jo@acme.example", "Jö")]),
        (b"=?utf-8?q?Park=2C_Jo?= <jo@acme.example>", [("jo@acme.example", "Park, Jo")]),
        (b"Jo <@relay.test:jo@acme.example>", [("jo@acme.example", "Jo")]),
        (b"Jo <mailto:jo@acme.example>", [("jo@acme.example", "Jo")]),
        (b"undisclosed-recipients:;", []),
        (b"", []),
    ],
)
def test_addresses_are_read_in_every_form(value: bytes, addresses: list[tuple[str, str]]) -> None:
    assert [(each.address, each.name) for each in read_addresses(value)] == addresses


@pytest.mark.parametrize(
    "value", [b"Jo", b"<Jo Park>", b"jo@", b"jo@acme.example)bob@desk.test", b"jo@acme.example<bob@desk.test"]
)
def test_what_is_no_address_says_why_or_is_the_one_in_brackets(value: bytes) -> None:
    (found,) = read_addresses(value)
    assert found.is_readable == (b"<bob" in value)
    assert found.is_readable or found.fault


def test_the_sender_s_clock_is_read_in_utc() -> None:
    message = parsed(HEAD + b"Date: Mon, 23 Nov 2026 10:15:00 +0100 (CET)\n\nText.\n")
    assert message.sent_at == datetime(2026, 11, 23, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize("date", [b"99 Foo 2026", b"Mon, 43 Nov 2026 09:15:00", b"1" * 5_000, b"", b", :"])
def test_a_date_that_is_none_is_left_out(date: bytes) -> None:
    assert parsed(HEAD + b"Date: " + date + b"\n\nText.\n").sent_at is None


def test_what_is_too_long_in_a_header_is_cut_and_remarked() -> None:
    message = sample("endless-header")
    assert len(message.subject) == 19_999
    assert message.text == "Text."
    assert message.remarks == ("Its header is too long; the rest is in the original only.",)
