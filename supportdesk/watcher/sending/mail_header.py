"""The values of a mail's header: no text in one can add a header, add a recipient or end the mail.

They are written here and not by Python's `email`, which reads them first, and so finds encoded line ends and addresses
in them.
"""

from __future__ import annotations

import base64
import re

from msgspec import Struct

from supportdesk.tickets.mail_address import find_fault, split_name
from supportdesk.tickets.plain_text import UNWANTED, clean_line

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_DOMAIN = re.compile(r"[A-Za-z0-9_.-]+")
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ]{0,58}[A-Za-z0-9])?")
_PLAIN_TEXT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 :;,.()'+/_-]{0,63}[A-Za-z0-9)])?")
"""Header texts that need no encoding, and fit on one line."""
_WORD = 42
"""Bytes of text in an encoded word, which must not be longer than 75 characters (RFC 2047)."""


class Mailbox(Struct, frozen=True):
    """A name, which may be empty, and an address with its domain in ASCII."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What follows the @."""
        return self.address.rpartition("@")[2]


def find_address_fault(text: str) -> str | None:
    """Return why mail cannot be sent to or from `jo@example.com` or `Jo <jo@example.com>`; None where it can."""
    address = _split(text)[1]
    if not address:
        return "the address is empty"
    if _wire_form(address) is None:
        return f"{clean_line(text[:1000], 80).text} is not an email address that mail servers accept"
    return None


def mailbox(text: str) -> Mailbox:
    """Return name and address of a text without a fault. Raises ValueError for others."""
    name, address = _split(text)
    wire = _wire_form(address)
    if wire is None:
        raise ValueError("not an email address")
    return Mailbox(clean_line(name, 80).text, wire)


def write_mailbox(mailbox: Mailbox) -> str:
    """Return a name and its address for a header."""
    address = f"<{mailbox.address}>"
    return f"{_encoded(mailbox.name, _PLAIN_PHRASE)} {address}" if mailbox.name else address


def encode_text(text: str) -> str:
    """Return a clean text of one line for a header: as it is, or as encoded words on lines of their own."""
    return _encoded(text, _PLAIN_TEXT)


def _encoded(text: str, plain: re.Pattern[str]) -> str:
    """Return the text of a header: as it is, or as encoded words on lines of their own."""
    if plain.fullmatch(text):
        return text
    words: list[bytes] = [b""]
    for letter in text:
        if len(words[-1] + letter.encode()) > _WORD:
            words.append(b"")
        words[-1] += letter.encode()
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words)


def _split(text: str) -> tuple[str, str]:
    return split_name(text) or ("", text)


def _wire_form(address: str) -> str | None:
    """Return an address with its domain in ASCII; None where it has a fault."""
    if UNWANTED.search(address) or find_fault(address) is not None:
        return None
    name, _, domain = address.rpartition("@")
    try:
        wire = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return f"{name}@{wire}" if _LOCAL.fullmatch(name) and _DOMAIN.fullmatch(wire) else None
