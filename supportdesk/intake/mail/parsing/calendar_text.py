"""Shows an invitation to a meeting (iCalendar, RFC 5545) as lines that can be read."""

from __future__ import annotations

from datetime import datetime

from icalendar import Calendar, Component

from supportdesk.tickets.plain_text import clean_line, clean_text

_METHODS = {
    "CANCEL": "Meeting cancelled",
    "COUNTER": "Another time proposed for a meeting",
    "PUBLISH": "Meeting",
    "REPLY": "Reply to an invitation",
    "REQUEST": "Invitation to a meeting",
}
_ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "accepted as tentative"}
_MOST_EVENTS = 5
_LONGEST = 200_000
_LONGEST_LINE = 1_000
_LONGEST_TEXT = 100_000


def describe_calendar(text: str) -> str:
    """Return what a calendar file invites to, line by line; empty where it cannot be read."""
    try:
        calendar = Calendar.from_ical(text[:_LONGEST])
        title = _METHODS.get(str(calendar.get("method", "PUBLISH")).upper(), "Meeting")
        events = calendar.walk("VEVENT")
        described = ["\n".join(_describe_event(title, event)) for event in events[:_MOST_EVENTS]]
        if len(events) > _MOST_EVENTS:
            described.append(f"Meetings that are in the attached file only: {len(events) - _MOST_EVENTS}.")
        return "\n\n".join(described)
    except Exception:  # noqa: BLE001 - a calendar that the library cannot read stays an attachment
        return ""


def _describe_event(title: str, event: Component) -> list[str]:
    lines = [f"{title}: {_line(event.get('summary', ''))}".rstrip(": ")]
    for label, name in (("Begins", "dtstart"), ("Ends", "dtend")):
        if name in event:
            lines.append(f"{label}: {_describe_time(getattr(event[name], 'dt', ''))}")
    if event.get("location"):
        lines.append(f"Where: {_line(event['location'])}")
    if event.get("organizer"):
        lines.append(f"Organiser: {_person(event['organizer'])}")
    attendees = event.get("attendee", [])
    for attendee in attendees if isinstance(attendees, list) else [attendees]:
        answer = _ANSWERS.get(str(attendee.params.get("PARTSTAT", "")).upper())
        if answer:
            lines.append(f"{_person(attendee)}: {answer}")
    for name in ("description", "comment"):
        texts = event.get(name, [])
        for text in texts if isinstance(texts, list) else [texts]:
            if cleaned := clean_text(str(text), _LONGEST_TEXT).text.strip():
                lines += ["", cleaned]
    return lines


def _describe_time(at: object) -> str:
    if not isinstance(at, datetime):
        return _line(at)
    zone = at.tzname() or ""
    return f"{at:%Y-%m-%d %H:%M} {zone}".rstrip()


def _person(value: object) -> str:
    address = _line(value)
    return address[len("mailto:") :] if address.lower().startswith("mailto:") else address


def _line(value: object) -> str:
    return clean_line(str(value), _LONGEST_LINE).text
