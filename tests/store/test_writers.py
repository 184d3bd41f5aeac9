"""Many write at once: nothing that was acknowledged is lost, nothing is written twice, and readers miss nothing."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied, Outcome
from supportdesk.store import ledger
from supportdesk.store.backend import Database
from supportdesk.store.database import open_database
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.refusal import Refusal
from tests.store.desks import address_of, furnished_desk, logged, verified
from tests.store.writers import acknowledged, go, hear, writers
from tests.tickets.scenario import MONDAY_NINE, RECORDS

pytestmark = pytest.mark.usefixtures("database_kind")

PROCESSES, COMMANDS = 5, 20


def written(database: Database, after: int) -> dict[int, str]:
    """The ids of the commands on the ledger behind an event number, by number."""
    return database.read(
        lambda connection: {
            entry.seq: entry.command_id for entry in ledger.read_events(connection, after=after)
        }
    )


def test_a_reader_of_what_is_new_misses_nothing_that_many_write_at_once(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        for _ in range(3):
            logged(desk)
        before = last = desk.queue().seq
        database = open_database(address_of(desk))
        seen: dict[int, str] = {}
        with writers(address_of(desk), PROCESSES, COMMANDS) as busy:
            for writer in busy:
                go(writer)
            while len(seen) < PROCESSES * COMMANDS and any(writer.poll() is None for writer in busy):
                new = written(database, last)
                assert list(new) == list(range(last + 1, last + 1 + len(new))), "a number came late"
                seen |= new
                last += len(new)
            heard = [acknowledged(writer) for writer in busy]
        seen |= written(database, last)
        database.close()
        assert [len(each) for each in heard] == [COMMANDS] * PROCESSES
        assert {seq: command for each in heard for command, seq in each.items()} == seen
        assert sorted(seen) == list(range(before + 1, before + 1 + PROCESSES * COMMANDS))
        versions = [desk.ticket(row.ref).ticket.version for row in desk.queue().rows]
        assert sum(versions) == len(versions) + len(seen)
        assert verified(desk).is_intact


@pytest.mark.parametrize("heard_of", [1, 7, 23])
def test_what_was_acknowledged_outlives_the_sudden_death_of_its_writer(tmp_path: Path, heard_of: int) -> None:
    with furnished_desk(tmp_path) as desk:
        logged(desk)
        address = address_of(desk)
        with writers(address, 2, 10_000) as (victim, witness):
            go(victim)
            go(witness)
            heard = dict(_acknowledgement(hear(victim)) for _ in range(heard_of))
            os.kill(victim.pid, signal.SIGKILL)
            heard |= acknowledged(victim)
            assert victim.wait() == -signal.SIGKILL
            survived = [_acknowledgement(hear(witness)) for _ in range(10)]
            witness.kill()
        assert len(survived) == 10, "the others go on"
        database = open_database(address)
        on_ledger = {command: seq for seq, command in written(database, 0).items()}
        database.close()
        assert heard.items() <= on_ledger.items()
        assert sum(command.startswith("writer-0") for command in on_ledger) <= len(heard) + 1
        assert verified(desk).is_intact

        unanswered = f"writer-0-{len(heard)}"
        ref = desk.queue().rows[0].ref
        again = desk.do(Note(ref, unanswered), by="ann", command_id=unanswered)
        assert isinstance(again, Applied)
        assert again.seq == on_ledger.get(unanswered, desk.queue().seq)


def _acknowledgement(words: list[str]) -> tuple[str, int]:
    return words[0], int(words[1])


def test_of_those_who_claim_a_ticket_at_once_one_has_it_and_the_others_learn_who(tmp_path: Path) -> None:
    names = sorted(RECORDS.staff)
    with furnished_desk(tmp_path) as desk:
        refs = [logged(desk) for _ in range(4)]
        desks = {name: Desk.open(address_of(desk), FixedClock(MONDAY_NINE)) for name in names}
        for ref in refs:
            start = Barrier(len(names))

            def claim(name: str, ref: str = ref, start: Barrier = start) -> Outcome:
                start.wait()
                return desks[name].do(Claim(ref), by=name)

            with ThreadPoolExecutor(len(names)) as pool:
                outcomes = list(pool.map(claim, names))
            owner = desk.ticket(ref).ticket.owner
            assert owner is not None
            assert [
                name for name, outcome in zip(names, outcomes, strict=True) if isinstance(outcome, Applied)
            ] == [owner]
            told = {outcome.reason for outcome in outcomes if isinstance(outcome, Refusal)}
            assert all(f"{RECORDS.staff[owner].name} claimed it" in reason for reason in told)
        for each in desks.values():
            each.close()


def test_one_id_sent_by_many_at_once_is_carried_out_once(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        with ThreadPoolExecutor(8) as pool:
            outcomes = list(
                pool.map(lambda _: desk.do(Note(ref, "hello"), by="ann", command_id="once"), range(8))
            )
        assert len(set(outcomes)) == 1
        assert [entry.event for entry in desk.ticket(ref).timeline] == ["logged", "noted"]
