"""Refuses to write at a date that is probably wrong: an event keeps its date for good."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select

from supportdesk.sla.clocks import instant
from supportdesk.sla.opening_hours import FIRST_YEAR, LAST_YEAR
from supportdesk.store import ledger, tables
from supportdesk.store.errors import DamagedError
from supportdesk.tickets.command import Refusal, either
from supportdesk.tickets.remedies import CONFIRM_DATE, CORRECT_TIME, SET_CLOCK

QUIET = timedelta(days=90)
"""Distance from the last event, before or after it, from which the date must be confirmed."""
_AT = select(tables.ledger.c.at).where(tables.ledger.c.seq == bindparam("seq"))
_LATEST = select(func.max(tables.ledger.c.at))


def refuse_date(connection: Connection, now: datetime, *, confirmed: bool) -> Refusal | None:
    """Return why nothing may be written at `now`, or None.

    Outside the years of the calendars, nothing may ever be written. Far from the last event, the operator must have
    `confirmed` the date; the first event written then confirms it for everybody.
    """
    if not FIRST_YEAR <= now.year <= LAST_YEAR:
        return Refusal(
            f"this machine's clock says {_format(now)}, but the calendars cover the years {FIRST_YEAR} to {LAST_YEAR}",
            either(SET_CLOCK),
        )
    last = last_event_at(connection)
    if confirmed or last is None:
        return None
    if now < last - QUIET:
        why = f"the last event is dated {_format(last)}, which is later"
        return Refusal(_says(now, why), either(SET_CLOCK, CORRECT_TIME, CONFIRM_DATE))
    if now > last + QUIET:
        # Histories of other systems are written with dates of their own.
        latest = _instant(connection.execute(_LATEST).scalar_one())
        if now > latest + QUIET:
            why = f"nothing has happened here since {_format(latest)}"
            return Refusal(_says(now, why), either(SET_CLOCK, CONFIRM_DATE))
    return None


def last_event_at(connection: Connection) -> datetime | None:
    """Return when the last event of the ledger happened; None for an empty one. Raises DamagedError."""
    at = connection.execute(_AT, {"seq": ledger.read_head(connection).seq}).scalar()
    return _instant(at) if at is not None else None


def _instant(at: object) -> datetime:
    if not isinstance(at, int):
        raise DamagedError
    try:
        return instant(at)
    except OverflowError as error:
        raise DamagedError from error


def _says(now: datetime, why: str) -> str:
    return f"this machine's clock says {_format(now)}, and {why}"


def _format(at: datetime) -> str:
    return f"{at:%d %b %Y %H:%M} UTC"
