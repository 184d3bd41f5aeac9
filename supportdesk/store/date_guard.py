"""Refuses to write at a date that is probably wrong, because the date of an event never changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, func, select

from supportdesk.sla.clocks import instant
from supportdesk.sla.formatting import utc_time
from supportdesk.sla.opening_hours import FIRST_YEAR, LAST_YEAR
from supportdesk.store import tables
from supportdesk.store.errors import DamagedError
from supportdesk.tickets.refusal import Refusal, either
from supportdesk.tickets.remedies import CONFIRM_DATE, CORRECT_TIME, SET_CLOCK

QUIET = timedelta(days=90)
"""The distance from the last event, before or after it, from which the date must be confirmed."""
_LAST = select(tables.head.c.seq, tables.ledger.c.at).outerjoin_from(
    tables.head, tables.ledger, tables.ledger.c.seq == tables.head.c.seq
)
_LATEST = select(func.max(tables.ledger.c.at)).where(
    tables.ledger.c.seq > bindparam("known"), tables.ledger.c.seq <= bindparam("seq")
)


class LatestEventTime:
    """Remembers when the latest event of a ledger happened, so that each event is read for that once.

    That need not be the last event: imported histories have earlier dates than the events before them.
    """

    def __init__(self) -> None:
        self._known: tuple[int, object] = (0, None)

    def read(self, connection: Connection, seq: int) -> object:
        """Return the stored time of the latest of the first `seq` events, all of which are committed."""
        known, latest = self._known
        if seq < known:
            known, latest = 0, None
        if seq > known:
            found = connection.execute(_LATEST, {"known": known, "seq": seq}).scalar_one()
            if not isinstance(found, int):
                return found
            latest = max(found, latest) if isinstance(latest, int) else found
            self._known = (seq, latest)
        return latest


def refuse_date(
    now: datetime,
    last_at: object,
    find_latest: Callable[[], object],
    *,
    confirmed: bool,
    local_time: Callable[[datetime], str] = utc_time,
) -> Refusal | None:
    """Return why nothing may be written at `now`, or None. `last_at` is the stored time of the last event.

    `find_latest` returns that of the latest event, which few need to know. `local_time` returns an instant as the desk
    shows it.

    Outside the years of the calendars, nothing may ever be written. Far from the last event, the operator must have
    `confirmed` the date; the first event written then confirms it for everybody.
    """
    asks = last_at is not None and not confirmed and is_in_calendar_years(now)
    last = _instant(last_at) if asks else None
    fault = find_clock_fault(now, last, QUIET, local_time)
    if fault is not None:
        return (
            replace(fault, remedies=(*fault.remedies, *either(CONFIRM_DATE))) if last is not None else fault
        )
    if last is not None and now > last + QUIET:
        latest = _instant(find_latest())
        if now > latest + QUIET:
            says = f"this machine's clock says {local_time(now)}"
            why = f"{says}, and nothing has happened here since {local_time(latest)}"
            return Refusal(why, either(SET_CLOCK, CONFIRM_DATE))
    return None


def find_clock_fault(
    now: datetime,
    last: datetime | None,
    tolerance: timedelta,
    local_time: Callable[[datetime], str] = utc_time,
) -> Refusal | None:
    """Return why the machine's clock cannot be right, with the remedies; None where it can.

    It is outside the years of the calendars, or earlier than the `last` event by more than `tolerance`. `local_time`
    returns an instant as the desk shows it.
    """
    if not is_in_calendar_years(now):
        # In UTC: at the ends of what a date can be there is no local time.
        return Refusal(
            f"this machine's clock says {utc_time(now)}, but the calendars cover the years {FIRST_YEAR} to {LAST_YEAR}",
            either(SET_CLOCK),
        )
    if last is not None and last > now + tolerance:
        return Refusal(
            f"this machine's clock says {local_time(now)}, and the last event is of {local_time(last)}, which is later",
            either(SET_CLOCK, CORRECT_TIME),
        )
    return None


def is_in_calendar_years(now: datetime) -> bool:
    """Return whether an instant is within the years that every calendar covers."""
    return FIRST_YEAR <= now.year <= LAST_YEAR


def read_last_event_time(connection: Connection) -> datetime | None:
    """Return when the last event of the ledger happened; None for an empty one. Raises DamagedError."""
    _, at = find_last(connection)
    return _instant(at) if at is not None else None


def find_last(connection: Connection) -> tuple[int, object]:
    """Return the number of the last event and its stored time; None for an empty ledger. Raises DamagedError."""
    seq, at = connection.execute(_LAST).one()
    if type(seq) is not int:
        raise DamagedError
    return seq, at


def _instant(at: object) -> datetime:
    if not isinstance(at, int):
        raise DamagedError
    try:
        return instant(at)
    except OverflowError as error:
        raise DamagedError from error
