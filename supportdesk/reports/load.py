"""Load: the open tickets of each person and team, by urgency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from enum import StrEnum

import msgspec

from supportdesk.reports.figure import Figure, Item, combine_figures
from supportdesk.sla.clocks import State, state_at
from supportdesk.store.read_models import QueueRow, Roster


class Urgency(StrEnum):
    """The urgency of an open ticket, by the state of its leading clock; the highest first."""

    BREACHED = "breached"
    AT_RISK = "at risk"
    DUE_SOON = "due soon"
    CALM = "calm"
    WAITING = "waiting"


URGENT = (Urgency.BREACHED, Urgency.AT_RISK, Urgency.DUE_SOON)
_BY_STATE = {
    State.BREACHED: Urgency.BREACHED,
    State.AT_RISK: Urgency.AT_RISK,
    State.DUE_SOON: Urgency.DUE_SOON,
    State.PAUSED: Urgency.WAITING,
}


class Load(msgspec.Struct, frozen=True):
    """The open tickets of one person or team, by urgency. `key` is a username or a team; "" stands for unassigned.

    `waiting` are all tickets on hold, including urgent ones.
    """

    key: str
    by_urgency: tuple[tuple[Urgency, Figure], ...]
    waiting: Figure

    @property
    def all(self) -> Figure:
        """All open tickets, whatever their urgency."""
        return combine_figures(figure for _, figure in self.by_urgency)

    @property
    def urgent(self) -> Figure:
        """The tickets that are breached, at risk or due soon."""
        return combine_figures(figure for urgency, figure in self.by_urgency if urgency in URGENT)


def urgency_of(row: QueueRow, now: int) -> Urgency:
    """Return the urgency of an open ticket at `now`, in UTC epoch seconds."""
    by_clock = _BY_STATE.get(state_at(row.lead, now), Urgency.CALM)
    return Urgency.WAITING if by_clock is Urgency.CALM and row.waiting else by_clock


def loads_of_people(rows: Iterable[QueueRow], roster: Roster, now: int) -> tuple[Load, ...]:
    """Return the load of every owner and every active member of staff; the unassigned tickets come first."""
    staff = [person.username for person in roster.staff if person.active]
    return _loads(rows, staff, lambda row: row.owner or "", now)


def loads_of_teams(rows: Iterable[QueueRow], teams: Iterable[str], now: int) -> tuple[Load, ...]:
    """Return the load of every team, by key."""
    return _loads(rows, teams, lambda row: row.team, now)


def _loads(
    rows: Iterable[QueueRow], known: Iterable[str], key_of: Callable[[QueueRow], str], now: int
) -> tuple[Load, ...]:
    found: dict[str, dict[Urgency, list[Item]]] = {key: defaultdict(list) for key in known}
    waiting: dict[str, list[Item]] = defaultdict(list)
    for row in rows:
        if row.is_open:
            key, item = key_of(row), Item(row.received_at, row.ref)
            found.setdefault(key, defaultdict(list))[urgency_of(row, now)].append(item)
            if row.waiting:
                waiting[key].append(item)
    loads = [
        Load(key, tuple((each, Figure.of(by_urgency[each])) for each in Urgency), Figure.of(waiting[key]))
        for key, by_urgency in found.items()
    ]
    return tuple(sorted(loads, key=lambda each: (each.key != "", -each.all.value, each.key)))
