"""The texts of a page: a short one for a telephone, subject and body of a mail, and a document for programs."""

from __future__ import annotations

import json
import re
from datetime import UTC

from supportdesk.tickets.plain_text import clean_line
from supportdesk.watcher.sending.page import OutgoingPage

SHORT = 160
"""Characters of a short text, the length of one SMS."""
SUBJECT = 150
LINE = 300
"""Characters of any other line."""
_BUNDLED = 20
"""How many lines of bundled messages are listed; the others are counted."""
_LEAST_SUMMARY = 20
"""Characters of the summary that a short text shows before the company is left out."""

_READ = 10
"""How many times its limit of a long text is looked at, since cleaning a megabyte takes a while."""

_LINK = re.compile(r"https?://[!-~]{1,1000}")
_TYPEWRITTEN = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "}
)
"""Characters that would make an SMS hold 70 characters instead of 160, and that nobody misses."""

_HEADINGS = {"page": "Page", "notice": "Notice", "test": "Test page"}
_OPENINGS = {
    "page": "you are paged.",
    "notice": "this is for your information.",
    "test": "this is a test page. Nothing has happened.",
}


def short_text(page: OutgoingPage) -> str:
    """Return one line of at most `SHORT` characters; of what is too long, the summary is cut and the link never.

    A link that leaves too little room for the words is left out.
    """
    head = " ".join(
        part for part in (_heading(page), _line(page.severity, 20), _line(page.reference, 20)) if part
    )
    link, more = safe_link(page), len(page.bundled)
    tail = f" (+{more} more)" if more else ""
    if link and len(head) + len(link) + len(tail) + _LEAST_SUMMARY < SHORT:
        tail += f" {link}"
    room = SHORT - len(head) - len(tail) - len(": ")
    company = f"{_line(page.company.translate(_TYPEWRITTEN), 30)}: " if page.company else ""
    if room - len(company) < _LEAST_SUMMARY:
        company = ""
    return f"{head}: {company}{_line(page.summary.translate(_TYPEWRITTEN), room - len(company))}{tail}"


def subject(page: OutgoingPage) -> str:
    """Return the subject of a mail: one line."""
    head = " ".join(part for part in (_line(page.severity, 20), _line(page.reference, 20)) if part)
    company = f" ({_line(page.company, 40)})" if page.company else ""
    more = f" (+{len(page.bundled)} more)" if page.bundled else ""
    start = f"{_heading(page)}: {head}: " if head else f"{_heading(page)}: "
    room = SUBJECT - len(start) - len(company) - len(more)
    return f"{start}{_line(page.summary, room)}{company}{more}"


def body(page: OutgoingPage) -> str:
    """Return the text of a mail: who is informed, of what, why, and how to acknowledge it."""
    facts = {
        "Ticket": page.reference,
        "Severity": page.severity,
        "Customer": page.company,
        "Summary": page.summary,
        "Why": page.why,
        "Time": page.at.strftime("%a %-d %b %Y %H:%M %Z"),
    }
    ways = _ways_to_acknowledge(page)
    opening = f"{_OPENINGS[page.kind]}{' Please acknowledge it.' if ways else ''}"
    lines = [f"{_line(page.person)}, {opening}" if page.person else opening, ""]
    lines += [f"{name + ':':<10}{_line(value)}" for name, value in facts.items() if value]
    lines += ["", *ways] if ways else []
    if page.bundled:
        lines += ["", "Also:", *(f"- {_line(each)}" for each in page.bundled[:_BUNDLED])]
        if len(page.bundled) > _BUNDLED:
            lines.append(f"- and {len(page.bundled) - _BUNDLED} more")
    return "\n".join([*lines, "", f"Message {page.idempotency_key}"]) + "\n"


def to_json(page: OutgoingPage) -> bytes:
    """Return the page as one line of JSON in ASCII, for programs; docs/paging.md describes the fields."""
    document = {
        "key": page.idempotency_key,
        "kind": page.kind,
        "to": _line(page.target),
        "person": _line(page.person),
        "username": _line(page.username),
        "reference": _line(page.reference),
        "severity": _line(page.severity),
        "urgent": page.urgent,
        "company": _line(page.company),
        "summary": _line(page.summary),
        "why": _line(page.why),
        "at": page.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "link": safe_link(page),
        "bundled": [_line(each) for each in page.bundled[:_BUNDLED]],
        "short": short_text(page),
        "subject": subject(page),
        "text": body(page),
    }
    return json.dumps(document).encode("ascii") + b"\n"


def safe_link(page: OutgoingPage) -> str | None:
    """Return the link if it is a whole web address and nothing else."""
    return page.link if page.link and _LINK.fullmatch(page.link) else None


def _ways_to_acknowledge(page: OutgoingPage) -> list[str]:
    """Return a line for each way; none for a notice, and without a link none for a page about no ticket."""
    if page.kind == "notice":
        return []
    link = safe_link(page)
    lines = [f"Acknowledge: {link}"] if link else []
    start = "Or" if link else "To acknowledge,"
    if page.kind == "test":
        lines.append(f"{start} run: supportdesk acknowledge --test")
    elif page.reference:
        command = f"supportdesk acknowledge {_line(page.reference, 20)}"
        lines.append(f"{start} press p in the console, or run: {command}")
    return lines


def _heading(page: OutgoingPage) -> str:
    return _HEADINGS[page.kind]


def _line(text: str, limit: int = LINE) -> str:
    """Return a text as one plain line of at most `limit` characters, with dots where it was cut."""
    cleaned = clean_line(text[: _READ * limit], limit)
    return f"{clean_line(cleaned.text, limit - 3).text}..." if cleaned.cut and limit > 10 else cleaned.text
