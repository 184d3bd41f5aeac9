"""Whether the office is open, and who is on call, as text."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from supportdesk.console.text.names import short_name
from supportdesk.sla import formatting
from supportdesk.sla.clocks import epoch, instant

if TYPE_CHECKING:
    from supportdesk.sla.policy import Policy
    from supportdesk.store.read_models import Roster


def office_status(policy: Policy, now: datetime, zone: str) -> str:
    """Return `Office open until 18:00 GMT` or `Office closed until Wed 08:00 GMT`; empty if it never closes."""
    key = next((each.key for each in policy.calendars if not each.always), None)
    if key is None:
        return ""
    calendar, at = policy.calendar(key), epoch(now)
    if not calendar.open_at(at):
        return f"Office closed until {_soon(calendar.next_open_at(at), zone, now)}"
    closes = calendar.next_close_at(at)
    return "Office open" if closes is None else f"Office open until {_soon(closes, zone, now)}"


def on_call(roster: Roster, zone: str) -> str:
    """Return `on call Priya N. until Mon 08:00`, or that nobody is, and who is the last resort."""
    duty = roster.duty
    if duty.on_call is None:
        last = f", last resort {short_name(duty.person.name)}" if duty.person is not None else ""
        return f"nobody on call{last}"
    text = f"on call {short_name(duty.on_call.name)}"
    if duty.ends is None:
        return text
    return f"{text} until {formatting.weekday_time(duty.ends, zone).rsplit(' ', 1)[0]}"


def disconnection(since: datetime | None, zone: str, headline: str | None) -> str:
    """Return `stale since 09:42 GMT` of a desk that was last reached at `since`; of a replaced one its `headline`."""
    if headline is not None:
        return headline
    return f"stale since {formatting.clock_time(since, zone)}" if since is not None else "stale"


def clock(now: datetime, zone: str) -> str:
    """Return the time as `Tue 24 Nov 09:42 GMT`."""
    return formatting.date_time(now, zone)


def _soon(at: int, zone: str, now: datetime) -> str:
    return formatting.near_time(instant(at), zone, now)
