"""A mailbox of the desk, and the messages that are taken from it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Mailbox(Struct, frozen=True):
    """A mailbox: its name, how it is read, such as `maildir`, and the policy's channel of its requests.

    `addresses` are those to which customers write: what comes from them is our own mail. `hosts` are the names of our
    own mail servers, whose lines in a message's header are believed. To one that `has_voicemail`, a telephone system
    sends recordings: what else arrives there is mail as in any other.
    """

    name: str
    kind: str
    channel: str = "email"
    addresses: frozenset[str] = frozenset()
    hosts: tuple[str, ...] = ()
    has_voicemail: bool = False

    def is_own(self, address: str) -> bool:
        """Return whether an address is one of the mailbox's own, also with something after a `+`."""
        local, _, domain = address.casefold().rpartition("@")
        own = {each.casefold() for each in self.addresses}
        return not own.isdisjoint({address.casefold(), f"{local.partition('+')[0]}@{domain}"})


class Delivery(Struct, frozen=True):
    """A message as the mailbox has it: its bytes, and what the mailbox calls it, or nothing.

    `delivered_at` is when it was put there, in UTC; None where the mailbox does not say.
    """

    content: bytes
    identity: str = ""
    delivered_at: datetime | None = None
