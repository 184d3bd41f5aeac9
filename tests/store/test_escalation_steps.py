"""The steps of escalations in a real store: recorded once, with the pages, and found by when they are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.store.database import create_database
from supportdesk.store.read_models import DueTicket
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.linking import LinkTicket
from supportdesk.tickets.process.page_shown import MarkPageShown
from supportdesk.tickets.process.resolution import Wait
from supportdesk.tickets.process.steps import NOTHING_DUE, TakeSteps
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.records.commands import ChangeDay
from supportdesk.tickets.refusal import Refusal
from tests.databases import address_at
from tests.store.desks import (
    AS_BEFORE_0006,
    database_of,
    done,
    events,
    furnished_desk,
    logged,
    rewrite_as_before_0006,
    verified,
)
from tests.store.outboxes import critical
from tests.tickets.scenario import MONDAY_NINE


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with furnished_desk(tmp_path, clock) as opened:
        yield opened


def at(minutes: float) -> datetime:
    return MONDAY_NINE + timedelta(minutes=minutes)


def take_steps(desk: Desk, ref: str) -> None:
    done(desk, TakeSteps(ref), by=WATCHER.key)


def due(desk: Desk, ref: str) -> datetime | None:
    return next((each.due for each in desk.overdue_steps(at(10**6)) if each.ref == ref), None)


def test_what_is_due_is_found_by_when_it_is_due(desk: Desk) -> None:
    assert desk.next_watch_due() is None
    later, soon = logged(desk), critical(desk)
    assert desk.next_watch_due() == at(5)
    assert desk.due_refs(at(4.9)) == []
    assert desk.due_refs(at(5)) == [soon]
    assert desk.overdue_steps(at(60 * 24)) == [
        DueTicket(soon, at(5)),
        DueTicket(later, at(135)),
    ]
    assert desk.due_refs(at(60 * 24), limit=1) == [soon]


def test_a_step_is_recorded_once_with_its_page_and_the_next_one_is_due(desk: Desk, clock: FixedClock) -> None:
    ref = critical(desk)
    clock.set(at(5))
    take_steps(desk, ref)
    assert events(desk, ref)[-2:] == ["step taken", "paged"]
    assert due(desk, ref) == at(10)
    before = desk.changes(0).seq
    assert desk.do(TakeSteps(ref), by=WATCHER.key) == NOTHING_DUE
    assert desk.changes(0).seq == before
    assert verified(desk).is_intact


def test_a_command_with_nothing_due_wakes_nobody(desk: Desk, tmp_path: Path, clock: FixedClock) -> None:
    ref = critical(desk)
    other = Desk.open(address_at(tmp_path / "desk.db"), clock)
    other.wait_for_change(0)
    assert isinstance(desk.do(TakeSteps(ref), by=WATCHER.key), Refusal)
    assert not other.wait_for_change(0)
    done(desk, Note(ref, "something"))
    assert other.wait_for_change(5)
    other.close()


def test_the_escalation_of_a_critical_that_nobody_acknowledges_is_on_the_timeline(
    desk: Desk, clock: FixedClock
) -> None:
    ref = critical(desk)
    while (moment := due(desk, ref)) is not None and moment <= at(46):
        clock.set(moment)
        take_steps(desk, ref)
    lines = [
        each.phrase.sentence
        for each in desk.ticket(ref).timeline
        if each.event == "step taken" and each.phrase is not None
    ]
    assert lines == [
        "escalated to Dora: 5 min without acknowledgement",
        "skipped a step: 10 min without acknowledgement: nobody is second on call",
        "escalated to Sue: 15 min without acknowledgement",
        "skipped a step: 30 min without acknowledgement: nobody is Head of Support",
        "escalated to Dora: 75 % of the response target",
    ]
    explanation = desk.explain_escalation(ref)
    assert [each.key.step for each in explanation.recorded][1:] == [
        "on-call/2", "second", "manager", "head", "response-director",
    ]  # fmt: skip
    assert verified(desk).is_intact


def test_an_acknowledgement_moves_what_is_due_and_a_closure_removes_it(desk: Desk, clock: FixedClock) -> None:
    ref = critical(desk)
    clock.set(at(2))
    done(desk, Acknowledge(ref), by="dora")
    assert due(desk, ref) == at(31)
    done(desk, Claim(ref), by="dora")
    clock.set(at(31))
    assert desk.do(TakeSteps(ref), by=WATCHER.key) == NOTHING_DUE
    done(desk, Close(ref, "withdrawn", "a mistake"), by="dora")
    assert desk.next_watch_due() is None
    clock.set(at(600))
    assert desk.do(TakeSteps(ref), by=WATCHER.key) == NOTHING_DUE
    assert verified(desk).is_intact


def test_a_holiday_moves_what_is_due_on_tickets_whose_clocks_it_does_not_move(desk: Desk) -> None:
    ref = logged(desk)
    assert due(desk, ref) == at(135)
    done(desk, ChangeDay("office", date(2026, 11, 23), (), "snow"), by="sue")
    moved = due(desk, ref)
    assert moved is not None
    assert moved > at(60 * 20)
    assert verified(desk).is_intact


def test_what_the_watcher_notes_does_not_keep_anybody_from_undoing(desk: Desk, clock: FixedClock) -> None:
    ref = logged(desk)
    clock.set(at(134))
    done(desk, Note(ref, "the wrong ticket"), by="ann")
    clock.set(at(135))
    take_steps(desk, ref)
    assert events(desk, ref)[-1] == "step taken"
    done(desk, Undo(ref), by="ann")
    assert [each.is_undone for each in desk.ticket(ref).timeline][-3:] == [True, False, False]
    assert verified(desk).is_intact


def test_only_the_watcher_records_steps(desk: Desk) -> None:
    outcome = desk.do(TakeSteps(critical(desk)), by="ann")
    assert isinstance(outcome, Refusal)
    assert "administrator" in outcome.reason


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("DELETE FROM escalation_steps", "it is missing"),
        ("UPDATE escalation_steps SET at = at + 1", "differs from the ledger: at"),
        ("UPDATE escalation_steps SET step = 'x'", "no event in the ledger explains it"),
        ("UPDATE escalation_steps SET ref = 'CD-0000-0'", "no event in the ledger explains it"),
        ("UPDATE tickets SET watch_due = NULL", "differs from the ledger: watch_due"),
        ("UPDATE tickets SET watch_due = watch_due + 1", "differs from the ledger: watch_due"),
    ],
)
def test_verify_finds_a_step_or_a_due_time_that_is_not_that_of_the_ledger(
    desk: Desk, clock: FixedClock, damage: str, found: str
) -> None:
    ref = critical(desk)
    clock.set(at(5))
    take_steps(desk, ref)
    database_of(desk).write(lambda connection: connection.execute(text(damage)))
    assert found in " ".join(map(str, verified(desk).findings))


def test_a_desk_of_an_earlier_version_gets_its_due_times(tmp_path: Path, clock: FixedClock) -> None:
    with furnished_desk(tmp_path, clock) as desk:
        ref = critical(desk)
        database_of(desk).write(rewrite_as_before_0006)
        for statement in (*AS_BEFORE_0006, "UPDATE alembic_version SET version_num = '0005'"):
            database_of(desk).write(lambda connection, sql=statement: connection.execute(text(sql)))  # type: ignore[misc]
    create_database(address_at(tmp_path / "desk.db")).close()
    desk = Desk.open(address_at(tmp_path / "desk.db"), clock)
    assert desk.due_refs(at(5)) == [ref]
    assert verified(desk).is_intact
    desk.close()


def test_a_command_that_was_sent_before_is_not_carried_out_again(desk: Desk, clock: FixedClock) -> None:
    ref = critical(desk)
    clock.set(at(5))
    first = desk.do(TakeSteps(ref), by=WATCHER.key, command_id="one")
    again = desk.do(TakeSteps(ref), by=WATCHER.key, command_id="one")
    assert first == again
    assert isinstance(again, Applied)
    assert again.repeated


def test_a_note_a_link_and_a_page_that_is_shown_leave_what_is_due_as_it_is(
    desk: Desk, clock: FixedClock
) -> None:
    waiting, held, other = critical(desk), logged(desk), logged(desk)
    done(desk, Acknowledge(held), by="ann")
    done(desk, Wait(held, "third party", "the maker of the printer"), by="ann")
    before = {ref: due(desk, ref) for ref in (waiting, held)}
    assert all(before.values())
    clock.set(at(3))
    (page,) = (each for each in desk.queue().rows if each.ref == waiting)
    done(desk, MarkPageShown(waiting), by=page.paged[0])
    for ref in (waiting, held):
        done(desk, Note(ref, "The printer in the hall."), by="ann")
        done(desk, LinkTicket(ref, other), by="ann")
    assert {ref: due(desk, ref) for ref in (waiting, held)} == before
    assert verified(desk).is_intact
