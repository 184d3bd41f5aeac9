"""The texts of a ticket that are made from a message."""

from __future__ import annotations

import re
from collections.abc import Sequence

from supportdesk.attachments.file_size import describe_size
from supportdesk.intake.mail.assessment import NewRequest
from supportdesk.intake.mail.parsing.message import MailMessage
from supportdesk.tickets.command import LINE_LIMIT, TEXT_LIMIT
from supportdesk.tickets.plain_text import clean_line, clean_text

_ANSWER = re.compile(r"(?:(?:re|aw|fwd?|wg|tr|sv|antw)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)
_NOTHING = "(no subject)"
_NO_TEXT = "(no text)"


def make_summary(request: NewRequest) -> str:
    """Return one line that says what is wrong: the subject, or else the first line of the text.

    It has at most LINE_LIMIT characters; where it ends with dots, all of it is in what `describe_request` returns.
    """
    lines = (line.strip() for line in request.text.splitlines())
    line = _strip_answers(request.subject) or next(
        (line for line in lines if any(map(str.isalnum, line))), _NOTHING
    )
    cleaned = clean_line(line, LINE_LIMIT)
    return f"{clean_line(line, LINE_LIMIT - 1).text}…" if cleaned.cut else cleaned.text


def _strip_answers(subject: str) -> str:
    """Return a subject without the `Re:` and `Fwd:` before it."""
    return (_ANSWER.sub("", subject, count=1) if _ANSWER.match(subject) else subject).strip()


def describe_request(request: NewRequest, mail: MailMessage, key: str) -> str:
    """Return what was written, with what staff must know of the message: its files, and what was wrong with it.

    A subject that is too long for a summary stands before it.
    It has at most TEXT_LIMIT characters. Of a longer text the end is left out, and it is said where that is, by the
    `key` of the message; the remarks behind it are not cut.
    """
    remarks = [f"Forwarded by {request.forwarded_by.name}."] if request.forwarded_by is not None else []
    remarks += [
        f"Attached: {each.name} ({describe_size(each.size)})."
        for each in mail.attachments
        if not each.is_inline
    ]
    remarks += mail.remarks
    if request.forwarded_by is not None and mail.forwarded is not None:
        remarks += [each for each in mail.forwarded.remarks if each not in mail.remarks]
    text = request.text.strip("\n") or _NO_TEXT
    subject = _strip_answers(request.subject)
    if len(subject) > LINE_LIMIT:
        text = f"Subject: {subject}\n\n{text}"
    behind = _write_remarks(remarks)
    if len(text) + len(behind) > TEXT_LIMIT:
        behind = _write_remarks([describe_rest(key), *remarks])
        text = clean_text(text, TEXT_LIMIT - len(behind)).text
    return text + behind


def describe_rest(key: str) -> str:
    """Return where the rest of a text is that is too long to be shown, in two sentences."""
    return f"The text goes on. The whole message is kept: supportdesk intake original {key} > FILE.eml"


def _write_remarks(remarks: Sequence[str]) -> str:
    """Return remarks in brackets as they stand behind a text, as many as half a text has room for."""
    written = ""
    for number, remark in enumerate(remarks):
        longer = f"{written}\n[{remark}]"
        if len(longer) > TEXT_LIMIT // 2:
            return f"\n{written}\n[Remarks that are left out: {len(remarks) - number}.]"
        written = longer
    return f"\n{written}" if written else ""
