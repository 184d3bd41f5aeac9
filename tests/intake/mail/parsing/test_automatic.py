"""Mail that programs send is recognised, with the reason, and no person's mail is taken for it."""

from __future__ import annotations

import pytest

from supportdesk.intake.mail.parsing.automatic import AutomaticKind
from tests.intake.mail.parsing.samples import HEAD, parsed, sample

REPLY, NOTIFICATION, LIST = AutomaticKind.REPLY, AutomaticKind.NOTIFICATION, AutomaticKind.LIST
BULK, UNANSWERABLE, BOUNCE = AutomaticKind.BULK, AutomaticKind.UNANSWERABLE, AutomaticKind.BOUNCE


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        # RFC 3834, as vacation (RFC 5230) and Gmail write it.
        ("vacation", REPLY, "Its header says that a program sent it (Auto-Submitted: auto-replied)."),
        # Exchange calls its replies generated; the subject tells.
        (
            "exchange-out-of-office",
            REPLY,
            "Its subject is that of an automatic reply: Automatic reply: Printer",
        ),
        # Lotus Notes, without any header.
        (
            "lotus-out-of-office",
            REPLY,
            "Its subject is that of an automatic reply: Jo Park is out of the office (returning 30/11/2026)",
        ),
        # A German Exchange, with an encoded subject.
        (
            "german-out-of-office",
            REPLY,
            "Its subject is that of an automatic reply: Abwesenheitsnotiz: Drucker",
        ),
        # A list for users.
        ("mailing-list", LIST, "Its header says that it is from a mailing list (list-id)."),
        # Only a reply by a program is not wanted.
        (
            "asks-for-no-reply",
            UNANSWERABLE,
            "It asks for no automatic reply (X-Auto-Response-Suppress: DR, OOF, AutoReply).",
        ),
        # A receipt that the reader sent with one key.
        ("read-receipt", AutomaticKind.RECEIPT, "It is a receipt for a message that was read or deleted."),
        # A report of a mail server.
        ("bounce", BOUNCE, "It is a report on the delivery of a message."),
    ],
)
def test_automatic_mail_says_what_it_is_and_why(name: str, kind: AutomaticKind, reason: str) -> None:
    automatic = sample(name).automatic
    assert automatic is not None
    assert automatic.kind is kind
    assert reason in automatic.reasons
    assert automatic.is_by_person == (kind in (LIST, UNANSWERABLE))


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (b"Auto-Submitted: auto-generated", NOTIFICATION),
        (b"Auto-Submitted: Auto-Replied; owner-email=jo@acme.example", REPLY),
        (b"Auto-Submitted: (a program) auto-replied (vacation)", REPLY),
        (b"Auto-Submitted: something-new", NOTIFICATION),
        (b"Precedence: BULK", BULK),
        (b"Precedence: junk", BULK),
        (b"Precedence: auto_reply", REPLY),
        (b"Precedence: list", LIST),
        (b"X-Autoreply: yes", REPLY),
        (b"X-POST-MessageClass: 9; Autoresponder", REPLY),
        (b"X-FC-MachineGenerated: true", NOTIFICATION),
        (b"List-Unsubscribe: <https://acme.example/leave>", LIST),
        (b"Return-Path: <>", NOTIFICATION),
        (b"Return-Path: <MAILER-DAEMON>", NOTIFICATION),
        (b"Return-Path: MAILER-DAEMON@mx.acme.example", NOTIFICATION),
    ],
)
def test_each_field_that_programs_write_is_known(field: bytes, kind: AutomaticKind) -> None:
    automatic = parsed(HEAD + field + b"\n\nText.\n").automatic
    assert automatic is not None
    assert automatic.kind is kind
    assert automatic.reasons


@pytest.mark.parametrize(
    "field",
    [
        b"Auto-Submitted: no",
        b"Auto-Submitted: no (a person wrote it)",
        b"Precedence: normal",
        b"X-Auto-Response-Suppress: None",
        b"Return-Path: <jo@acme.example>",
        b"Return-Path: <mailer-daemon.jo@acme.example>",
    ],
)
def test_a_field_that_says_that_a_person_wrote_is_believed(field: bytes) -> None:
    assert parsed(HEAD + field + b"\n\nText.\n").automatic is None


def test_the_notice_of_a_mail_server_is_no_person_s() -> None:
    automatic = parsed(b"From: Postmaster@acme.example\nSubject: Your quota\n\nText.\n").automatic
    assert automatic is not None
    assert automatic.reasons == ("It was sent by a mail server, Postmaster@acme.example.",)


PEOPLE = (
    # A person who writes of an office, and whose program says so.
    "not-automatic",
    "plain",
    "reply",
    "interleaved",
    "outlook-reply",
    "forward-gmail",
    "invitation",
    "nested",
    "signed",
)


@pytest.mark.parametrize("name", PEOPLE)
def test_what_people_send_is_not_automatic(name: str) -> None:
    assert sample(name).automatic is None
