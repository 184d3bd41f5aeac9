"""What was done to a ticket, as one would tell it to a colleague: `took it and replied to the customer`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from supportdesk.sla import formatting
from supportdesk.sla.clocks import Kind, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supportdesk.store.read_models import QueueRow, TicketView, TimelineEntry

ROOM = 72
"""Cells for one deed, so that a long text does not push away what came of it."""
_CLOCKS = {Kind.RESPONSE: ("answer", "answered"), Kind.RESOLUTION: ("resolution", "resolved")}
_MENTIONED = {"acknowledged", "text cut"}
"""Events that go with others and are only told where nothing else happened."""
_STOPPED = "clock stopped"
_WHOLE = {"taken back", _STOPPED}
"""Events in whose sentences a colon does not stand before what the person wrote."""
_PHRASES = {
    "replied": (
        (r"to customer by telephone", "spoke with the customer by telephone"),
        (r"to customer", "replied to the customer"),
    ),
    "noted": ((r"note", "wrote a note"),),
    "wait began": ((r"waits on", "had it wait on"),),
    "wait ended": ((r"work goes on", "went on with it"),),
    "severity changed": ((r"severity (\S+) -> (\S+),", r"changed the severity from \1 to \2,"),),
    "workaround proposed": ((r"workaround", "gave a workaround"),),
    "fix date moved": ((r"fix date of (\S+) was (.+?) -> is", r"moved the fix date of \1 from \2 to"),),
    "fix shipped": ((r"the fix is out", "told that the fix is out"),),
    "article linked": ((r"article", "linked article"),),
    "linked": ((r"", "linked it as "),),
    "paged": ((r"(.+?) is to be told(?: on [^:]*)?", r"had \1 paged"),),
    "page acknowledged": ((r"acknowledged their own page", "acknowledged the page"),),
    "account manager contacted": ((r".+? discussed", "discussed"),),
    "resolved": ((r"resolved, ([^:]*)", r"resolved it (\1)"),),
    "due moved": ((r"(\S+) due was (.+?) -> is", r"moved the \1 due time from \2 to"),),
    "policy moved": ((r"moved", "moved it"),),
    "reopened": ((r"reopened", "reopened it"),),
    "closed": ((r"closed, ([^:]*)", r"closed it (\1)"),),
}
"""How the timeline's sentences begin that do not tell a deed after a name, by event, and what is said instead."""


def describe_changes(view: TicketView, since: int, by: str, *, briefly: bool = False) -> str:
    """What `by` did to a ticket after the event number `since`, to be said after a name or `you`; empty for nothing.

    `took it and replied to the customer: On it.; answered in 0:09:40 of 1 h`. `briefly` leaves out what they wrote, for
    whoever has just written it.
    """
    happened = [entry for entry in view.timeline if entry.seq > since and entry.actor == by]
    told = [each for each in happened if each.event not in _MENTIONED] or happened
    phrases = dict.fromkeys(describe_event(each, briefly=briefly) for each in told if each.event != _STOPPED)
    stopped = [_stopped(each, view.row) for each in told if each.event == _STOPPED]
    return "; ".join(filter(None, (_listed(list(phrases)), *stopped)))


def _listed(phrases: Sequence[str]) -> str:
    if not phrases:
        return ""
    *first, last = phrases
    return f"{', '.join(first)} and {last}" if first else last


def describe_event(entry: TimelineEntry, *, briefly: bool = False) -> str:
    """One event as what somebody did, to be said after their name."""
    told = entry.sentence.split("\n", 1)[0]
    for begins, instead in _PHRASES.get(entry.event, ()):
        told, found = re.subn(rf"\A{begins}", instead, told)
        if found:
            break
    if briefly and entry.event not in _WHOLE:
        told = told.split(": ", 1)[0]
    return told if briefly or len(told) <= ROOM else f"{told[: ROOM - 2].rstrip()} …"


def _stopped(entry: TimelineEntry, row: QueueRow) -> str:
    course = row.response if entry.sentence.startswith(Kind.RESPONSE) else row.resolution
    clock, done = _CLOCKS[course.kind]
    if course.allowed is None or course.verdict is State.VOID:
        return f"{clock} {course.verdict}"
    promise = f"of {formatting.amount(course.allowed)}"
    if course.verdict is not State.MET:
        promise = f"where the promise was {formatting.amount(course.allowed)}"
    return f"{done} in {formatting.duration(course.carried)} {promise}"
