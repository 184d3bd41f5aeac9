"""A Critical at night, on a real desk that only a console watches."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from supportdesk.clock import FixedClock
from supportdesk.console.watching.host import Watching
from supportdesk.desk import Desk
from supportdesk.heartbeat import HeartbeatPlace
from supportdesk.store.location import find_heartbeat
from supportdesk.watcher.hosting import start_watcher
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import morning_records
from tests.console.harness.console import Running, running
from tests.store.desks import address_of, events, furnished_desk, logged, verified
from tests.tickets.scenario import MONDAY_NINE

RANG_AGAIN, MANAGER = timedelta(minutes=5), timedelta(minutes=15)


async def test_a_page_rings_in_the_console_escalates_when_nobody_responds_and_stops_at_p(
    tmp_path: Path,
) -> None:
    clock = FixedClock(MONDAY_NINE)
    with furnished_desk(tmp_path, clock) as other:
        address = address_of(other)

        def connect() -> Desk:
            return Desk.open(address, clock)

        place = find_heartbeat(address)
        watching = Watching(place, lambda: start_watcher(connect, place, interval=0.05))
        # Only its clock is used.
        behind = FakeDesk(clock, morning_records())
        async with running(behind, connect=connect, username="dora", watching=watching) as it:
            await it.until(lambda: "watcher" in it.header)
            ref = logged(other, severity="critical", channel="hotline")
            await it.until(lambda: f"{ref}: you were paged at 09:00 GMT" in it.notice)
            await it.until(lambda: "page shown" in events(other, ref))
            await it.at(MONDAY_NINE + RANG_AGAIN)
            await it.until(lambda: f"{ref}: you were paged at 09:05 GMT" in it.notice)
            await it.at(MONDAY_NINE + MANAGER)
            await it.until(lambda: paged(it, ref) == ("dora", "sue"))
            await it.until(lambda: "paging Sue" in it.line(ref))
            it.screen.queue.find(ref)
            await it.press("p")
            await it.until(lambda: paged(it, ref) == ("sue",))
            assert f"{ref}: you acknowledged the page" in it.foot
            valid = other.explain_escalation(ref).valid
            assert valid is not None
            fired = events(other, ref).count("step taken")
            await it.at(valid.until - timedelta(seconds=1))
            beat = place.read()
            assert beat is not None
            await it.until(lambda: has_ticked_since(place, beat.beat + 2))
            assert events(other, ref).count("step taken") == fired
        assert verified(other).is_intact


def paged(it: Running, ref: str) -> tuple[str, ...]:
    """Who is paged for a ticket, as the queue shows it."""
    session = it.screen.session
    return session.model.index.entries[ref].row.paged if session is not None else ()


def has_ticked_since(place: HeartbeatPlace, beat: int) -> bool:
    """Whether the watcher has looked at the desk that often."""
    found = place.read()
    return found is not None and found.beat >= beat
