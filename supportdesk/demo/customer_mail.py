"""The emails of the demo's customers, and of strangers."""

from __future__ import annotations

import importlib.util
import os
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

import msgspec

from supportdesk.demo.intake_folders import DemoFolders
from supportdesk.desk_api import DeskApi
from supportdesk.resources import data_path

SUPPORT_ADDRESS = "support@claritum.example"
"""The address to which they write."""


class DemoEmail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An email: who writes, and what. One without a subject replies to the one before it."""

    sender: str
    text: str
    subject: str = ""


class _MailFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    emails: tuple[DemoEmail, ...]


def load_emails() -> tuple[DemoEmail, ...]:
    """Load the emails that ship with the program."""
    return msgspec.toml.decode(data_path("demo/mail.toml").read_bytes(), type=_MailFile).emails


def can_read_mail() -> bool:
    """Return whether what reads mail is installed, the extra `mail`."""
    return importlib.util.find_spec("nh3") is not None


def deliver_email(desk: DeskApi, folders: DemoFolders, now: datetime) -> bool:
    """Deliver the next email as a mail server would, if there is one and mail can be read; False if it must wait.

    Raises OSError.
    """
    if not can_read_mail():
        return True
    # What follows on an email depends on what became of it.
    if any((folders.mail / "new").iterdir()):
        return False
    emails = load_emails()
    with folders.reserve_next("mail", len(emails)) as number:
        if number is not None:
            name = f"{int(now.timestamp())}.{number}.demo"
            written = folders.mail / "tmp" / name
            written.write_bytes(_write(desk, emails, number, now).as_bytes())
            os.utime(written, (now.timestamp(), now.timestamp()))
            written.rename(folders.mail / "new" / name)
    return True


def _write(desk: DeskApi, emails: tuple[DemoEmail, ...], number: int, now: datetime) -> EmailMessage:
    email, message = emails[number], EmailMessage()
    message["From"] = email.sender
    message["To"] = f"Claritum Support <{SUPPORT_ADDRESS}>"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{_make_id(emails, number)}>"
    if email.subject:
        message["Subject"] = email.subject
        message.set_content(email.text)
        return message
    answered, answered_id = emails[number - 1], _make_id(emails, number - 1)
    ref = next((each.ref for each in desk.find_incoming(message_id=answered_id) if each.ref), None)
    message["Subject"] = f"Re: {ref}: {answered.subject}" if ref else f"Re: {answered.subject}"
    message["In-Reply-To"] = f"<{answered_id}>"
    quoted = "".join(f"> {line}".rstrip() + "\n" for line in answered.text.splitlines())
    message.set_content(f"{email.text}\n\n{quoted}")
    return message


def _make_id(emails: tuple[DemoEmail, ...], number: int) -> str:
    return f"demo.{number}@{parseaddr(emails[number].sender)[1].rpartition('@')[2]}"
