"""Handing a shift over: given with a note, accepted by the person who takes over, withdrawn and undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.past import PastDesk
from supportdesk.reports.shift_handover import find_given, open_handovers, prepare_handover
from supportdesk.sla.clocks import epoch
from supportdesk.tickets.documents import Handover, Line
from supportdesk.tickets.inbox.entry import InboxKind
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.shift_commands import AcceptHandover, HandOverShift, WithdrawHandover
from tests.databases import address_at
from tests.store.desks import done, furnished, logged, refused, verified
from tests.tickets.scenario import MONDAY_NINE

MINUTE = timedelta(minutes=1)
ON_CALL, NEXT = "dora", "priya"
"""Who is on call on the Monday morning of the tests, and who is next."""


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY_NINE)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    desk = Desk.open(furnished(tmp_path), clock)
    yield desk
    desk.close()


def handovers(desk: Desk) -> tuple[Handover, ...]:
    return tuple(desk.roster().reference_data.handovers)


def test_a_handover_is_of_the_givers_shift_and_another_note_replaces_it_until_it_is_accepted(
    desk: Desk, clock: FixedClock
) -> None:
    done(desk, HandOverShift("All quiet."), by=ON_CALL)
    clock.set(MONDAY_NINE + 5 * MINUTE)
    done(desk, HandOverShift("One Critical.", NEXT), by=ON_CALL)
    (handover,) = handovers(desk)
    assert (handover.number, handover.note, handover.asked) == (1, "One Critical.", NEXT)
    assert (handover.line, handover.given_at) == (Line.FIRST, clock.now())
    assert handover.start <= MONDAY_NINE < handover.end
    done(desk, AcceptHandover(1), by=NEXT)
    done(desk, HandOverShift("Again."), by=ON_CALL)
    assert [each.number for each in handovers(desk)] == [1, 2]


def test_only_the_person_asked_accepts_and_nobody_their_own(desk: Desk) -> None:
    done(desk, HandOverShift("All quiet.", NEXT), by=ON_CALL)
    assert refused(desk, AcceptHandover(1), by="sam") == "it is for Priya; ask them to accept it"
    assert "your own handover" in refused(desk, AcceptHandover(1), by=ON_CALL)
    done(desk, AcceptHandover(1), by=NEXT)
    assert handovers(desk)[0].accepted_by == NEXT
    assert refused(desk, AcceptHandover(1), by=NEXT).startswith(
        "Priya accepted it on Mon 23 Nov 2026 09:00 GMT"
    )


def test_without_a_person_everybody_but_the_giver_may_accept(desk: Desk) -> None:
    done(desk, HandOverShift("All quiet."), by=ON_CALL)
    data = desk.roster().reference_data
    assert open_handovers(data, ON_CALL) == []
    assert [each.number for each in open_handovers(data, "sam")] == [1]
    done(desk, AcceptHandover(1), by="sam")


def test_a_handover_is_withdrawn_by_its_giver_or_a_supervisor(desk: Desk) -> None:
    done(desk, HandOverShift("All quiet."), by="sam")
    assert "only they or a supervisor" in refused(desk, WithdrawHandover(1), by="ann")
    done(desk, WithdrawHandover(1), by="sue")
    assert refused(desk, AcceptHandover(1), by="ann").startswith("there is no open handover 1")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (HandOverShift("  "), "say where things stand"),
        (HandOverShift("x", "sam"), "to yourself"),
        (HandOverShift("x", "nobody"), "not on the staff"),
    ],
)
def test_a_handover_needs_a_note_and_a_colleague(desk: Desk, command: HandOverShift, why: str) -> None:
    assert why in refused(desk, command, by="sam")


def test_an_acceptance_and_a_handover_are_undone_by_those_who_gave_them(desk: Desk) -> None:
    given = done(desk, HandOverShift("All quiet."), by="sam")
    accepted = done(desk, AcceptHandover(1), by="ann")
    assert "since" in refused(desk, UndoRecord(given.seq), by="sam")
    done(desk, UndoRecord(accepted.seq), by="ann")
    assert handovers(desk)[0].is_open
    assert verified(desk).is_intact


def test_the_giver_and_the_person_asked_have_it_in_their_inboxes(desk: Desk) -> None:
    since = MONDAY_NINE - timedelta(days=1)
    done(desk, HandOverShift("One Critical is open.", NEXT), by=ON_CALL)
    (entry,) = desk.inbox(NEXT, since)
    assert (entry.kind, entry.is_open) == (InboxKind.SHIFT, True)
    assert entry.text == "Dora hands the shift over to you: One Critical is open."
    done(desk, AcceptHandover(1), by=NEXT)
    assert desk.inbox(NEXT, since)[0].answer == "accepted"
    (accepted,) = desk.inbox(ON_CALL, since)
    assert accepted.text == "Priya accepted the handover of your shift"


def test_what_is_handed_over_are_criticals_pages_and_what_falls_due_in_the_next_shift(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    critical = logged(desk, severity="critical", channel="hotline")
    clock.set(MONDAY_NINE + 4 * MINUTE)
    done(desk, Acknowledge(critical), by=ON_CALL)
    clock.set(MONDAY_NINE.replace(hour=16))
    high, low = logged(desk), logged(desk, severity="low", channel="portal")
    found = prepare_handover(desk, "sam")
    assert [row.ref for row in found.urgent] == [critical]
    (page,) = found.pages
    acknowledged_at = MONDAY_NINE + 4 * MINUTE
    assert (page.ref, page.page.person, page.page.acknowledged_at) == (critical, ON_CALL, acknowledged_at)
    end, next_end = epoch(found.shift.end), epoch(found.shift.next_end)
    assert found.due
    assert all(end <= item.at <= next_end for item in found.due)
    due_of = {
        (ref, clock_.kind)
        for ref in (critical, high, low)
        for clock_ in (found.rows[ref].response, found.rows[ref].resolution)
        if clock_.breached_at is not None and end <= clock_.breached_at <= next_end
    }
    assert {(item.ref, item.kind) for item in found.due} == due_of
    done(desk, HandOverShift("One Critical."), by="sam")
    given = find_given(desk.roster().reference_data, "sam", found.shift)
    assert given is not None
    assert given.note == "One Critical."
    past = PastDesk.open(address_at(tmp_path / "desk.db"), clock.now(), present=clock)
    past.controls.pause()
    past.controls.seek(clock.now())
    assert past.page_records(found.shift.start, clock.now()) == list(found.pages)
    assert tuple(past.roster().reference_data.handovers) == handovers(desk)
    past.close()
