"""The delivery of a message to one address, as far as an attempt at it needs to know it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from supportdesk.tickets.events.mail import MailPlanned
from supportdesk.tickets.events.sending import DELIVERED, NOT_DELIVERED


class DeliveryState(StrEnum):
    """What became of a delivery; the values are stored. Only one that waits has a due time."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    POSSIBLY_DELIVERED = "possibly delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACCEPTED = (DeliveryState.DELIVERED, DeliveryState.POSSIBLY_DELIVERED)
"""The states of what reached its person, or may have."""


class Delivery(msgspec.Struct, frozen=True):
    """A message to `person`, a username, by a method to a target.

    `id` is the idempotency key of every attempt at it, `attempts` how many there were. `ref` is the ticket that it is
    about, None for a message that is about none. `mail` is what was planned of a mail to a customer, whose `person` is
    the contact's key. `detail` is what the last attempt came to, and `needless` why it is not sent any more.
    `is_under_way` says that somebody is sending it, `is_bounced` that a server accepted it and sent it back since.
    `asked_after` is how many attempts there were when somebody on the staff last asked for another one, 0 for nobody.
    `present_address` is the email address that the contact of a mail has now, empty without one; None for all else.
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
    mail: MailPlanned | None = None
    detail: str = ""
    needless: str = ""
    is_under_way: bool = False
    is_bounced: bool = False
    asked_after: int = 0
    present_address: str | None = None


def find_state_after(state: DeliveryState, outcome: str, retry_at: object) -> DeliveryState:
    """Return the state of a delivery after an attempt; `retry_at` is when it is tried again, None for never.

    What was delivered stays so, whatever a later report says.
    """
    if outcome == DELIVERED or state is DeliveryState.DELIVERED:
        return DeliveryState.DELIVERED
    if outcome != NOT_DELIVERED or state is DeliveryState.POSSIBLY_DELIVERED:
        return DeliveryState.POSSIBLY_DELIVERED
    if retry_at is not None:
        return DeliveryState.WAITING
    return state if state is DeliveryState.CANCELLED else DeliveryState.FAILED
