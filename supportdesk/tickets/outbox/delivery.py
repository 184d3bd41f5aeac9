"""The delivery of a message to one address, as far as an attempt at it needs to know it."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class DeliveryState(StrEnum):
    """What became of a delivery; the values are stored. Only one that waits has a due time."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    POSSIBLY_DELIVERED = "possibly delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Delivery(msgspec.Struct, frozen=True):
    """A message to `person`, a username, by a method to a target.

    `id` is the idempotency key of every attempt at it, `attempts` how many there were. `ref` is the ticket that it is
    about, None for a message that is about none.
    """

    id: str
    ref: str | None
    kind: str
    person: str
    method: str
    target: str
    urgent: bool
    attempts: int
    state: DeliveryState
