"""Makes the bytes of a mail to a customer, for SMTP. No text can add a header, add a recipient or end the mail."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from supportdesk.sla.formatting import local
from supportdesk.sla.mail_kind import MailKind
from supportdesk.tickets.attached_file import FileContent
from supportdesk.tickets.plain_text import clean_line
from supportdesk.watcher.customer_mail.content import MailContent, MailEnvelope
from supportdesk.watcher.customer_mail.rendering import MailTemplates, RenderedMail, find_templates
from supportdesk.watcher.sending.mail_header import Mailbox, encode_text, mailbox, write_mailbox

_ID = re.compile(r"[!-;=?-~]{1,198}")
"""A Message-ID without its brackets; longer ones do not fit into a line of a header."""
_REFERENCE = re.compile(r"[A-Z0-9-]{1,40}")
_MOST_IDS = 20
"""How many messages of a thread are named: the first and the last ones, as RFC 5322 advises for long ones."""
_MIME = policy.SMTP.clone(cte_type="7bit")


def compose(
    content: MailContent,
    envelope: MailEnvelope,
    templates: MailTemplates | None = None,
    files: Sequence[FileContent] = (),
) -> bytes:
    """Return the mail in ASCII, with CRLF, the same at every attempt; without `templates`, by those of the program.

    The `files` are attached, with their names and types.

    It names its ticket in the subject, in `X-Supportdesk-Reference` and, with plus-addressing, in `Reply-To`. All but a
    reply are marked as sent by a program (`Auto-Submitted: auto-generated`, RFC 3834); a reply was written by a person,
    so that `no` is right there. No program is to reply to any. Raises MailTextError, and ValueError for addresses, a
    Message-ID or a reference with a fault.
    """
    return compose_rendered((templates or find_templates()).render(content), content, envelope, files)


def compose_rendered(
    rendered: RenderedMail, content: MailContent, envelope: MailEnvelope, files: Sequence[FileContent] = ()
) -> bytes:
    """Do the same with texts that were rendered before."""
    if not _REFERENCE.fullmatch(content.ref):
        raise ValueError("not a reference")
    if not _ID.fullmatch(envelope.message_id):
        raise ValueError("not a Message-ID")
    header = "".join(f"{name}: {value}\r\n" for name, value in _headers(rendered, content, envelope).items())
    return header.encode("ascii") + _write_parts(rendered, envelope.message_id, files)


def _headers(rendered: RenderedMail, content: MailContent, envelope: MailEnvelope) -> dict[str, str]:
    by, to = mailbox(envelope.sender), mailbox(envelope.target)
    headers = {
        "From": write_mailbox(by),
        "To": write_mailbox(Mailbox(clean_line(envelope.target_name[:1000], 80).text, to.address)),
    }
    if envelope.plus_addressing:
        headers["Reply-To"] = write_mailbox(Mailbox(by.name, _add_plus(by.address, content.ref)))
    headers |= {
        "Subject": _write_subject(rendered.subject, content.ref),
        "Date": format_datetime(local(content.at, content.timezone)),
        "Message-ID": f"<{envelope.message_id}>",
    }
    thread = [each for each in envelope.thread if _ID.fullmatch(each)]
    if thread:
        shown = thread if len(thread) <= _MOST_IDS else [thread[0], *thread[1 - _MOST_IDS :]]
        headers["In-Reply-To"] = f"<{thread[-1]}>"
        headers["References"] = "\r\n ".join(f"<{each}>" for each in shown)
    return headers | {
        "X-Supportdesk-Reference": content.ref,
        "Auto-Submitted": "no" if content.kind is MailKind.REPLY else "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }


def _write_subject(subject: str, ref: str) -> str:
    """Return the subject with its reference readable as it is, and the rest on lines of their own where encoded."""
    start = f"[{ref}]"
    rest = subject.removeprefix(start).strip()
    if not rest:
        return start
    return f"{start}\r\n {encode_text(rest)}"


def _add_plus(address: str, ref: str) -> str:
    name, _, domain = address.rpartition("@")
    return f"{name}+{ref}@{domain}"


def _write_parts(rendered: RenderedMail, message_id: str, files: Sequence[FileContent]) -> bytes:
    """Return the rest of the header, an empty line, both forms of the text and the files.

    The boundaries follow from the Message-ID, so that an attempt is the same as the one before.
    """
    message = EmailMessage(policy=_MIME)
    message.set_content(rendered.text)
    message.add_alternative(rendered.html, subtype="html")
    digest = hashlib.sha256(f"{message_id}\n{rendered.text}\n{rendered.html}".encode()).hexdigest()
    message.set_boundary(f"=_{digest[:40]}")
    for each in files:
        maintype, _, subtype = _find_media_type(each).partition("/")
        message.add_attachment(each.content, maintype=maintype, subtype=subtype, filename=each.name)
        if maintype == "text":
            [*_, attached] = message.iter_attachments()
            attached.set_param("charset", "utf-8")
    if files:
        message.set_boundary(f"=_{digest[-40:]}")
    return message.as_bytes()


def _find_media_type(file: FileContent) -> str:
    """Return the media type of a file; a text in another encoding than UTF-8 is only bytes."""
    if not file.media_type.startswith("text/"):
        return file.media_type
    try:
        file.content.decode()
    except UnicodeDecodeError:
        return "application/octet-stream"
    return file.media_type
