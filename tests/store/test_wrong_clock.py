"""A machine whose clock is wrong: nothing is written at a date in doubt, and what was can be read and set right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.past import PastDesk
from supportdesk.reports.outcomes import list_promises
from supportdesk.sla.clocks import ClockKind, State, epoch
from supportdesk.store.date_guard import LatestEventTime
from supportdesk.store.verification.verify import verify
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.process.assignment import Assign, Claim
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Note, Reply
from supportdesk.tickets.process.resolution import Resolve, Resume, Wait
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.time import CorrectTime
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.refusal import Refusal
from tests.store.desks import address_of, database_of, done, furnished_desk, logged, refused
from tests.tickets.scenario import MONDAY_NINE

LATER = timedelta(days=365 * 20)


def clock_of(desk: Desk) -> FixedClock:
    clock = desk._clock
    assert isinstance(clock, FixedClock)
    return clock


@pytest.mark.parametrize("year", [1970, 1989, 2101, 2200, 9998])
def test_nothing_is_written_outside_the_calendars_years_even_if_somebody_confirms_it(
    tmp_path: Path, year: int
) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        clock_of(desk).set(datetime(year, 6, 1, tzinfo=UTC))
        desk.date_is_confirmed = True
        seq = desk.queue().seq
        said = refused(desk, Note(ref, "from the far future"))
        assert f"clock says 1 Jun {year}" in said
        assert "1990 to 2100" in said
        assert "set the clock right" in said
        assert desk.queue().seq == seq


@pytest.mark.parametrize("away", [timedelta(days=91), timedelta(days=365 * 50), timedelta(days=-91)])
def test_a_date_far_from_the_last_event_is_confirmed_once_and_then_holds_for_all(
    tmp_path: Path, away: timedelta
) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        now = MONDAY_NINE + away
        clock_of(desk).set(now)
        assert "--confirm-date" in refused(desk, Note(ref, "after a long time"))
        [previewed] = desk.preview([Note(ref, "after a long time")], by="ann")
        assert isinstance(previewed, Refusal)
        desk.date_is_confirmed = True
        if away > timedelta(0):
            done(desk, Note(ref, "after a long time"))
        else:
            logged(desk)
        other = Desk.open(address_of(desk), FixedClock(now + timedelta(minutes=1)))
        logged(other)
        other.close()


def test_each_event_is_read_once_for_when_the_latest_happened_however_often_a_command_is_tried(
    tmp_path: Path,
) -> None:
    asked: list[Any] = []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        if "max(ledger.at)" in statement:
            asked.append(sorted(parameters.values() if isinstance(parameters, dict) else parameters))

    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        before = desk.changes(0).seq
        clock_of(desk).set(MONDAY_NINE + timedelta(days=91))
        event.listen(Engine, "before_cursor_execute", note)
        try:
            for _ in range(3):
                assert "--confirm-date" in refused(desk, Note(ref, "after a long time"))
            assert isinstance(desk.preview([Note(ref, "after a long time")], by="ann")[0], Refusal)
            clock_of(desk).set(MONDAY_NINE + timedelta(days=1))
            logged(desk)
            clock_of(desk).set(MONDAY_NINE + timedelta(days=95))
            assert "since 24 Nov" in refused(desk, Note(ref, "after a long time"))
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        assert asked == [[0, before], [before, desk.changes(0).seq]]


def test_the_latest_event_need_not_be_the_last(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        logged(desk)
        database, latest = database_of(desk), LatestEventTime()
        seq = desk.changes(0).seq
        first = database.read(lambda connection: latest.read(connection, seq))
        clock_of(desk).set(MONDAY_NINE - timedelta(days=1))
        logged(desk)
        later = desk.changes(0).seq
        assert database.read(lambda connection: latest.read(connection, later)) == first
        assert database.read(lambda connection: LatestEventTime().read(connection, later)) == first
        assert database.read(lambda connection: latest.read(connection, seq)) == first


def test_a_quiet_desk_is_written_to_for_ninety_days(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        clock_of(desk).set(MONDAY_NINE + timedelta(days=90))
        done(desk, Note(ref, "after a quiet summer"))


WRONG: dict[str, list[Callable[[str], TicketCommand]]] = {
    "note": [lambda ref: Note(ref, "x")],
    "claim": [Claim],
    "reply": [Claim, lambda ref: Reply(ref, "On it.")],
    "wait": [Claim, lambda ref: Reply(ref, "?"), lambda ref: Wait(ref, "customer", "logs")],
    "third party": [Claim, lambda ref: Wait(ref, "third party", "parts")],
    "resume": [
        Claim,
        lambda ref: Wait(ref, "third party", "parts"),
        Resume,
    ],
    "resolve": [Claim, lambda ref: Resolve(ref, "Restarted.", "restored")],
    "close": [
        Claim,
        lambda ref: Resolve(ref, "Restarted.", "restored"),
        Close,
    ],
    "severity": [lambda ref: ChangeSeverity(ref, "medium", "less")],
    "assign": [lambda ref: Assign(ref, "priya")],
    "acknowledge": [Acknowledge],
}


def make_wrong(desk: Desk, ref: str, steps: list[Callable[[str], TicketCommand]]) -> None:
    """Does some things while the clock is twenty years ahead, and sets it right again."""
    clock_of(desk).set(MONDAY_NINE + LATER)
    desk.date_is_confirmed = True
    for step in steps:
        by = "sue" if isinstance(step(ref), ChangeSeverity) else "ann"
        outcome = desk.do(step(ref), by=by)
        assert not isinstance(outcome, Refusal), outcome.reason
    desk.date_is_confirmed = False
    clock_of(desk).set(MONDAY_NINE + timedelta(hours=1))


def read_everything(desk: Desk, ref: str) -> None:
    """Whatever a surface may ask for; nothing of it may fail."""
    now = desk.now()
    desk.queue()
    desk.changes(0)
    desk.ticket(ref)
    for kind in ClockKind:
        desk.explain(ref, kind)
    list(list_promises(desk.history(now - timedelta(days=60)), desk.policies, epoch(now)))
    past = PastDesk.open(address_of(desk), now, present=FixedClock(now))
    past.queue()
    for kind in ClockKind:
        past.explain(ref, kind)


@pytest.mark.slow
@pytest.mark.parametrize("done_wrong", WRONG)
def test_a_ticket_that_a_wrong_clock_dated_is_read_and_a_supervisor_sets_it_right(
    tmp_path: Path, done_wrong: str
) -> None:
    with furnished_desk(tmp_path) as desk:
        ref, other = logged(desk), logged(desk)
        make_wrong(desk, ref, WRONG[done_wrong])
        read_everything(desk, ref)
        assert "supervisor" in refused(desk, CorrectTime(ref, "the battery was empty"), by="ann")
        assert "correct what was dated wrongly" in refused(desk, Note(other, "elsewhere"))
        done(desk, CorrectTime(ref, "the battery was empty"), by="sue")
        done(desk, Note(other, "elsewhere"))
        read_everything(desk, ref)
        view = desk.ticket(ref)
        now = desk.now()
        ticket = view.ticket
        assert ticket.changed_at == now
        for verdict in (ticket.response_verdict, ticket.resolution_verdict, ticket.first_resolution):
            assert verdict is None or (verdict.at == now and verdict.state in {State.MET, State.VOID})
        assert view.timeline[-1].sentence.startswith("corrected the time")
        found = verify(database_of(desk))
        assert found.is_intact, found
        past = PastDesk.open(address_of(desk), now, present=FixedClock(now))
        past.controls.pause()
        past.controls.seek(now)
        assert past.ticket(ref).ticket == ticket
        clock_of(desk).set(now + timedelta(minutes=5))
        done(desk, Note(ref, "it can be worked on again"))
        assert desk.ticket(ref).ticket.changed_at == desk.now()
        assert "not dated in the future" in refused(desk, CorrectTime(ref, "again"), by="sue")


def test_the_time_at_which_it_really_happened_can_be_given(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        make_wrong(desk, ref, WRONG["reply"])
        clock_of(desk).set(MONDAY_NINE + timedelta(hours=5))
        assert "in the future" in refused(
            desk, CorrectTime(ref, "battery", at=MONDAY_NINE + timedelta(days=1)), by="sue"
        )
        assert "give a later time" in refused(
            desk, CorrectTime(ref, "battery", at=MONDAY_NINE - timedelta(days=1)), by="sue"
        )
        right = MONDAY_NINE + timedelta(minutes=20)
        done(desk, CorrectTime(ref, "battery", at=right), by="sue")
        verdict = desk.ticket(ref).ticket.response_verdict
        assert verdict is not None
        assert (verdict.state, verdict.at, verdict.elapsed) == (State.MET, right, 20 * 60)
