"""Who is away at an instant, until when, and who deputises, for everybody who is about to give them work."""

from __future__ import annotations

from datetime import datetime

import msgspec

from supportdesk.sla.formatting import clock_time, dated, day, local, weekday
from supportdesk.tickets.rota.data import RotaData, name_of
from supportdesk.tickets.rota.deputies import absence_at


class Away(msgspec.Struct, frozen=True):
    """An absence that holds: it lasts to `until`, a UTC instant; `deputy` is a username, or empty without one.

    Deputies chain: where the deputy is away too, it is the deputy's.
    """

    until: datetime
    deputy: str = ""


def find_away(data: RotaData, username: str, at: datetime) -> Away | None:
    """Return the absence of a member of staff at an instant; None where they are present."""
    absence = absence_at(data.absences, username, at)
    if absence is None:
        return None
    until, asked = absence.end, {username}
    deputy = absence.deputy or ""
    while deputy and (theirs := absence_at(data.absences, deputy, at)) is not None:
        asked.add(deputy)
        deputy = theirs.deputy or ""
        if deputy in asked:
            deputy = ""
    person = data.staff.get(deputy)
    return Away(until, deputy if person is not None and person.active else "")


def describe_away(data: RotaData, away: Away, zone: str, now: datetime) -> str:
    """Return an absence in a few words: `absent to Mon 30 Nov, deputy Sam Okoro`, `absent to 14:00 GMT`."""
    then, today = local(away.until, zone).date(), local(now, zone).date()
    if then == today:
        until = clock_time(away.until, zone)
    else:
        until = f"{weekday(then)} {day(then) if then.year == today.year else dated(then)}"
    deputy = f", deputy {name_of(data, away.deputy)}" if away.deputy else ""
    return f"absent to {until}{deputy}"


def warn_of_absence(data: RotaData, username: str, zone: str, now: datetime) -> str:
    """Return a sentence about somebody who gets work while they are away; an empty text where they are present.

    `Priya Nair is absent to Mon 30 Nov, deputy Sam Okoro.`
    """
    away = find_away(data, username, now)
    if away is None:
        return ""
    return f"{name_of(data, username)} is {describe_away(data, away, zone, now)}."
