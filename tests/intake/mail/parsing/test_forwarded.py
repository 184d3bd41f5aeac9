"""A customer's mail that somebody forwards is found, however their program forwards it."""

from __future__ import annotations

import pytest

from supportdesk.intake.mail.parsing.addresses import MailAddress
from supportdesk.intake.mail.parsing.forwarded import ForwardForm
from tests.intake.mail.parsing.samples import HEAD, parsed, sample

JO = MailAddress("jo.park@acme.example", "Jo Park")
INLINE = ForwardForm.INLINE
TEXT = "The printer does not print."


@pytest.mark.parametrize(
    ("name", "form", "text", "note"),
    [
        # Gmail.
        ("forward-gmail", INLINE, f"{TEXT}\nJo", "Please log this."),
        # Outlook, which writes the address as a link.
        ("forward-outlook", INLINE, TEXT, "For the desk."),
        # Apple Mail, which quotes what it forwards.
        ("forward-apple", INLINE, f"{TEXT}\n\nJo", ""),
        # Thunderbird, whose fields have another order.
        ("forward-thunderbird", INLINE, TEXT, ""),
        # An assistant wrote for somebody.
        ("forward-on-behalf", INLINE, TEXT, ""),
        # As an attachment.
        ("forward-attached", ForwardForm.ATTACHED, TEXT, "A customer's mail."),
        # Redirected whole (Resent-From).
        ("redirected", ForwardForm.REDIRECTED, TEXT, ""),
    ],
)
def test_the_sender_and_the_text_of_a_forwarded_message_are_read(
    name: str, form: ForwardForm, text: str, note: str
) -> None:
    forwarded = sample(name).forwarded
    assert forwarded is not None
    assert (forwarded.form, forwarded.sender, forwarded.text, forwarded.note) == (form, JO, text, note)
    assert forwarded.subject.startswith("Printer")
    assert "23" in forwarded.sent


@pytest.mark.parametrize("name", ["plain", "reply", "outlook-reply", "order-list", "bounce"])
def test_a_reply_or_a_report_forwards_nothing(name: str) -> None:
    assert sample(name).forwarded is None


def test_a_forwarded_message_without_a_sender_is_not_guessed() -> None:
    text = b"\n---------- Forwarded message ---------\nDate: today\nSubject: Printer\n\nText.\n"
    assert parsed(HEAD.replace(b"Subject: ", b"Subject: Fwd: ") + text).forwarded is None
