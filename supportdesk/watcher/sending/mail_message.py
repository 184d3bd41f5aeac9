"""The mail of a page. No text in a page can add a header, add a recipient or end the mail."""

from __future__ import annotations

import base64
from email.utils import format_datetime

from supportdesk.tickets.plain_text import clean_line
from supportdesk.watcher.sending.mail_header import Mailbox, encode_text, mailbox, write_mailbox
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.page_text import body, subject


def build_mail(page: OutgoingPage, sender: str) -> bytes:
    """Return the mail for a page, in ASCII. `Message-ID` and `X-Idempotency-Key` contain its key.

    Mail programs do not reply to it by themselves (RFC 3834), and an urgent one has high importance. Raises ValueError
    where `sender` or the target of the page has a fault.
    """
    by, to = mailbox(sender), mailbox(page.target)
    headers = {
        "From": write_mailbox(by),
        "To": write_mailbox(Mailbox(clean_line(page.person[:1000], 80).text, to.address)),
        "Subject": encode_text(subject(page)),
        "Date": format_datetime(page.at),
        "Message-ID": f"<{page.idempotency_key}@{by.domain}>",
        "X-Idempotency-Key": page.idempotency_key,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if page.urgent:
        headers |= {"Importance": "high", "Priority": "urgent", "X-Priority": "1 (Highest)"}
    text = body(page).replace("\n", "\r\n")
    headers |= {
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "7bit" if text.isascii() else "base64",
    }
    start = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    content = text.encode() if text.isascii() else _base64_lines(text)
    return start.encode("ascii") + b"\r\n" + content


def _base64_lines(text: str) -> bytes:
    return base64.encodebytes(text.encode()).replace(b"\n", b"\r\n")
