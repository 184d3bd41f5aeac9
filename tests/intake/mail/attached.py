"""Messages with attachments, as customers send them."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.intake.mail.messages import write

PDF = b"%PDF-1.7\nan invoice"
PROGRAM = b"MZ\x90\0 a program"
PNG = b"\x89PNG\r\n\x1a\n a picture"


def write_with(*files: tuple[str, bytes], text: str = "See attached.", **headers: str) -> bytes:
    """A message with files, by name and content, each said to be of any type; a picture is in the text."""
    message = message_from_bytes(write(text, **headers), policy=policy.default)
    assert isinstance(message, EmailMessage)
    for name, content in files:
        inline = content == PNG
        message.add_attachment(
            content,
            maintype="image" if inline else "application",
            subtype="png" if inline else "octet-stream",
            filename=name,
            disposition="inline" if inline else "attachment",
        )
    return message.as_bytes()
