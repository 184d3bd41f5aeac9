"""The kinds of mail that a policy can promise to customers."""

from __future__ import annotations

from enum import StrEnum


class MailKind(StrEnum):
    """What a mail to a customer is about. The values are stored."""

    RECEIPT = "receipt"
    REPLY = "reply"
    WAITING = "waiting"
    FIX = "fix"
    """A fix was promised, or moved to another date or release."""
    RELEASED = "released"
    RESOLVED = "resolved"
    CLOSED = "closed"
