"""Finds what a message belongs to: the references of tickets that it names, and the messages that it replies to.

All of it can be written by anybody: it proves nothing about the sender.
"""

from __future__ import annotations

from msgspec import Struct

from supportdesk.intake.mail.parsing.addresses import read_addresses
from supportdesk.intake.mail.parsing.headers import LONGEST_VALUE, Headers
from supportdesk.intake.mail.parsing.identity import read_message_ids
from supportdesk.tickets import reference

_MOST_IDS = 100
_MOST_REFERENCES = 20


_RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to")


class AddressedReference(Struct, frozen=True):
    """An address that a message was sent to, and the reference in it: `support+CD-4CAG-H@example.com`.

    `address` is without the reference: `support@example.com`.
    """

    address: str
    ref: str


class MailThread(Struct, frozen=True):
    """The tickets that a message names in its subject, text and recipients, and the Message-IDs that it refers to.

    Message-IDs are without brackets, the oldest of `references` first.
    """

    in_subject: tuple[str, ...] = ()
    in_text: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    in_addresses: tuple[AddressedReference, ...] = ()


def read_thread(headers: Headers, subject: str, text: str) -> MailThread:
    """Return what the subject, the text and the headers of a message refer to."""
    return MailThread(
        in_subject=reference.find_all(subject)[:_MOST_REFERENCES],
        in_text=reference.find_all(text)[:_MOST_REFERENCES],
        in_reply_to=read_message_ids(headers.text("in-reply-to", LONGEST_VALUE))[:_MOST_IDS],
        references=read_message_ids(headers.text("references", LONGEST_VALUE))[-_MOST_IDS:],
        in_addresses=_read_addressed(headers),
    )


def _read_addressed(headers: Headers) -> tuple[AddressedReference, ...]:
    found: dict[AddressedReference, None] = {}
    for name in _RECIPIENTS:
        for each in read_addresses(b", ".join(headers.values(name))):
            local, _, domain = each.address.rpartition("@")
            base, plus, detail = local.rpartition("+")
            for ref in reference.find_all(detail) if plus else ():
                found[AddressedReference(f"{base}@{domain}", ref)] = None
    return tuple(found)[:_MOST_REFERENCES]
