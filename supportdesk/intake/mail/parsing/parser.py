"""Reads the bytes of a message. Nothing in them raises an exception: what cannot be read is set aside whole."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from supportdesk.attachments.attachment import Attachment
from supportdesk.intake.mail.parsing.addresses import MailAddress, read_addresses
from supportdesk.intake.mail.parsing.attachments import read_attachments
from supportdesk.intake.mail.parsing.automatic import find_automatic
from supportdesk.intake.mail.parsing.body import read_body
from supportdesk.intake.mail.parsing.bounce import read_bounce
from supportdesk.intake.mail.parsing.forwarded import find_forwarded
from supportdesk.intake.mail.parsing.headers import LONGEST_VALUE, Headers
from supportdesk.intake.mail.parsing.identity import identify
from supportdesk.intake.mail.parsing.mail_date import read_date
from supportdesk.intake.mail.parsing.message import MailMessage, UnreadableMail
from supportdesk.intake.mail.parsing.part import Part, split_message
from supportdesk.intake.mail.parsing.received import read_received_at
from supportdesk.intake.mail.parsing.thread import read_thread

LARGEST = 50 * 1024 * 1024
"""The most bytes of a message that are read."""

_MARKS = b"\xef\xbb\xbf"
_ENVELOPE = (b"From ", b">From ")
_NEEDED = frozenset(
    {"from", "to", "subject", "date", "message-id", "received", "content-type", "return-path"}
)


def parse_mail(raw: bytes, *, own_hosts: Collection[str] = (), now: datetime) -> MailMessage | UnreadableMail:
    """Return what a message says; `own_hosts` are the names of the servers whose lines in its header are believed."""
    try:
        return read_mail(raw, own_hosts=own_hosts, now=now)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - one message must not stop all others; a panic in nh3 is no Exception
        return UnreadableMail(f"Reading it failed ({type(error).__name__}); this is a fault of the program.")


def read_mail(raw: bytes, *, own_hosts: Collection[str], now: datetime) -> MailMessage | UnreadableMail:
    """Do the same, but raise an exception for a fault of the program."""
    if not raw.strip():
        return UnreadableMail("It is empty.")
    if len(raw) > LARGEST:
        return UnreadableMail(f"It has more than {LARGEST >> 20} MiB.")
    message = split_message(raw, _find_start(raw))
    headers = message.headers
    if not any(field.name in _NEEDED for field in headers.fields):
        return UnreadableMail("It has no header of a message.")
    senders = read_addresses(b", ".join(headers.values("from")))
    sender = senders[0] if senders else None
    address = sender.address if sender else ""
    subject = headers.text("subject")
    body = read_body(message)
    attachments = read_attachments(body.files)
    return MailMessage(
        identity=identify(message),
        sender=sender,
        has_several_senders=len(senders) > 1,
        reply_to=read_addresses(headers.value("reply-to")),
        to=read_addresses(b", ".join(headers.values("to"))),
        cc=read_addresses(b", ".join(headers.values("cc"))),
        subject=headers.text("subject", LONGEST_VALUE),
        text=body.text,
        form=body.form,
        attachments=attachments,
        sent_at=read_date(headers.text("date")),
        received_at=read_received_at(headers, own_hosts, now),
        thread=read_thread(headers, subject, body.text),
        automatic=find_automatic(message, address, subject),
        bounce=read_bounce(message, body, address, subject),
        forwarded=find_forwarded(message, body, subject),
        remarks=(
            *_remark_headers(headers, senders),
            *body.remarks,
            *_remark_parts(message, attachments),
        ),
    )


def _find_start(raw: bytes) -> int:
    """Return where the header begins, after empty lines, a byte order mark and the envelope line of a mailbox file."""
    start = len(_MARKS) if raw.startswith(_MARKS) else 0
    start += len(raw[start : start + 1_000]) - len(raw[start : start + 1_000].lstrip(b"\r\n"))
    if raw.startswith(_ENVELOPE, start):
        start = raw.find(b"\n", start) + 1
    return start


def _remark_headers(headers: Headers, senders: tuple[MailAddress, ...]) -> list[str]:
    remarks = []
    if not senders:
        remarks.append("It does not say who sent it.")
    elif senders[0].fault:
        remarks.append(f"The sender's address cannot be one: {senders[0].fault}.")
    elif senders[0].is_misleading:
        remarks.append(f"The sender's name shows another address than its own, {senders[0].address}.")
    if len(senders) > 1:
        remarks.append("It names several senders; only the first is read.")
    if headers.is_cut:
        remarks.append("Its header is too long; the rest is in the original only.")
    return remarks


def _remark_parts(message: Part, attachments: tuple[Attachment, ...]) -> list[str]:
    faults = [
        f"The structure of the message is damaged: {part.fault}." for part in message.walk() if part.fault
    ]
    faults += [
        f"The attachment {each.name} may be damaged: {each.fault}." for each in attachments if each.fault
    ]
    return list(dict.fromkeys(faults))
