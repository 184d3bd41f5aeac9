"""Reads what mail servers say about a message that they could not deliver: which one, to whom, and why.

Reports of the standard (RFC 3464), and the texts of servers that write none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from supportdesk.intake.mail.parsing.addresses import read_addresses
from supportdesk.intake.mail.parsing.automatic import is_by_server, looks_bounced
from supportdesk.intake.mail.parsing.body import MailBody
from supportdesk.intake.mail.parsing.headers import Headers, split_head
from supportdesk.intake.mail.parsing.identity import read_message_id
from supportdesk.intake.mail.parsing.part import Part
from supportdesk.intake.mail.parsing.transfer_encoding import decode_content
from supportdesk.tickets.plain_text import clean_line

_MOST_RECIPIENTS = 100
_ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_EMBEDDED = frozenset({"message/rfc822", "message/global", "message/global-headers", "text/rfc822-headers"})
_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_FAILED_LINE = re.compile(r"^\s*<?([^\s<>:,;\"']+@[^\s<>:,;\"']+)>?:?\s*$", re.MULTILINE)
_COPY = re.compile(
    r"^-{2,}.*\b(?:copy of the (?:message|body)|original message|unsent message|undelivered message)\b.*$",
    re.IGNORECASE | re.MULTILINE,
)
_DELAYED = re.compile(
    r"\b(?:delayed|will (?:be retried|continue to try|keep trying)|still being retried)\b", re.IGNORECASE
)


class BouncedRecipient(Struct, frozen=True):
    """A recipient: what became of the message (`failed`, `delayed` ...), the status (RFC 3463), the server's words."""

    address: str
    action: str
    status: str = ""
    diagnostic: str = ""


class Bounce(Struct, frozen=True):
    """What is known of a message that bounced. `message_id` is that of the message, empty where it is not named.

    `is_report` where the server wrote a report of the standard; else it was guessed from a text.
    """

    message_id: str
    subject: str
    recipients: tuple[BouncedRecipient, ...]
    is_report: bool

    @property
    def is_final(self) -> bool:
        """Whether a recipient will not get the message; false while the server still tries."""
        return any(recipient.action == "failed" for recipient in self.recipients)


def read_bounce(message: Part, body: MailBody, sender: str, subject: str) -> Bounce | None:
    """Return what a message says about another that was not, or not yet, delivered; None for any other message."""
    reports = [part for part in message.walk() if part.media_type in _REPORTS]
    if reports and (message.subtype == "report" or is_by_server(message, sender)):
        return _read_report(message, reports[0])
    if looks_bounced(message, sender, subject):
        return _read_text(message, body, subject)
    return None


def _read_report(message: Part, report: Part) -> Bounce:
    about, *each = _read_blocks(decode_content(report).data) or [Headers()]
    recipients = tuple(_read_recipient(block) for block in each[:_MOST_RECIPIENTS])
    original = _find_original(message) or Headers()
    named = next(
        (block.value(name) for block in (about, *each) for name in _ID_FIELDS if block.value(name)), b""
    )
    message_id = clean_line(named.decode("latin-1"), 250).text.strip("<> ") or read_message_id(original)
    return Bounce(message_id, original.text("subject"), recipients, is_report=True)


_ID_FIELDS = ("original-message-id", "x-original-message-id")


def _read_blocks(data: bytes) -> list[Headers]:
    """Return the groups of fields of a report, divided by empty lines: of the message, then of each recipient."""
    blocks: list[Headers] = []
    place = 0
    while place < len(data) and len(blocks) <= _MOST_RECIPIENTS:
        head = split_head(data, place, len(data))
        if head.headers.fields:
            blocks.append(head.headers)
        # What is no field ends a header, and would be read again for ever.
        place = head.content_start if head.content_start > place else data.find(b"\n", place) + 1 or len(data)
    if blocks and blocks[0].value("final-recipient"):
        blocks.insert(0, Headers())
    return blocks


def _read_recipient(block: Headers) -> BouncedRecipient:
    named = block.text("final-recipient") or block.text("original-recipient")
    action = block.text("action", 40).lower().split(" ")[0]
    status = _STATUS.search(block.text("status", 100))
    diagnostic = block.text("diagnostic-code")
    return BouncedRecipient(
        address=_bare_address(named.partition(";")[2] or named),
        action=action if action in _ACTIONS else "failed",
        status=status[0] if status else "",
        diagnostic=diagnostic.partition(";")[2].strip() or diagnostic,
    )


def _find_original(message: Part) -> Headers | None:
    """Return the header of the message that bounced, where the report has it."""
    for part in message.walk():
        if part.media_type in _EMBEDDED:
            data = decode_content(part).data
            return split_head(data, 0, len(data)).headers
    return None


def _read_text(message: Part, body: MailBody, subject: str) -> Bounce:
    original = _find_original(message) or _find_original_in(body.text)
    found = dict.fromkeys(_find_failed(message.headers, body.text))
    action = "delayed" if _DELAYED.search(subject) else "failed"
    status = _STATUS.search(body.text)
    recipients = tuple(
        BouncedRecipient(address, action, status[0] if status else "")
        for address in list(found)[:_MOST_RECIPIENTS]
    )
    return Bounce(read_message_id(original), original.text("subject"), recipients, is_report=False)


def _find_original_in(text: str) -> Headers:
    """Return the header of the message that follows a line such as `--- Below this line is a copy of the message.`"""
    copy = _COPY.search(text)
    if copy is None:
        return Headers()
    below = text[copy.end() :].lstrip("\n").encode("utf-8", "replace")
    return split_head(below, 0, len(below)).headers


def _find_failed(headers: Headers, text: str) -> Iterator[str]:
    for value in headers.values("x-failed-recipients"):
        for named in read_addresses(value):
            yield named.address
    copy = _COPY.search(text)
    for found in _FAILED_LINE.finditer(text[: copy.start()] if copy else text):
        yield _bare_address(found[1])


def _bare_address(text: str) -> str:
    return clean_line(text, 254).text.strip("<> ")
