"""A mailbox of the desk, and the messages that are taken from it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from supportdesk.sla.policy import Policy
from supportdesk.tickets.policy_keys import refuse_unknown_key
from supportdesk.tickets.process.customer_message import EMAIL, WRITTEN_BY


class Mailbox(Struct, frozen=True):
    """A mailbox: its name, how it is read, such as `maildir`, and the policy's channel of its requests.

    Its requests go to its `team`, unless their severity pages; without one, to the team of their severity.

    `addresses` are those to which customers write: what comes from them is our own mail. `hosts` are the names of our
    own mail servers, whose lines in a message's header are believed. To one that `has_voicemail`, a telephone system
    sends recordings: what else arrives there is mail as in any other.
    """

    name: str
    kind: str
    channel: str = EMAIL
    team: str = ""
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


def find_mailbox_fault(mailbox: Mailbox, policy: Policy) -> str | None:
    """Return why no mail can be taken in from a mailbox by a policy, and what to do; None where all can.

    A policy without a channel for email is no fault of a mailbox that names no other one: replies need none.
    """
    if mailbox.channel == EMAIL and not mailbox.team:
        return None
    fault = find_request_fault(mailbox, policy)
    return f"the mailbox {mailbox.name} takes in nothing: {fault}" if fault is not None else None


def find_request_fault(mailbox: Mailbox, policy: Policy) -> str | None:
    """Return why no request of a mailbox can be logged by a policy; None where all can."""
    unknown = refuse_unknown_key(policy, channel=mailbox.channel, team=mailbox.team or None)
    if unknown is not None:
        return unknown.reason
    if not _may_be_mail(policy, mailbox.channel):
        return f"no mail comes by the channel {mailbox.channel!r}; give another one, such as {EMAIL}"
    return None


def _may_be_mail(policy: Policy, key: str) -> bool:
    """Return whether a channel is neither the portal nor a line: one with a number, or for what pages somebody only."""
    if key in WRITTEN_BY:
        return key == EMAIL
    channel = policy.channel(key)
    asking = [each.pages for each in policy.severities if key in each.channels]
    return not (channel.number or channel.out_of_hours or (asking and all(asking)))
