"""What every sender does: send one page to one address, and say what became of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from supportdesk.watcher.sending.page import OutgoingPage

TIMEOUT = 15.0
"""How many seconds a sender waits for the other side."""


class SendOutcome(StrEnum):
    """What is known about a page after an attempt to send it. The values are stored.

    Only what was not delivered is sent again: what was possibly delivered would wake somebody a second time.
    """

    DELIVERED = "delivered"
    """The other side confirmed that it has the page."""
    NOT_DELIVERED = "not delivered"
    """The other side does not have the page."""
    POSSIBLY_DELIVERED = "possibly delivered"
    """The page was handed over, and nothing confirmed it; or only some of several recipients have it."""


class SendResult(Struct, frozen=True):
    """The outcome of an attempt. `detail` is one line for people that contains no secret.

    `permanent` means that another attempt would fail as well, since the address or the settings are wrong. `declined`
    means that the person has the page and passes it on to the next person.
    """

    outcome: SendOutcome
    detail: str = ""
    permanent: bool = False
    declined: bool = False


class Sender(Protocol):
    """Sends pages by one method. May be used by several threads at once."""

    def send(self, page: OutgoingPage) -> SendResult:
        """Send a page to its target, and wait for the outcome, some `TIMEOUT` seconds at most. Never raises.

        Outside any transaction: it may block.
        """
        ...


def delivered(detail: str = "") -> SendResult:
    """Return the result of a confirmed delivery."""
    return SendResult(SendOutcome.DELIVERED, detail)


def declined(detail: str = "") -> SendResult:
    """Return the result of a delivery to a person who passes the page on to the next person."""
    return SendResult(SendOutcome.DELIVERED, detail, declined=True)


def not_delivered(detail: str, *, permanent: bool = False) -> SendResult:
    """Return the result of an attempt of which the other side has nothing."""
    return SendResult(SendOutcome.NOT_DELIVERED, detail, permanent)


def possibly_delivered(detail: str) -> SendResult:
    """Return the result of an attempt of which nobody can say what became of it."""
    return SendResult(SendOutcome.POSSIBLY_DELIVERED, detail)
