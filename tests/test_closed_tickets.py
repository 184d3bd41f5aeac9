"""The tickets that were closed last, of the present and of a past desk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.past import PastDesk
from supportdesk.tickets.process.closure import Close, Reopen
from tests.store.desks import address_of, done, furnished_desk, logged
from tests.tickets.scenario import MONDAY_NINE


def closed(desk: Desk | PastDesk, limit: int = 10) -> list[str]:
    return [row.ref for row in desk.closed_tickets(limit)]


def test_the_last_closed_come_first_without_reopened_ones(tmp_path: Path) -> None:
    clock = FixedClock(MONDAY_NINE)
    with furnished_desk(tmp_path, clock) as desk:
        first, second, third, still_open = (logged(desk) for _ in range(4))
        for ref in (second, first, third):
            clock.set(clock.now() + timedelta(minutes=1))
            done(desk, Close(ref, "withdrawn", "they found it"))
        assert closed(desk) == [third, first, second]
        assert closed(desk, 2) == [third, first]
        assert still_open not in closed(desk)
        done(desk, Reopen(third, "not solved"))
        assert closed(desk) == [first, second]
        assert all(row.stage == "closed" for row in desk.closed_tickets(10))


def test_a_past_desk_has_the_tickets_that_were_closed_then(tmp_path: Path) -> None:
    clock = FixedClock(MONDAY_NINE)
    with furnished_desk(tmp_path, clock) as desk:
        one, other = logged(desk), logged(desk)
        for ref in (one, other):
            clock.set(clock.now() + timedelta(hours=1))
            done(desk, Close(ref, "withdrawn", "they found it"))
        path = address_of(desk)
    past = PastDesk.open(path, MONDAY_NINE + timedelta(minutes=90), present=clock)
    past.controls.pause()
    past.controls.seek(MONDAY_NINE + timedelta(minutes=90))
    assert closed(past) == [one]
    past.close()
