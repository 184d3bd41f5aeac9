"""The messages of the corpus, written for these tests, and how they are read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from supportdesk.intake.mail.parsing.message import MailMessage, UnreadableMail
from supportdesk.intake.mail.parsing.parser import read_mail

CORPUS = Path(__file__).with_name("corpus")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OWN_HOSTS = frozenset({"mx.desk.test"})
HEAD = b"From: Jo Park <jo.park@acme.example>\nSubject: Printer\nMIME-Version: 1.0\n"
"""The beginning of a message, to which a test adds more fields or the text."""


def parsed(raw: bytes) -> MailMessage:
    """What a message says that can be read."""
    message = read_mail(raw, own_hosts=OWN_HOSTS, now=NOW)
    assert isinstance(message, MailMessage), message
    return message


def sample(name: str) -> MailMessage:
    """What a message of the corpus says."""
    return parsed((CORPUS / f"{name}.eml").read_bytes())


def unreadable(name: str) -> str:
    """Why a message of the corpus cannot be read."""
    message = read_mail((CORPUS / f"{name}.eml").read_bytes(), own_hosts=OWN_HOSTS, now=NOW)
    assert isinstance(message, UnreadableMail)
    return message.reason
