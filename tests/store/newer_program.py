"""A newer version of the program, for tests of two versions at one desk.

It has a further migration with a column and a table, an event with a field of the ticket, a field of a known event and
of a record, and a type of records of its own. `python -m tests.store.newer_program ADDRESS REF` upgrades the desk and
writes with it, a round for each line that it reads, until there is none.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch
from uuid import uuid4

import msgspec
from alembic.config import Config
from sqlalchemy import Connection, text

from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.store import ledger, migrations, schema, ticket_projection
from supportdesk.store.ledger import NewEvent
from supportdesk.store.reference_data import ReferenceCache
from supportdesk.store.sqlite import file_checks
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.tickets import evolve as evolution
from supportdesk.tickets.documents import Person
from supportdesk.tickets.events import Event, Noted, Phrase
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.record_undone import RecordUndone
from supportdesk.tickets.records.events import PersonSaved, RecordEvent
from supportdesk.tickets.ticket import Ticket

EXPANDING = "0016_from_0011"
CONTRACTING = "0017_from_0016"
DIGEST = "ab" * 32

_EXPAND = """
import sqlalchemy as sa
from alembic import op

revision = "0016_from_0011"
down_revision = "0015_from_0011"
kind = "expands"


def upgrade():
    op.add_column("tickets", sa.Column("praises", sa.Integer(), nullable=True))
    op.create_table("praises", sa.Column("ref", sa.Text(), primary_key=True), sa.Column("words", sa.Text()))
"""
_CONTRACT = """
from alembic import op

revision = "0017_from_0016"
down_revision = "0016_from_0011"
kind = "contracts"


def upgrade():
    op.drop_table("praises")
"""


class Praised(Event, frozen=True, tag="praised"):
    """An event of a type that only the newer program knows."""

    words: str

    def phrase(self) -> Phrase:
        return Phrase("praised", (), self.words)


class NotedWithMood(Noted, frozen=True, tag="noted"):
    """A known event with a field that only the newer program knows."""

    mood: str = ""


class SkillSaved(RecordEvent, frozen=True, tag="skill saved"):
    """A record of a type that only the newer program knows."""

    key: str


class NewerPerson(Person, frozen=True):
    """A member of staff with a field that only the newer program knows."""

    pronoun: str = ""


class NewerTicket(Ticket, frozen=True):
    """A ticket with a field that only the newer program knows."""

    praises: int = 0


def _praised(ticket: NewerTicket, event: Praised, at: object, actor: str) -> Ticket:
    return msgspec.structs.replace(ticket, praises=ticket.praises + 1)


@contextmanager
def newer_program(*, contracts: bool = False) -> Iterator[None]:
    """Be the newer program within the block; `contracts` makes it the one after that."""
    revisions = (*schema.REVISIONS, EXPANDING, *((CONTRACTING,) if contracts else ()))
    configure = migrations.configuration
    with TemporaryDirectory(prefix="supportdesk-newer-") as folder, ExitStack() as stack:
        Path(folder, "0016.py").write_text(_EXPAND)
        if contracts:
            Path(folder, "0017.py").write_text(_CONTRACT)

        def configuration(connection: Connection | None = None) -> Config:
            config = configure(connection)
            places = (Path(migrations.__file__).parent / "versions", folder)
            config.set_main_option("version_locations", ":".join(map(str, places)))
            return config

        decoder = msgspec.json.Decoder(NewerTicket)
        for target, name, value in (
            (schema, "REVISIONS", revisions),
            (migrations, "configuration", configuration),
            (ticket_projection, "_state_decoder", lambda: decoder),
            (evolution, "Ticket", NewerTicket),
        ):
            stack.enter_context(patch.object(target, name, value))
        stack.enter_context(patch.dict(evolution._STEPS, {Praised: _praised, NotedWithMood: evolution._same}))
        # What is computed once for each program is computed again for the other one.
        stack.callback(file_checks._new_schema.cache_clear)
        file_checks._new_schema.cache_clear()
        yield


def write(
    desk: Desk, work: Callable[[UnitOfWork], object], ref: str | None = None, *, by: str = "ann"
) -> None:
    """Write with what a command of the newer program would do."""

    def run(connection: Connection) -> None:
        unit = UnitOfWork(connection, actor=by)
        unit.reference_data = ReferenceCache().refresh(connection)
        work(unit)
        unit.finish(uuid4().hex, DIGEST, ref)

    desk._checked.write(run)


def praise(desk: Desk, ref: str, *, by: str = "ann") -> None:
    """Praise a ticket: with an event, a field, a column and a row that only the newer program knows."""

    def work(unit: UnitOfWork) -> None:
        unit.lock([ref])
        unit.add_ticket_event(ref, Praised("well done"), desk.now())  # type: ignore[arg-type]

    write(desk, work, ref, by=by)
    desk._checked.write(lambda connection: _fill_in(connection, ref))


def _fill_in(connection: Connection, ref: str) -> None:
    row = {"ref": ref}
    connection.execute(text("UPDATE tickets SET praises = 1 WHERE ref = :ref"), row)
    if connection.execute(text("SELECT 1 FROM praises WHERE ref = :ref"), row).first() is None:
        connection.execute(text("INSERT INTO praises (ref, words) VALUES (:ref, 'well done')"), row)


def note_with_mood(desk: Desk, ref: str, said: str) -> None:
    """Add a note with a field that only the newer program knows; the ticket has nothing of it."""

    def work(unit: UnitOfWork) -> None:
        unit.lock([ref])
        unit.add_ticket_event(ref, NotedWithMood(said, mood="cheerful"), desk.now())

    write(desk, work, ref)


def save_person(desk: Desk, username: str) -> None:
    """Save a member of staff with a field that only the newer program knows."""
    found = desk.person(username)
    assert found is not None
    person = NewerPerson(**msgspec.structs.asdict(found), pronoun="she")
    write(desk, lambda unit: unit.add_record_event(PersonSaved(person), desk.now()))


def save_skill(desk: Desk, *, undo: bool = False) -> None:
    """Save a record of a type that only the newer program knows, and undo that."""

    def run(connection: Connection) -> None:
        for event in (SkillSaved("welding"), *((RecordUndone("skill", "welding", 1),) if undo else ())):
            head = ledger.lock_head(connection)
            command_id = uuid4().hex
            new = NewEvent(desk.now(), "skill", "ann", event, in_memory=True)
            after = ledger.append_events(connection, head, [new], command_id=command_id)
            connection.execute(
                text("INSERT INTO commands (id, digest, seq) VALUES (:id, :digest, :seq)"),
                {"id": command_id, "digest": DIGEST, "seq": after.seq},
            )

    desk._checked.write(run)


def main(address: str, ref: str) -> None:
    """Upgrade the desk, and write once for each line of the input."""
    with newer_program():
        Desk.create(address).close()
        with closing(Desk.open(address)) as desk:
            by = next(each.username for each in desk.roster().staff if each.active)
            print("ready", flush=True)
            for number, _ in enumerate(sys.stdin):
                praise(desk, ref, by=by)
                save_skill(desk)
                others = [row.ref for row in desk.queue().rows if row.ref != ref]
                for each in others:
                    outcome = desk.do(Note(each, f"newer {number}"), by=by)
                    assert isinstance(outcome, Applied), outcome
                print(f"written {number}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
