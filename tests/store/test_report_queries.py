"""What is read for the reports: which tickets, and who had those that broke a promise."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.past import PastDesk
from supportdesk.store.read_models import TicketHistory
from supportdesk.tickets.events import Claimed, HandedBack, Undone
from supportdesk.tickets.ownership import Ownership, find_ownership, list_ownerships
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack, HandOver
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.undo_state import PreviousValues
from tests.databases import address_at
from tests.history import BEGINNING, Life, opened
from tests.store.desks import address_of, done, furnished_desk, logged
from tests.store.query_plan import explain
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")


def test_open_tickets_and_those_closed_since_are_read_and_no_others(tmp_path: Path) -> None:
    clock = FixedClock(MONDAY_NINE)
    with furnished_desk(tmp_path, clock) as desk:
        opened_first, early, late = logged(desk), logged(desk), logged(desk)
        done(desk, Close(early, "withdrawn", "no longer needed"))
        clock.set(MONDAY_NINE + timedelta(days=3))
        done(desk, Close(late, "withdrawn", "no longer needed"))
        assert {each.row.ref for each in desk.history(clock.now())} == {opened_first, late}
        assert {each.row.ref for each in desk.history(MONDAY_NINE)} == {opened_first, early, late}


def test_a_ticket_that_broke_a_promise_shows_who_had_it_from_when_on(tmp_path: Path) -> None:
    clock = FixedClock(MONDAY_NINE)
    with furnished_desk(tmp_path, clock) as desk:
        ref = logged(desk, received_at=MONDAY_NINE - timedelta(minutes=30))
        kept = logged(desk, severity="low", channel="portal")
        for minutes, command in enumerate(
            (Assign(ref, owner="sam"), Note(ref, "seen"), HandBack(ref, "not mine"), Claim(ref)), 1
        ):
            clock.set(MONDAY_NINE + timedelta(minutes=minutes))
            done(desk, command, by="sam")
        done(desk, Escalate(ref, "beyond us", "functional"), by="sam")
        assert [each.ownerships for each in desk.history(MONDAY_NINE)] == [(), ()]
        clock.set(MONDAY_NINE + timedelta(hours=4))
        histories = {each.row.ref: each.ownerships for each in desk.history(MONDAY_NINE)}
        minute = timedelta(minutes=1)
        assert histories[kept] == ()
        assert histories[ref] == (
            Ownership(MONDAY_NINE - 30 * minute, "user-support"),
            Ownership(MONDAY_NINE + 1 * minute, "user-support", "sam"),
            Ownership(MONDAY_NINE + 3 * minute, "user-support"),
            Ownership(MONDAY_NINE + 4 * minute, "user-support", "sam"),
            Ownership(MONDAY_NINE + 4 * minute, "technical-support"),
        )


def test_the_new_owner_has_it_and_a_move_that_was_undone_was_never_made(tmp_path: Path) -> None:
    clock = FixedClock(MONDAY_NINE)
    with furnished_desk(tmp_path, clock) as desk:
        ref = logged(desk)
        done(desk, Claim(ref), by="sam")
        done(desk, HandOver(ref, to="ann", note="half done"), by="sam")
        done(desk, Assign(ref, owner="sue"), by="ann")
        done(desk, Undo(ref), by="ann")
        clock.set(MONDAY_NINE + timedelta(hours=4))
        (history,) = desk.history(MONDAY_NINE)
        assert [each.owner for each in history.ownerships] == [None, "sam", "ann"]


def test_a_history_whose_beginning_was_erased_shows_what_is_left() -> None:
    later = MONDAY_NINE + timedelta(minutes=5)
    begun = [
        (MONDAY_NINE, HandedBack("off sick")),
        (MONDAY_NINE, Undone("claimed it", PreviousValues(owner=None))),
    ]
    assert list_ownerships(begun) == ()
    ownerships = list_ownerships([*begun, (later, Claimed("sam", "user-support"))])
    assert ownerships == (Ownership(later, "user-support", "sam"),)


@pytest.mark.parametrize(
    ("minutes", "holder"), [(-1, None), (0, None), (10, "sam"), (19, "sam"), (20, "ann"), (99, "ann")]
)
def test_the_holder_is_the_last_owner(minutes: int, holder: str | None) -> None:
    ownerships = [
        Ownership(MONDAY_NINE + timedelta(minutes=start), "user-support", owner)
        for start, owner in ((0, None), (10, "sam"), (20, "ann"))
    ]
    held = find_ownership(ownerships, MONDAY_NINE + timedelta(minutes=minutes))
    assert (held and held.owner) == holder
    assert (held is None) is (minutes < 0)


@pytest.mark.parametrize("seed", range(3))
def test_the_histories_as_of_any_moment_are_those_that_were_read_then(tmp_path: Path, seed: int) -> None:
    clock = FixedClock(BEGINNING)
    desk = opened(tmp_path / "desk.db", clock)
    life, record = Life(desk, clock, seed), list[tuple[datetime, list[TicketHistory]]]()
    for _ in range(80):
        before, histories = clock.now(), desk.history(clock.now() - timedelta(days=2))
        life.go_on()
        if clock.now() > before:
            record.append((before, histories))
    assert any(each.ownerships for _, histories in record for each in histories)
    replay = PastDesk.open(address_at(tmp_path / "desk.db"), BEGINNING, present=clock)
    replay.controls.pause()
    for at, histories in record:
        replay.controls.seek(at)
        assert comparable(replay.history(at - timedelta(days=2))) == comparable(histories), f"at {at}"
    desk.close()


def comparable(histories: list[TicketHistory]) -> dict[str, tuple[object, ...]]:
    """By reference, without the event number of the last change: a replay has numbers of its own."""
    return {
        each.row.ref: (msgspec.structs.replace(each.row, changed_seq=0), each.ticket, each.ownerships)
        for each in histories
    }


def test_closures_are_found_by_their_own_index(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        plan = explain(address_of(desk), "SELECT ref FROM ledger WHERE event = 'closed' AND at >= 1", ())
        assert "ix_ledger_closed" in str(plan)


def test_a_desk_without_tickets_has_no_histories(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        assert isinstance(desk, Desk)
        assert desk.history(MONDAY_NINE) == []
