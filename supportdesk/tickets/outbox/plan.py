"""Which deliveries a message to a person gets, and when each of them is due."""

from __future__ import annotations

import msgspec

from supportdesk.tickets.documents import Address, Person
from supportdesk.tickets.outbox.quiet_hours import find_quiet_end
from supportdesk.tickets.person_addresses import list_addresses

HAND_OFF_LIMIT = 60
"""Within how many seconds a page must be handed off by some method; then it escalates (rule 24)."""

QUIET_HOURS, LIMIT = HELD = ("quiet hours", "limit")
"""Why a delivery is held back: the person's quiet hours, or because much was sent to the address just before."""


class PlannedDelivery(msgspec.Struct, frozen=True):
    """A message's way to one address; `place` is 1 for the first. `due` is in UTC epoch seconds.

    `held` says why it is due later than the address asks for; empty where it is not.
    """

    place: int
    address: Address
    due: int
    held: str = ""


def plan_deliveries(person: Person, at: int, timezone: str, *, urgent: bool) -> list[PlannedDelivery]:
    """Return the deliveries of a message that was made at `at`, in UTC epoch seconds: one for each address.

    What is `urgent` ignores the quiet hours, which are those of the wall clock of `timezone`. After them each address
    keeps its delay, so that the first has its time to reach the person.
    """
    planned = []
    begins = at if urgent else find_quiet_end(person.quiet_hours, at, timezone)
    for place, address in enumerate(list_addresses(person), 1):
        wanted = begins + address.delay
        due = wanted if urgent else find_quiet_end(person.quiet_hours, wanted, timezone)
        planned.append(PlannedDelivery(place, address, due, QUIET_HOURS if due > at + address.delay else ""))
    return planned


def find_hand_off_limit(planned: list[PlannedDelivery], at: int) -> int:
    """Return by when a page must be handed off, in UTC epoch seconds; at once where there is no address at all."""
    return min((each.due for each in planned), default=at - HAND_OFF_LIMIT) + HAND_OFF_LIMIT
