"""Days and times as values of a filter, in the operator's zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from supportdesk.console.queue.filter.parser import parse
from supportdesk.console.queue.filter.predicates import FilterContext
from supportdesk.sla.clocks import epoch
from tests.console.fixtures.queue_rows import a_row
from tests.console.queue.filter.test_filter import DAY, DESK, NOW, entry


def at(text: str) -> int:
    """An instant in UTC as seconds."""
    return epoch(datetime.fromisoformat(text).replace(tzinfo=UTC))


DAYS = {
    "THU": at("2026-11-19 23:59:59"),
    "FRI": at("2026-11-20 00:00"),
    "FRI-NIGHT": at("2026-11-20 23:59:59"),
    "SAT": at("2026-11-21 00:00"),
    "MON": at("2026-11-23 09:15:30"),
    "SUMMER": at("2026-07-01 22:59:59"),
    "NEXT": at("2026-07-01 23:00"),
}


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        (">2026-11-20", "SAT MON"),
        (">=2026-11-20", "FRI FRI-NIGHT SAT MON"),
        ("<2026-11-20", "THU SUMMER NEXT"),
        ("<=2026-11-20", "THU FRI FRI-NIGHT SUMMER NEXT"),
        ("2026-11-20", "FRI FRI-NIGHT"),
        ("=20/11/2026", "FRI FRI-NIGHT"),
        ('">20 Nov"', "SAT MON"),
        ('>"20 Nov 2026"', "SAT MON"),
        ("yesterday", "MON"),
        (">yesterday", ""),
        ("2026-7-1,yesterday", "SUMMER MON"),
        ('"23 Nov 9:15"', "MON"),
        ('>="23/11/2026 09:15"', "MON"),
        ('>"23/11/2026 09:15"', ""),
    ],
)
def test_a_date_selects_what_was_received_then_in_the_operators_zone(text: str, refs: str) -> None:
    tickets = [
        entry(a_row(ref, "high", received_at=received), epoch(DESK.now())) for ref, received in DAYS.items()
    ]
    read = parse(f"received:{text}", DESK)
    assert not read.faults
    assert [each.row.ref for each in read.filter.select(tickets, FilterContext(NOW))] == [
        ref for ref in DAYS if ref in refs.split()
    ]
    assert not read.filter.depends_on_time


def test_a_day_means_the_same_day_when_it_is_parsed_later() -> None:
    read = parse("received:yesterday or due:<tomorrow", DESK)
    assert str(read.filter) == "received:2026-11-23 or due:<2026-11-25"
    later = replace(DESK, now=lambda: datetime(2027, 3, 1, tzinfo=UTC))
    assert parse(str(read.filter), later).filter == read.filter


def test_a_ticket_is_found_by_the_day_on_which_it_is_due_or_was_resolved() -> None:
    due = entry(a_row("DUE", "high", received_at=at("2026-11-20 09:00"), target=DAY))
    done = entry(a_row("DONE", "high", received_at=at("2026-11-19 09:00"), stage="resolved"))
    stopped = done.row.resolution.stopped_at
    assert stopped is not None
    assert parse("due:2026-11-21", DESK).filter.select([due, done], FilterContext(NOW)) == [due]
    day = datetime.fromtimestamp(stopped, UTC).date()
    assert parse(f"resolved:{day}", DESK).filter.select([due, done], FilterContext(NOW)) == [done]
