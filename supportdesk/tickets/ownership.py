"""Who had a ticket, from when on: told from its events, for those who ask afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import UNSET

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
"""The events by which a ticket comes to a team or an owner."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """From `since` on the ticket lay with `team`, and with `owner`, a username, where somebody had it."""

    since: datetime
    team: str
    owner: str | None = None


def ownerships_in(happened: Iterable[tuple[datetime, Event]]) -> tuple[Ownership, ...]:
    """A ticket's holdings in their order, from its events in theirs; those that move nothing are passed over.

    A move that was taken back counts as never made. Nothing is known before the first move that is told: the beginning
    of a history may have been erased.
    """
    found: list[Ownership] = []
    for at, event in happened:
        match event:
            case Logged(team=team):
                # The wait began when the request came in, not when somebody typed it.
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


def ownership_at(found: Iterable[Ownership], at: datetime) -> Ownership | None:
    """The holding that was on at an instant; None before the first one."""
    on = None
    for holding in found:
        if holding.since > at:
            break
        on = holding
    return on
