"""Who owned a ticket and from when, derived from its events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from supportdesk.tickets.events import (
    Assigned,
    Claimed,
    Escalated,
    Event,
    HandedBack,
    HandedOver,
    Logged,
    TimeCorrected,
    Undone,
)
from supportdesk.tickets.undo_state import PreviousValues

OWNERSHIP_EVENTS = (Logged, Assigned, Claimed, HandedOver, HandedBack, Escalated, Undone, TimeCorrected)
"""The events that change the team or the owner of a ticket."""


class Ownership(msgspec.Struct, frozen=True):
    """From `since` the ticket was with `team`, and owned by `owner`, a username; None while it was unassigned."""

    since: datetime
    team: str
    owner: str | None = None


def list_ownerships(happened: Iterable[tuple[datetime, Event]]) -> tuple[Ownership, ...]:
    """Return the ownerships of a ticket in order, from its events in order; other events are ignored.

    Undone changes count as never made. The first ownership may be missing, where the first events were erased.
    """
    found: list[Ownership] = []
    for at, event in happened:
        match event:
            case Logged(team=team):
                # The team had it from its arrival, not from when it was logged.
                found.append(Ownership(event.received_at, team))
            case Assigned() | Claimed() | HandedOver():
                found.append(Ownership(at, event.team, event.owner))
            case HandedBack() if found:
                found.append(Ownership(at, found[-1].team))
            case Escalated(team=str(team)):
                found.append(Ownership(at, team))
            case Undone(was=was) if found:
                _undo_last(found, was)
            case TimeCorrected(right=right):
                found = [replace(each, since=right) if each.since > at else each for each in found]
            case _:
                continue
    return tuple(found)


def _undo_last(found: list[Ownership], was: PreviousValues) -> None:
    team = found[-1].team if was.team is UNSET else was.team
    owner = found[-1].owner if was.owner is UNSET else was.owner
    while (found[-1].team, found[-1].owner) != (team, owner) and len(found) > 1:
        found.pop()


def find_ownership(found: Iterable[Ownership], at: datetime) -> Ownership | None:
    """Return the ownership at an instant; None before the first one."""
    last = None
    for each in found:
        if each.since > at:
            break
        last = each
    return last
