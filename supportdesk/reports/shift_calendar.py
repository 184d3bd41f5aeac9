"""A person's shifts as a calendar file (iCalendar, RFC 5545), for the calendar on their telephone.

An entry keeps its UID while its line and start stay the same, so that a calendar that reads the file again moves it
instead of showing it twice.
"""

from __future__ import annotations

from datetime import UTC, datetime

from icalendar import Calendar, Event

from supportdesk import __version__
from supportdesk.tickets.documents import Line
from supportdesk.tickets.rota.data import RotaData, name_of
from supportdesk.tickets.rota.resolution import Reason
from supportdesk.tickets.rota.timeline import Shift, timeline

_NAMES = {Line.FIRST: "On call", Line.SECOND: "On call (second line)"}


def make_shift_calendar(
    reference_data: RotaData, person: str, start: datetime, end: datetime, now: datetime
) -> bytes:
    """Return the calendar of a person's shifts that have a part between two instants; `now` is when it is made."""
    calendar = Calendar()
    calendar.add("prodid", f"-//supportdesk//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"On call: {name_of(reference_data, person)}")
    for shift in timeline(reference_data, start, end):
        if shift.person == person:
            calendar.add_component(_event(reference_data, shift, now))
    written: bytes = calendar.to_ical()
    return written


def _event(reference_data: RotaData, shift: Shift, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{shift.person}-{shift.line}-{shift.start.astimezone(UTC):%Y%m%dT%H%M%SZ}@supportdesk")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", shift.start.astimezone(UTC))
    event.add("dtend", shift.end.astimezone(UTC))
    event.add("summary", _NAMES[shift.line])
    event.add("transp", "TRANSPARENT")
    if shift.reason is not Reason.ROTATION:
        whose = f", instead of {name_of(reference_data, shift.instead_of)}" if shift.instead_of else ""
        event.add("description", f"{shift.reason.value.capitalize()}{whose}")
    return event
