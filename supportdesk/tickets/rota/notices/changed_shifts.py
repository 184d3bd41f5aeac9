"""Who is told that their next shift has changed: everybody but the person who changed it."""

from __future__ import annotations

from datetime import datetime, timedelta

from supportdesk.tickets.documents import NOTICE
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.next_shifts import changed_next_shifts
from supportdesk.tickets.rota.notices.notice import RotaNotice
from supportdesk.tickets.rota.notices.shift_text import shift_text
from supportdesk.tickets.rota.timeline import Shift

SOON = timedelta(hours=12)
"""Who is on call before this time is over is told at any time of day."""


def notices_of_changed_shifts(
    before: RotaData, after: RotaData, now: datetime, *, actor: str, change: str, zone: str
) -> tuple[RotaNotice, ...]:
    """Return the notices of a change to the rota or the staff, whatever it was; `change` identifies it.

    Somebody who has left is not told.
    """
    found = []
    for each in changed_next_shifts(before, after, now):
        person = after.staff.get(each.person)
        if each.person == actor or person is None or not person.active:
            continue
        text = _text(after, each.was, each.now, now, zone)
        urgent = each.now is not None and each.now.start - now < SOON
        found.append(RotaNotice(f"next shift {each.person} {change}", NOTICE, (each.person,), text, urgent))
    return tuple(found)


def _text(data: RotaData, was: Shift | None, shift: Shift | None, now: datetime, zone: str) -> str:
    previous = f"It was {shift_text(data, was, zone)}." if was is not None else "You had none."
    if shift is None:
        return f"You have no shift on call any more. {previous}"
    if shift.start <= now:
        return f"You are on call now: {shift_text(data, shift, zone)}. {previous}"
    return f"Your next shift on call is {shift_text(data, shift, zone)}. {previous}"
