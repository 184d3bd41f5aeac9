"""Many at one desk: a ticket has one owner, nothing that was acknowledged is lost, and every screen sees all of it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from statistics import quantiles

import pytest

from supportdesk.desk import Desk
from supportdesk.desk_api import Executor
from supportdesk.store import ledger
from supportdesk.store.database import open_database
from supportdesk.tickets.process.triage import Log
from tests.faults.crowd import Console, claim_together, work_at_consoles
from tests.store.desks import REQUEST, address_of, furnished_desk, verified
from tests.tickets.scenario import RECORDS


def log_tickets(desk: Desk, count: int) -> list[str]:
    """Log so many tickets; their references."""

    def log(doing: Executor) -> None:
        for number in range(count):
            doing(Log(**REQUEST), by="ann", command_id=f"log-{number}")

    desk.transaction(log)
    return [row.ref for row in desk.queue().rows]


@pytest.mark.parametrize("tickets", [10, pytest.param(1_000, marks=pytest.mark.long)])
def test_of_two_who_claim_a_ticket_at_the_same_moment_one_has_it_and_the_other_learns_who(
    tmp_path: Path, database_kind: str, tickets: int
) -> None:
    people = ["ann", "sam"]
    with furnished_desk(tmp_path) as desk:
        refs = log_tickets(desk, tickets)
        refused = claim_together(address_of(desk), people, refs)
        for ref, reasons in zip(refs, zip(*refused, strict=True), strict=True):
            (winner,) = (person for person, reason in zip(people, reasons, strict=True) if not reason)
            assert desk.ticket(ref).ticket.owner == winner
            assert f"{RECORDS.staff[winner].name} claimed it" in "".join(reasons)
        assert verified(desk).is_intact


@pytest.mark.long
def test_fifty_consoles_for_a_minute_lose_nothing_and_see_everything_in_order(
    tmp_path: Path, database_kind: str
) -> None:
    consoles, seconds = 50, 60
    with furnished_desk(tmp_path) as desk:
        refs = log_tickets(desk, consoles)
        before = desk.queue().seq
        shifts = work_at_consoles([Console(address_of(desk), "ann", ref, seconds) for ref in refs])
        with closing(open_database(address_of(desk))) as database:
            written = database.read(
                lambda connection: {
                    each.seq: each.command_id for each in ledger.read_events(connection, after=before)
                }
            )
        acknowledged = {seq: command for shift in shifts for command, seq in shift.commands.items()}
        assert acknowledged.items() <= written.items(), "what was acknowledged is in the ledger"
        assert set(written.values()) == set(acknowledged.values()), "and nothing else is"
        assert len(acknowledged) == consoles * seconds
        assert list(written) == list(range(before + 1, before + 1 + len(written))), "in order"
        for shift in shifts:
            assert shift.seen == sorted(shift.seen)
            assert shift.seen[-1] == desk.queue().seq, "each screen saw the last of it"
        assert verified(desk).is_intact
    claims = quantiles([seconds for shift in shifts for seconds in shift.claims], n=100)
    print(f"claims on {database_kind}: p50 {claims[49] * 1000:.0f} ms, p99 {claims[98] * 1000:.0f} ms")
