"""The entries of the outbox: what goes out, and what became of it, as staff are shown it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from supportdesk.tickets.events.sending import DELIVERED, NOT_DELIVERED, POSSIBLY_DELIVERED

SHORT_ID = 8
"""How many characters of an identity are shown, and name a delivery: enough to tell one among a million."""


class OutboxEntry(msgspec.Struct, frozen=True):
    """A delivery that waits, or has failed. Instants are UTC epoch seconds.

    `due_at` is when it is sent, None if never again, and `held` why not earlier. `tried_at` is the last attempt, and
    `detail` what came of it.
    """

    id: str
    ref: str | None
    kind: str
    person: str
    person_name: str
    method: str
    target: str
    urgent: bool
    state: str
    at: int
    due_at: int | None
    held: str
    attempts: int
    tried_at: int | None
    detail: str
    text: str


class Fate(StrEnum):
    """What became of a delivery, as staff are told: mail that came back was sent before, and is bounced then."""

    WAITING = "waiting"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    UNDELIVERED = "not delivered"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"


class ListedDelivery(OutboxEntry, frozen=True, kw_only=True):
    """A delivery with what became of it.

    `bounce` is why it came back, as a server said. `needless` is why one that waits is not sent any more.
    """

    fate: Fate
    bounce: str = ""
    needless: str = ""


class AttemptOutcome(StrEnum):
    """What came of an attempt, as staff are told: the outcomes of sending, and what became of it later."""

    DELIVERED = DELIVERED
    NOT_DELIVERED = NOT_DELIVERED
    POSSIBLY_DELIVERED = POSSIBLY_DELIVERED
    CAME_BACK = "came back"
    """A server had accepted it, and sent it back later."""
    ASKED_AGAIN = "asked for again"
    """Somebody asked for another attempt."""


class DeliveryAttempt(msgspec.Struct, frozen=True):
    """An attempt at a delivery, or what happened to it after one; `detail` is what a server said.

    `at` and `retry_at`, when it is tried again, are UTC epoch seconds; the latter is None for never.
    """

    at: int
    outcome: AttemptOutcome
    detail: str = ""
    retry_at: int | None = None
