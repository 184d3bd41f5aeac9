"""Shifts as notices name them."""

from __future__ import annotations

from collections.abc import Iterable

from supportdesk.sla.formatting import date_time
from supportdesk.tickets.documents import Line
from supportdesk.tickets.rota.data import RotaData, name_of
from supportdesk.tickets.rota.resolution import Reason
from supportdesk.tickets.rota.timeline import Shift


def shift_text(data: RotaData, shift: Shift, zone: str, *, named: bool = False) -> str:
    """Return the times of a shift, its line if not the first, and why it is theirs: `Mon 30 Nov 08:00 GMT to ...`.

    With `named`, the person comes first.
    """
    who = f"{name_of(data, shift.person)} " if named else ""
    line = "" if shift.line is Line.FIRST else ", second line"
    why = ""
    if shift.reason is not Reason.ROTATION:
        whose = f" for {name_of(data, shift.instead_of)}" if shift.instead_of else ""
        why = f" ({shift.reason}{whose})"
    return f"{who}{date_time(shift.start, zone)} to {date_time(shift.end, zone)}{line}{why}"


def join_shifts(texts: Iterable[str]) -> str:
    """Return the shifts of a notice in one line."""
    return "; ".join(texts)
