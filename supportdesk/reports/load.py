"""Load: who has how many open tickets, and how many of those press."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from supportdesk.reports.figure import Figure, Item, together
from supportdesk.sla.clocks import State, state_at
from supportdesk.store.read_models import QueueRow, Roster


class Pressure(StrEnum):
    """How much an open ticket presses, by the state of its leading clock; the worst first."""

    BREACHED = "breached"
    AT_RISK = "at risk"
    DUE_SOON = "due soon"
    CALM = "calm"
    WAITING = "waiting"


PRESSING = (Pressure.BREACHED, Pressure.AT_RISK, Pressure.DUE_SOON)
_BY_STATE = {
    State.BREACHED: Pressure.BREACHED,
    State.AT_RISK: Pressure.AT_RISK,
    State.DUE_SOON: Pressure.DUE_SOON,
    State.PAUSED: Pressure.WAITING,
}


@dataclass(frozen=True, slots=True)
class Load:
    """The open tickets of one person or team, by how much they press. `key` is a username or a team; "" is nobody.

    `waiting` are all that wait on anybody, those among them, too, that press all the same.
    """

    key: str
    by_pressure: tuple[tuple[Pressure, Figure], ...]
    waiting: Figure

    @property
    def all(self) -> Figure:
        """Every open ticket."""
        return together(figure for _, figure in self.by_pressure)

    @property
    def pressing(self) -> Figure:
        """Those that are breached or soon will be."""
        return together(figure for pressure, figure in self.by_pressure if pressure in PRESSING)


def pressure(row: QueueRow, now: int) -> Pressure:
    """How much an open ticket presses at `now`, in UTC epoch seconds."""
    by_clock = _BY_STATE.get(state_at(row.lead, now), Pressure.CALM)
    return Pressure.WAITING if by_clock is Pressure.CALM and row.waiting else by_clock


def loads_of_people(rows: Iterable[QueueRow], roster: Roster, now: int) -> tuple[Load, ...]:
    """Everybody who has a ticket, and every active member of staff; what nobody has comes first."""
    staff = [person.username for person in roster.staff if person.active]
    return _loads(rows, staff, lambda row: row.owner or "", now)


def loads_of_teams(rows: Iterable[QueueRow], teams: Iterable[str], now: int) -> tuple[Load, ...]:
    """Every team, by key."""
    return _loads(rows, teams, lambda row: row.team, now)


def _loads(
    rows: Iterable[QueueRow], known: Iterable[str], key_of: Callable[[QueueRow], str], now: int
) -> tuple[Load, ...]:
    found: dict[str, dict[Pressure, list[Item]]] = {key: defaultdict(list) for key in known}
    waiting: dict[str, list[Item]] = defaultdict(list)
    for row in rows:
        if row.is_open:
            key, item = key_of(row), Item(row.received_at, row.ref)
            found.setdefault(key, defaultdict(list))[pressure(row, now)].append(item)
            if row.waiting:
                waiting[key].append(item)
    loads = [
        Load(key, tuple((each, Figure.of(by_pressure[each])) for each in Pressure), Figure.of(waiting[key]))
        for key, by_pressure in found.items()
    ]
    return tuple(sorted(loads, key=lambda each: (each.key != "", -each.all.value, each.key)))
