"""What is read from the reports of mail servers: which message, to whom, and why."""

from __future__ import annotations

import pytest

from supportdesk.intake.mail.parsing.bounce import BouncedRecipient
from tests.intake.mail.parsing.samples import CORPUS, HEAD, parsed, sample

JO = "jo.park@acme.example"


@pytest.mark.parametrize(
    ("name", "recipient", "is_report"),
    [
        # RFC 3464 with the whole message, and a diagnostic over two lines.
        ("bounce", BouncedRecipient(JO, "failed", "5.1.1", "550 5.1.1 No such user here"), True),
        # The same with the header only, while the server still tries.
        ("bounce-delayed", BouncedRecipient(JO, "delayed", "4.4.1", "connection timed out"), True),
        # Exim writes no report; the message follows in the text.
        ("bounce-exim", BouncedRecipient(JO, "failed", "5.1.1"), False),
        # qmail.
        ("bounce-qmail", BouncedRecipient(JO, "failed", "5.1.1"), False),
    ],
)
def test_a_bounce_names_our_message_and_who_did_not_get_it(
    name: str, recipient: BouncedRecipient, is_report: bool
) -> None:
    bounce = sample(name).bounce
    assert bounce is not None
    assert (bounce.message_id, bounce.subject) == ("reply-7@desk.test", "Your ticket CD-4C00-W")
    assert bounce.recipients == (recipient,)
    assert bounce.is_report == is_report
    assert bounce.is_final == (recipient.action == "failed")


def test_each_recipient_of_a_report_is_read() -> None:
    report = (CORPUS / "bounce.eml").read_bytes()
    another = b"\nFinal-Recipient: rfc822; sam@acme.example\nAction: delivered\nStatus: 2.0.0\n"
    original = b"--d\nContent-Type: message/rfc822"
    bounce = parsed(report.replace(original, another + original)).bounce
    assert bounce is not None
    assert [(each.address, each.action) for each in bounce.recipients] == [
        (JO, "failed"),
        ("sam@acme.example", "delivered"),
    ]


def test_a_report_that_names_the_message_needs_no_copy_of_it() -> None:
    report = (
        (CORPUS / "bounce.eml")
        .read_bytes()
        .replace(b"Reporting-MTA:", b"Original-Message-ID: <page-9@desk.test>\nX:")
    )
    bounce = parsed(report).bounce
    assert bounce is not None
    assert bounce.message_id == "page-9@desk.test"


@pytest.mark.parametrize(
    "content", [b"", b"\n\n\n", b"no fields at all\n", b"Final-Recipient: ;\nAction: ?\n"]
)
def test_a_damaged_report_is_still_a_bounce(content: bytes) -> None:
    fields = b"Content-Type: multipart/report; report-type=delivery-status; boundary=d\n\n"
    bounce = parsed(
        HEAD + fields + b"--d\nContent-Type: message/delivery-status\n\n" + content + b"--d--\n"
    ).bounce
    assert bounce is not None
    assert bounce.message_id == ""


def test_a_report_that_a_customer_sends_on_is_no_bounce() -> None:
    text = b"Content-Type: multipart/mixed; boundary=d\n\n--d\n\nWhat is this?\n--d\n"
    report = b"Content-Type: message/delivery-status"
    message = parsed(HEAD + text + report + b"\n\nFinal-Recipient: rfc822; sam@acme.example\n--d--\n")
    assert (message.bounce, message.automatic, message.text) == (None, None, "What is this?")


@pytest.mark.parametrize("name", ["plain", "vacation", "forward-attached"])
def test_other_messages_are_no_bounces(name: str) -> None:
    assert sample(name).bounce is None
