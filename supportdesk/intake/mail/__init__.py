"""Reads mail: from the bytes of a message to what it says, who sent it, and what it belongs to. Pure."""

from supportdesk.intake.mail.message import MailMessage, UnreadableMail
from supportdesk.intake.mail.parser import parse_mail

__all__ = ["MailMessage", "UnreadableMail", "parse_mail"]
