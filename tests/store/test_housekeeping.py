"""The housekeeping in a real store: found by when it is due, done once by whichever watcher comes first, verified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.process.closure import Reopen
from supportdesk.tickets.process.conversation import RecordCall, Reply
from supportdesk.tickets.process.resolution import Resolve, Wait
from supportdesk.tickets.process.steps import NOTHING_DUE, TakeSteps
from supportdesk.tickets.records.commands import ChangeDay
from supportdesk.tickets.ticket import Stage
from tests.store.desks import done, events, furnished, logged, verified
from tests.tickets.scenario import MONDAY_NINE

WEDNESDAY = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 11, 30, 9, 0, 1, tzinfo=UTC)


@pytest.fixture
def desks(tmp_path: Path, clock: FixedClock) -> Iterator[tuple[Desk, Desk]]:
    """The same desk, opened by two processes."""
    address = furnished(tmp_path)
    one, other = Desk.open(address, clock), Desk.open(address, clock)
    yield one, other
    one.close()
    other.close()


def resolved(desk: Desk) -> str:
    ref = logged(desk)
    done(desk, Resolve(ref, "Restarted the export."))
    return ref


def due(desk: Desk, ref: str) -> datetime | None:
    return next(
        (each.due for each in desk.overdue_steps(MONDAY_NINE + timedelta(days=900)) if each.ref == ref), None
    )


def test_of_two_watchers_one_closes_a_ticket_and_the_other_finds_nothing_due(
    desks: tuple[Desk, Desk], clock: FixedClock
) -> None:
    one, other = desks
    ref = resolved(one)
    assert due(one, ref) == NEXT_MONDAY
    clock.set(NEXT_MONDAY)
    assert one.due_refs(NEXT_MONDAY) == other.due_refs(NEXT_MONDAY) == [ref]
    assert isinstance(one.do(TakeSteps(ref), by=WATCHER.key), Applied)
    seq = one.changes(0).seq
    assert other.do(TakeSteps(ref), by=WATCHER.key) == NOTHING_DUE
    assert other.changes(0).seq == seq
    assert one.ticket(ref).ticket.stage is Stage.CLOSED
    assert events(one, ref)[-2:] == ["step taken", "closed"]
    assert due(one, ref) is None
    assert verified(one).is_intact


def test_a_ticket_that_closed_by_itself_can_be_reopened_and_closes_again(
    desks: tuple[Desk, Desk], clock: FixedClock
) -> None:
    desk, _ = desks
    ref = resolved(desk)
    clock.set(NEXT_MONDAY)
    done(desk, TakeSteps(ref), by=WATCHER.key)
    done(desk, Reopen(ref, "It is back."))
    done(desk, Resolve(ref, "Fixed for good."))
    clock.set(NEXT_MONDAY + timedelta(days=8))
    done(desk, TakeSteps(ref), by=WATCHER.key)
    assert events(desk, ref).count("closed") == 2
    assert verified(desk).is_intact


def test_a_hold_until_a_day_ends_once_and_its_owner_is_notified(
    desks: tuple[Desk, Desk], clock: FixedClock
) -> None:
    one, other = desks
    ref = logged(one)
    done(one, Reply(ref, "Which version?"))
    done(one, Wait(ref, until=WEDNESDAY.date()))
    assert due(one, ref) == WEDNESDAY
    clock.set(WEDNESDAY)
    done(other, TakeSteps(ref), by=WATCHER.key)
    assert events(one, ref)[-2:] == ["step taken", "wait ended"]
    assert one.ticket(ref).ticket.waiting is None
    assert one.do(TakeSteps(ref), by=WATCHER.key) == NOTHING_DUE
    assert verified(one).is_intact


def test_a_call_of_the_customer_takes_the_closing_away(desks: tuple[Desk, Desk], clock: FixedClock) -> None:
    desk, _ = desks
    ref = resolved(desk)
    done(desk, RecordCall(ref, "It happened again."))
    assert due(desk, ref) is None
    clock.set(NEXT_MONDAY)
    assert desk.do(TakeSteps(ref), by=WATCHER.key) == NOTHING_DUE
    assert verified(desk).is_intact


def test_a_day_that_is_closed_moves_what_is_due(desks: tuple[Desk, Desk]) -> None:
    desk, _ = desks
    ref = resolved(desk)
    done(desk, ChangeDay("office", date(2026, 11, 26), (), "the heating broke"), by="sue")
    assert due(desk, ref) == NEXT_MONDAY + timedelta(days=1)
    assert verified(desk).is_intact


def test_the_explanation_says_what_happens_by_itself_and_when(
    desks: tuple[Desk, Desk], clock: FixedClock
) -> None:
    desk, _ = desks
    ref = resolved(desk)
    (act,) = desk.explain_escalation(ref).expected
    assert (act.action, act.due) == ("close", int(NEXT_MONDAY.timestamp()))
    assert act.description == "the customer has not replied in 50 h of office hours"
    clock.set(NEXT_MONDAY)
    done(desk, TakeSteps(ref), by=WATCHER.key)
    explanation = desk.explain_escalation(ref)
    assert not explanation.expected
    assert explanation.describe_step(explanation.recorded[-1]) == act.description
