"""Messages to the desk, as customers send them."""

from __future__ import annotations

from email.message import EmailMessage
from itertools import count

SUPPORT = "support@claritum.example"
OUR_SERVER = "mx.claritum.example"

_numbers = count(1)


def write(
    text: str = "It does not print.",
    subject: str = "The printer",
    sender: str = "Jo Park <jo@acme.example>",
    **headers: str,
) -> bytes:
    """A message; `headers` may replace those that it has, an underscore in their names is a dash."""
    message = EmailMessage()
    given = {
        "From": sender,
        "To": SUPPORT,
        "Subject": subject,
        "Date": "Mon, 23 Nov 2026 08:58:00 +0000",
        "Message-ID": f"<{next(_numbers)}@acme.example>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in given.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message.as_bytes()
