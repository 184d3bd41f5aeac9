"""The texts of a ticket that are made from a message."""

from __future__ import annotations

import re

from supportdesk.intake.mail.assessment import NewRequest
from supportdesk.intake.mail.parsing.message import MailMessage

_ANSWER = re.compile(r"(?:(?:re|aw|fwd?|wg|tr|sv|antw)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)
_NOTHING = "(no subject)"
_NO_TEXT = "(no text)"


def make_summary(request: NewRequest) -> str:
    """Return one line that says what is wrong: the subject, or else the first line of the text."""
    subject = _ANSWER.sub("", request.subject, count=1) if _ANSWER.match(request.subject) else request.subject
    lines = (line.strip() for line in request.text.splitlines())
    return subject.strip() or next((line for line in lines if any(map(str.isalnum, line))), _NOTHING)


def describe_request(request: NewRequest, mail: MailMessage) -> str:
    """Return what was written, with what staff must know of the message: its files, and what was wrong with it."""
    remarks = [f"Forwarded by {request.forwarded_by.name}."] if request.forwarded_by is not None else []
    remarks += [
        f"Attached: {each.name} ({describe_size(each.size)})."
        for each in mail.attachments
        if not each.is_inline
    ]
    remarks += mail.remarks
    text = request.text.strip("\n")
    return "\n\n".join(filter(None, (text or _NO_TEXT, "\n".join(f"[{remark}]" for remark in remarks))))


def describe_size(size: int) -> str:
    """Return a number of bytes as people say it: `12 kB`."""
    return (
        f"{size:,} bytes"
        if size < 10_000
        else f"{size / 1_000_000:.1f} MB"
        if size >= 1_000_000
        else f"{size // 1000} kB"
    )
