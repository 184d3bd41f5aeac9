"""Maps ServiceNow's choices to those of this desk: states, hold reasons, priorities and channels, by label or number.

The states are those of the base system since Helsinki (New, In Progress, On Hold, Resolved, Closed, Canceled) and the
earlier ones, which older systems still use.
"""

from __future__ import annotations

import msgspec

from supportdesk.tickets.ticket import CUSTOMER, RELEASE, THIRD_PARTY, Stage

PRIORITIES = {
    "1": "critical",
    "2": "high",
    "3": "medium",
    "4": "low",
    "critical": "critical",
    "high": "high",
    "moderate": "medium",
    "medium": "medium",
    "low": "low",
}

CHANNELS = {
    "phone": "phone",
    "email": "email",
    "self service": "portal",
    "self-service": "portal",
    "web": "portal",
    "portal": "portal",
    "ivr": "voicemail",
    "voicemail": "voicemail",
}


class MappedState(msgspec.Struct, frozen=True):
    """A ServiceNow state as a stage here, and what the ticket is on hold for. `cancelled` closes it unresolved."""

    label: str
    stage: Stage
    waiting: str = ""
    cancelled: bool = False


ON_HOLD = MappedState("On Hold", Stage.RESOLUTION, THIRD_PARTY)
"""On hold without a reason: no clock stops."""

_STATES = (
    MappedState("New", Stage.TRIAGE),
    MappedState("Assigned", Stage.TRIAGE),
    MappedState("Active", Stage.RESOLUTION),
    MappedState("In Progress", Stage.RESOLUTION),
    MappedState("Work in Progress", Stage.RESOLUTION),
    ON_HOLD,
    MappedState("Awaiting User Info", Stage.RESOLUTION, CUSTOMER),
    MappedState("Awaiting Caller", Stage.RESOLUTION, CUSTOMER),
    MappedState("Awaiting Vendor", Stage.RESOLUTION, THIRD_PARTY),
    MappedState("Awaiting Evidence", Stage.RESOLUTION, THIRD_PARTY),
    MappedState("Awaiting Problem", Stage.RESOLUTION, RELEASE),
    MappedState("Awaiting Change", Stage.RESOLUTION, RELEASE),
    MappedState("Resolved", Stage.RESOLVED),
    MappedState("Closed", Stage.CLOSED),
    MappedState("Canceled", Stage.CLOSED, cancelled=True),
)
_BY_LABEL = {mapped.label.casefold(): mapped for mapped in _STATES}
_STATE_NUMBERS = {
    "1": "new",
    "2": "in progress",
    "3": "on hold",
    "4": "awaiting user info",
    "5": "awaiting evidence",
    "6": "resolved",
    "7": "closed",
    "8": "canceled",
    "cancelled": "canceled",
}
_HOLD_NUMBERS = {
    "1": "awaiting caller",
    "2": "awaiting evidence",
    "3": "awaiting problem",
    "4": "awaiting vendor",
    "5": "awaiting change",
}


def map_state(state: str, hold_reason: str) -> MappedState | None:
    """Return the stage of a state, with what it is on hold for; None for an unknown state."""
    named = state.casefold()
    mapped = _BY_LABEL.get(_STATE_NUMBERS.get(named, named))
    if mapped is not ON_HOLD:
        return mapped
    reason = hold_reason.casefold()
    found = _BY_LABEL.get(_HOLD_NUMBERS.get(reason, reason))
    return found if found is not None and found.waiting else mapped


def map_priority(priority: str) -> str | None:
    """Return the severity of a priority such as `2 - High`, `2` or `High`; None for an unknown one."""
    named = priority.casefold()
    return PRIORITIES.get(named) or PRIORITIES.get(named.split("-")[0].strip())


def map_channel(contact_type: str) -> str | None:
    """Return the channel of a contact type; None for an unknown one."""
    return CHANNELS.get(contact_type.casefold())
