"""A step of the ladder and what it did are one line of the timeline as people read it."""

from __future__ import annotations

from datetime import UTC, datetime

from supportdesk.store.read_models import TimelineEntry
from supportdesk.store.timeline_lines import list_lines
from supportdesk.tickets.events.phrase import Phrase

NOW = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)


def entry(seq: int, event: str, text: str, *, command: int = 1, remark: str = "") -> TimelineEntry:
    return TimelineEntry(seq, NOW, "watcher", "watcher", event, Phrase(text, remark=remark), command)


def told(*timeline: TimelineEntry) -> list[str]:
    return [each.sentence for each in list_lines(timeline)]


def test_a_step_that_paged_is_told_by_its_pages_which_say_that_it_was_late() -> None:
    step = entry(1, "step taken", "escalated to Priya, Sam", remark="; late")
    pages = [entry(2, "paged", "paged Priya"), entry(3, "paged", "paged Sam")]
    assert told(step, *pages) == ["paged Priya; late", "paged Sam; late"]


def test_a_step_that_gave_the_ticket_to_somebody_is_told_once() -> None:
    assert told(entry(1, "step taken", "reassigned to Sam"), entry(2, "assigned", "assigned")) == ["assigned"]


def test_a_step_without_such_an_effect_keeps_its_line() -> None:
    notified = entry(1, "step taken", "notified Ann")
    skipped = entry(2, "step taken", "skipped a step")
    fired = entry(3, "step taken", "escalated to Sam")
    assert told(notified, skipped, fired, entry(4, "paged", "paged Sam"), entry(5, "step taken", "last")) == [
        "notified Ann",
        "skipped a step",
        "paged Sam",
        "last",
    ]


def test_a_page_of_another_command_is_not_an_effect_of_the_step() -> None:
    step, page = entry(1, "step taken", "notified Ann"), entry(2, "paged", "paged Sam", command=2)
    assert told(step, page) == ["notified Ann", "paged Sam"]
