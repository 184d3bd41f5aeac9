"""The commands that change the rota besides setting a rotation: overrides, swaps and absences.

Everybody may give them for themselves, an override only for gaps; a supervisor or an administrator for everybody. Their
rules decide that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from supportdesk.tickets.actors import SYSTEM
from supportdesk.tickets.command import EVERYBODY, Command
from supportdesk.tickets.documents import Line
from supportdesk.tickets.rota.roles import ROTA_ROLES

_SYSTEM = frozenset({SYSTEM.key})


@dataclass(frozen=True, slots=True)
class OverrideShifts(Command):
    """Put a person on call for some time instead of those whose shifts these are.

    It begins at once where `start` is None. `despite_gap` says that it is meant although nobody would be on call at a
    time of the next 14 days.
    """

    tag = "OverrideShifts"
    title = "Override"
    needs = EVERYBODY
    open_to_services = _SYSTEM

    line: Line
    start: datetime | None
    end: datetime
    person: str
    reason: str = ""
    despite_gap: bool = False


@dataclass(frozen=True, slots=True)
class EndOverride(Command):
    """End an override now, or cancel one that has not begun."""

    tag = "EndOverride"
    title = "End an override"
    needs = EVERYBODY
    open_to_services = _SYSTEM

    number: int
    despite_gap: bool = False


@dataclass(frozen=True, slots=True)
class OfferSwap(Command):
    """Offer the shift at an instant to a colleague, or to everybody.

    `offered_by` is whose shift it is, by default the actor's; `colleague` is the only person who may accept, if any.
    """

    tag = "OfferSwap"
    title = "Offer a swap"
    needs = EVERYBODY
    open_to_services = _SYSTEM

    line: Line
    at: datetime
    colleague: str | None = None
    offered_by: str | None = None


@dataclass(frozen=True, slots=True)
class AcceptSwap(Command):
    """Accept a swap, and give the shift at an instant in return; without an instant, take the shift over.

    It changes the rota once a supervisor approves it.
    """

    tag = "AcceptSwap"
    title = "Accept a swap"
    needs = EVERYBODY
    open_to_services = _SYSTEM

    number: int
    in_return: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApproveSwap(Command):
    """Approve a swap that was accepted."""

    tag = "ApproveSwap"
    title = "Approve a swap"
    needs = ROTA_ROLES
    open_to_services = _SYSTEM

    number: int
    despite_gap: bool = False


@dataclass(frozen=True, slots=True)
class CloseSwap(Command):
    """Withdraw a swap that you offered, or decline one."""

    tag = "CloseSwap"
    title = "Close a swap"
    needs = EVERYBODY
    open_to_services = _SYSTEM

    number: int


@dataclass(frozen=True, slots=True)
class RecordAbsence(Command):
    """Record when a member of staff is away, and who deputises.

    It begins at once where `start` is None.
    """

    tag = "RecordAbsence"
    title = "Absence"
    needs = EVERYBODY
    open_to_services = _SYSTEM

    person: str
    start: datetime | None
    end: datetime
    deputy: str | None = None
    reason: str = ""
    despite_gap: bool = False


@dataclass(frozen=True, slots=True)
class EndAbsence(Command):
    """End an absence now, or cancel one that has not begun."""

    tag = "EndAbsence"
    title = "End an absence"
    needs = EVERYBODY
    open_to_services = _SYSTEM

    number: int
    despite_gap: bool = False
