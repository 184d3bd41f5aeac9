"""What a command did, told in the foot as the timeline tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.sla import words
from supportdesk.sla.clocks import Course, Kind, State

if TYPE_CHECKING:
    from supportdesk.store.views import QueueRow, TicketView, TimelineEntry

ROOM = 60
"""Cells for one sentence, so that a long text does not push away what came of it."""
_CLOCKS = {Kind.RESPONSE: "answer", Kind.RESOLUTION: "resolution"}
_MENTIONED = {"acknowledged", "text cut"}
"""Events that go with others and are only told where nothing else happened."""


def what_was_done(view: TicketView, since: int, by: str) -> str:
    """`took it, answer met in 0:09:40 of 1 h`: what `by` did to a ticket after the event number `since`."""
    happened = [entry for entry in view.timeline if entry.seq > since and entry.actor == by]
    told = [each for each in happened if each.event not in _MENTIONED] or happened
    return ", ".join(_told(entry, view.row) for entry in told)


def _told(entry: TimelineEntry, row: QueueRow) -> str:
    if entry.event == "clock stopped":
        course = row.response if entry.sentence.startswith(Kind.RESPONSE) else row.resolution
        return f"{_CLOCKS[course.kind]} {verdict_words(course)}"
    first = entry.sentence.split("\n", 1)[0]
    return first if len(first) <= ROOM else f"{first[: ROOM - 2].rstrip()} …"


def verdict_words(course: Course) -> str:
    """`met in 0:09:40 of 1 h`, of a clock that has stopped."""
    if course.allowed is None or course.verdict is State.VOID:
        return str(course.verdict)
    return f"{course.verdict} in {words.duration(course.carried)} of {words.amount(course.allowed)}"
