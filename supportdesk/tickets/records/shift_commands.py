"""The commands by which a shift is handed over, and the handover is accepted."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.tickets.command import EVERYBODY, Command


@dataclass(frozen=True, slots=True)
class HandOverShift(Command):
    """Hand your shift over with a note; the person who takes over accepts it.

    `to` is the only person who may accept, if any. A handover that nobody has accepted yet is replaced.
    """

    tag = "hand over shift"
    title = "Hand over the shift"
    needs = EVERYBODY

    note: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class AcceptHandover(Command):
    """Accept the handover of a shift: you have read it, and take over."""

    tag = "accept handover"
    title = "Accept the handover"
    needs = EVERYBODY

    number: int


@dataclass(frozen=True, slots=True)
class WithdrawHandover(Command):
    """Withdraw the handover of your shift, which nobody has accepted."""

    tag = "withdraw handover"
    title = "Withdraw the handover"
    needs = EVERYBODY

    number: int
