"""Taking in a log of incidents after the watcher, or a person, has acted on their tickets here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.tickets.ticket import Stage
from tests.intake.servicenow.a_log import only_ticket, row, rows, take_in, timeline_of
from tests.intake.servicenow.conftest import NOW


@pytest.mark.parametrize("whole", [True, False])
def test_steps_of_the_watcher_keep_no_later_file_from_being_taken_in(
    desk: Desk, tmp_path: Path, whole: bool
) -> None:
    clock = desk._clock
    assert isinstance(clock, FixedClock)
    first = row("New", "23-11-2026 08:10", opened_at="23-11-2026 08:10")
    then = [
        row("Active", "23-11-2026 09:20", opened_at="23-11-2026 08:10", assigned_to="Resolver 3"),
        row("Resolved", "23-11-2026 09:40", opened_at="23-11-2026 08:10", assigned_to="Resolver 3"),
    ]
    assert take_in(desk, tmp_path, first).refused == 0
    while "step taken" not in " ".join(timeline_of(only_ticket(desk))):
        clock.set(desk.next_watch_due() or clock.now())
        desk.do(TakeSteps(only_ticket(desk).ticket.ref), by=WATCHER.key)
    assert clock.now() > datetime(2026, 11, 23, 9, 40, tzinfo=UTC)
    report = take_in(desk, tmp_path, *(rows(first, *then) if whole else rows(first, *then)[1:]))
    assert (report.imported, report.refused) == (2, 0), report
    ticket = only_ticket(desk).ticket
    assert (ticket.stage, ticket.resolved_at) == (Stage.RESOLVED, datetime(2026, 11, 23, 9, 40, tzinfo=UTC))
    assert ticket.resolution_verdict is not None
    assert ticket.resolution_verdict.at == ticket.resolved_at, "its clock stopped when the other system says"
    assert desk.due_refs(clock.now()) == []


def test_what_a_person_did_here_after_the_steps_keeps_older_states_out(desk: Desk, tmp_path: Path) -> None:
    clock = desk._clock
    assert isinstance(clock, FixedClock)
    take_in(desk, tmp_path, row("New", "23-11-2026 08:10", opened_at="23-11-2026 08:10"))
    clock.set(NOW + timedelta(minutes=5))
    ref = only_ticket(desk).ticket.ref
    assert isinstance(desk.do(Note(ref, "looked at it"), by="ann"), Applied)
    clock.set(NOW + timedelta(minutes=10))
    late = row("Active", "23-11-2026 09:02", opened_at="23-11-2026 08:10", assigned_to="Resolver 3")
    assert take_in(desk, tmp_path, *rows(row("New", "23-11-2026 08:10"), late)[1:]).refused == 1
