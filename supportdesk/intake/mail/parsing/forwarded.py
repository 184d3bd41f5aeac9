"""Finds the message that somebody forwards: who wrote it, what it says, and what was said about it.

A member of staff forwards a customer's mail so that it becomes a ticket of the customer's.
"""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from supportdesk.intake.mail.parsing.addresses import MailAddress, read_addresses
from supportdesk.intake.mail.parsing.body import MailBody, read_body
from supportdesk.intake.mail.parsing.headers import LONGEST_VALUE
from supportdesk.intake.mail.parsing.part import Part, split_message
from supportdesk.intake.mail.parsing.quoted_header import (
    FORWARD_MARK,
    ORIGINAL_MARK,
    RULE,
    is_blank,
    read_quoted_header,
    strip_marks,
)
from supportdesk.intake.mail.parsing.transfer_encoding import decode_content

MESSAGE_TYPES = frozenset({"message/rfc822", "message/global"})

_PREFIX = re.compile(r"(?:\[[^\]]{0,40}\]\s*)?(?:fwd?|wg|tr|rv|enc|i|vs|vb|doorst|pd)\s?[:：]", re.IGNORECASE)
_GAP = 3
"""The most empty lines between the mark of a forwarded message and its header."""


class ForwardForm(StrEnum):
    """How a message was forwarded."""

    ATTACHED = "attached"
    INLINE = "inline"
    REDIRECTED = "redirected"


class ForwardedMail(Struct, frozen=True):
    """A forwarded message. `note` is what was written above it, `sent` its date as it is written there.

    `remarks` say what a reader of the text of an attached one should know of it, in sentences.
    """

    form: ForwardForm
    sender: MailAddress | None
    subject: str
    sent: str
    text: str
    note: str = ""
    remarks: tuple[str, ...] = ()


def find_forwarded(message: Part, body: MailBody, subject: str) -> ForwardedMail | None:
    """Return the message that another forwards: redirected, attached, or in its text; None where there is none."""
    if message.headers.value("resent-from"):
        senders = read_addresses(message.headers.value("from"))
        sent = message.headers.text("date", 100)
        return ForwardedMail(ForwardForm.REDIRECTED, _first(senders), subject, sent, body.text)
    attached = [part for part in body.files if part.media_type in MESSAGE_TYPES]
    if message.subtype != "report" and len(attached) == 1:
        return _read_attached(attached[0], body.text)
    return _find_inline(body.text.split("\n"), is_forward=_PREFIX.match(subject) is not None)


def open_attached(part: Part) -> Part:
    """Return the message that is attached as a part."""
    return split_message(decode_content(part).data)


def _read_attached(part: Part, note: str) -> ForwardedMail:
    inner = open_attached(part)
    body = read_body(inner)
    return ForwardedMail(
        ForwardForm.ATTACHED,
        _first(read_addresses(inner.headers.value("from"))),
        inner.headers.text("subject", LONGEST_VALUE),
        inner.headers.text("date", 100),
        body.text,
        note,
        body.remarks,
    )


def _find_inline(lines: list[str], *, is_forward: bool) -> ForwardedMail | None:
    for place, line in enumerate(lines):
        mark = line.strip("> \t")
        if FORWARD_MARK.fullmatch(mark) or (is_forward and ORIGINAL_MARK.fullmatch(mark)):
            start = place + 1
        elif is_forward and _begins_header(lines, place):
            start = place
        else:
            continue
        while start < len(lines) and start - place <= _GAP and is_blank(lines[start]):
            start += 1
        header = read_quoted_header(lines, start)
        if header is None:
            continue
        above = lines[: place - 1] if place and RULE.fullmatch(lines[place - 1].strip()) else lines[:place]
        below = strip_marks(lines[start + header.length :])
        return ForwardedMail(
            ForwardForm.INLINE,
            header.sender,
            header.subject,
            header.sent,
            "\n".join(below).strip("\n"),
            "\n".join(above).strip("\n"),
        )
    return None


def _begins_header(lines: list[str], place: int) -> bool:
    header = read_quoted_header(lines, place)
    return header is not None and header.sender is not None and bool(header.subject)


def _first(addresses: tuple[MailAddress, ...]) -> MailAddress | None:
    return addresses[0] if addresses else None
