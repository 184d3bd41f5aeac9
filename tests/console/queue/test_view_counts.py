"""The numbers of tickets in the views stay right while tickets, marks and the time change."""

from __future__ import annotations

from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.filter.parser import parse
from supportdesk.console.queue.filter.predicates import FilterContext
from supportdesk.console.queue.filter.vocabulary import Vocabulary
from supportdesk.console.queue.view_counts import ViewCounts
from supportdesk.console.queue.views import View
from supportdesk.sla.clocks import state_at
from supportdesk.store.read_models import QueueRow
from tests.console.fixtures.queue_rows import a_row


def entry(row: QueueRow) -> QueueEntry:
    return QueueEntry(row, state_at(row.lead, 0), row.urgency, row.is_open, row.summary)


def view(name: str, text: str) -> View:
    return View(name, parse(text, Vocabulary(me="ann")).filter)


OPEN, OLD, MARKED = view("Open", "is:open"), view("Old", "age:>1h"), view("Marked", "marked")


def test_a_ticket_is_counted_in_each_view_until_it_is_removed() -> None:
    counts = ViewCounts([OPEN], FilterContext())
    ticket = entry(a_row("A", "high"))
    counts.count_all([], [])
    counts.add(ticket)
    assert counts["Open"] == 1
    counts.remove(ticket)
    assert counts["Open"] == 0


def test_a_view_that_depends_on_time_counts_a_ticket_from_the_second_on_that_it_names() -> None:
    context = FilterContext()
    counts = ViewCounts([OPEN, OLD], context)
    ticket = entry(a_row("A", "high", received_at=0))
    counts.count_all([ticket], [])
    due = counts.next_change(ticket)
    assert due == 3_601
    context.now = due - 1
    assert not counts.update(ticket)
    context.now = due
    assert counts.update(ticket)
    assert (counts["Open"], counts["Old"]) == (1, 1)
    assert counts.next_change(ticket) is None


def test_marks_change_only_the_views_that_depend_on_them() -> None:
    context = FilterContext()
    counts = ViewCounts([OPEN, MARKED], context)
    tickets = [entry(a_row("A", "high")), entry(a_row("B", "high"))]
    counts.count_all(tickets, [])
    context.marked = {"B"}
    counts.count_marked(tickets, [])
    assert counts.totals == {"Open": 2, "Marked": 1}
    assert not counts.depend_on_time
