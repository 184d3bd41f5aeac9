"""The shift that somebody works, and the one after it: on call by the rota, or in office hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from supportdesk.sla.calendar import BusinessCalendar
from supportdesk.sla.clocks import instant
from supportdesk.sla.formatting import local
from supportdesk.sla.policy import Policy
from supportdesk.tickets.documents import Handover, Line
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.layers import lines_in_use
from supportdesk.tickets.rota.resolution import DutySpan, LineResolver

JUST_ENDED = timedelta(hours=12)
"""How long after its end a shift on call can still be handed over."""
_INSTANT = timedelta(microseconds=1)
_DAY = timedelta(days=1)


class WorkingShift(msgspec.Struct, frozen=True):
    """A shift from `start` to `end`, and the next one to `next_end`; all are UTC instants.

    `line` is None for a shift in office hours. `next_person` is the username of the person of the next shift on the
    line, empty where nobody is known. What falls due from the end of this shift to `next_end` is for the next one.
    """

    line: Line | None
    start: datetime
    end: datetime
    next_end: datetime
    next_person: str = ""


def find_working_shift(
    data: RotaData, policy: Policy, handovers: Iterable[Handover], username: str, now: datetime
) -> WorkingShift:
    """Return the shift that somebody works at an instant.

    It is the shift on call that they have or have just had, unless that is handed over. Else it is that of today's
    office hours, from the last handover that they gave or accepted today on. Raises CalendarError outside the years of
    the policy's calendars.
    """
    handed = list(handovers)
    for line in lines_in_use(data.rotations):
        shift = _shift_on_call(data, line, username, now)
        if shift is not None and not _is_handed_over(handed, username, shift):
            return shift
    return _office_shift(policy, handed, username, now)


def _shift_on_call(data: RotaData, line: Line, username: str, now: datetime) -> WorkingShift | None:
    resolver = LineResolver(data, line)
    present = resolver.whole(now)
    if present.person == username and present.since is not None and present.until is not None:
        following = resolver.whole(present.until)
        return _on_call(line, present.since, present.until, following)
    if present.since is None or now - present.since > JUST_ENDED:
        return None
    before = resolver.whole(present.since - _INSTANT)
    if before.person != username or before.since is None:
        return None
    return _on_call(line, before.since, present.since, present)


def _on_call(line: Line, start: datetime, end: datetime, following: DutySpan) -> WorkingShift:
    return WorkingShift(line, start, end, following.until or end + _DAY, following.person)


def _is_handed_over(handovers: Iterable[Handover], username: str, shift: WorkingShift) -> bool:
    return any(
        each.given_by == username
        and each.accepted_at is not None
        and (each.line, each.start) == (shift.line, shift.start)
        for each in handovers
    )


def _office_shift(
    policy: Policy, handovers: Iterable[Handover], username: str, now: datetime
) -> WorkingShift:
    calendar = _office_calendar(policy)
    midnight = local(now, policy.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    if calendar is None:
        start, end, next_end = midnight, now, now + _DAY
    else:
        start, end = _opening_and_closing(calendar, midnight, now)
        following = calendar.next_open(max(now, end))
        closes = calendar.next_close_at(int(following.timestamp()))
        next_end = instant(closes) if closes is not None else following + _DAY
    own = [each.given_at for each in handovers if each.given_by == username and each.accepted_at is not None]
    own += [
        each.accepted_at
        for each in handovers
        if each.accepted_by == username and each.accepted_at is not None
    ]
    start = max([start, *(at for at in own if midnight <= at <= now)])
    return WorkingShift(None, start, max(start, end), next_end)


def _opening_and_closing(
    calendar: BusinessCalendar, midnight: datetime, now: datetime
) -> tuple[datetime, datetime]:
    """Return when the office opened and closes on the day that began at `midnight`; if it is closed, that and now."""
    opens = calendar.next_open(midnight)
    if opens >= midnight + _DAY or opens > now:
        return midnight, now
    closes = calendar.next_close_at(int(now.timestamp())) if calendar.is_open(now) else None
    return opens, instant(closes) if closes is not None else now


def _office_calendar(policy: Policy) -> BusinessCalendar | None:
    """Return the first of a policy's calendars with office hours; None where there is none."""
    key = next((each.key for each in policy.calendars if not each.always), None)
    return policy.calendar(key) if key is not None else None
