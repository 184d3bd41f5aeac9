"""A desk with a policy, staff, customers, releases and articles, and no ticket yet.

Ann and Sam are agents, Priya is on call, Sue supervises and administers; it is nine o'clock on a Monday.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection

from supportdesk.clock import Clock, FixedClock
from supportdesk.desk import SYSTEM, Desk
from supportdesk.desk_api import Applied
from supportdesk.store import ledger, tables
from supportdesk.store.backend import Database
from supportdesk.store.database import open_database
from supportdesk.store.postgres.database import PostgresDatabase
from supportdesk.store.sqlite.database import SqliteDatabase
from supportdesk.store.verification.verify import Verification, verify
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Person, Role
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.commands import (
    InstallPolicy,
    SaveArticle,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRelease,
    SaveRotation,
)
from supportdesk.tickets.refusal import Refusal
from tests import databases
from tests.postgres import PostgresServer, shared_server
from tests.tickets.scenario import MONDAY_NINE, RECORDS, claritum

REQUEST: dict[str, Any] = {
    "severity": "high",
    "channel": "phone",
    "organisation": "acme",
    "contact": "jo",
    "summary": "Export stops half-way",
}


def furnished(folder: Path) -> str:
    """The address of a furnished desk of one's own, in the folder or on the tests' server."""
    return databases.copy_of(furnish, folder / "desk.db")


def running_server() -> PostgresServer:
    """The tests' server, which is installed."""
    server = shared_server()
    assert server is not None
    return server


AS_BEFORE_0006 = (
    *(f"DROP TABLE {name}" for name in ("deliveries", "messages", "notices")),
    *(f"DROP TABLE {name}" for name in ("overrides", "swaps", "absences", "escalation_steps", "page_links")),
    *(f"DROP TABLE {name}" for name in ("handovers", "erased_events", "incoming_messages")),
    "DROP INDEX ix_ledger_sent",
    "DROP INDEX ix_ledger_wrote",
    "DROP INDEX ix_ledger_undelivered",
    "DROP INDEX ix_tickets_watch_due",
    "DROP INDEX ix_tickets_undelivered",
    "ALTER TABLE tickets DROP COLUMN watch_due",
    "ALTER TABLE tickets DROP COLUMN paged_since",
)
"""Statements that take away what the migrations from the sixth on made."""


def rewrite_as_before_0006(connection: Connection) -> None:
    """Writes the ledger again as a program without an outbox wrote it.

    Nobody on the staff has a field for addresses, and events do not include the digest of their command.
    """
    before = ledger.GENESIS
    for row in list(ledger.stream_rows(connection, ledger.select_rows_after(0))):
        row["previous"] = before
        row["payload"] = row["payload"].replace(',"addresses":[],"quiet_hours":null', "")
        row["payload_digest"] = ledger.compute_payload_digest(row["salt"], row["payload"])
        before = row["hash"] = ledger.compute_link_hash(row)
        connection.execute(tables.ledger.update().where(tables.ledger.c.seq == row["seq"]).values(row))
    connection.execute(tables.head.update().values(hash=before))


@contextmanager
def furnished_desk(folder: Path, clock: Clock | None = None) -> Iterator[Desk]:
    """A furnished desk of one's own, open."""
    desk = Desk.open(furnished(folder), clock or FixedClock(MONDAY_NINE))
    try:
        yield desk
    finally:
        desk.close()


def furnish(address: str) -> None:
    """Make a furnished desk at an address."""
    desk = Desk.create(address, FixedClock(MONDAY_NINE))
    commands: list[Command] = [
        InstallPolicy(claritum()),
        *(SavePerson(_with_powers(person)) for person in RECORDS.staff.values()),
        *(SaveOrganisation(organisation) for organisation in RECORDS.organisations.values()),
        *(SaveContact(contact) for contact in RECORDS.contacts.values()),
        *(SaveRelease(release) for release in RECORDS.releases.values()),
        *(SaveArticle(article) for article in RECORDS.articles.values()),
        *map(SaveRotation, RECORDS.rotations),
    ]
    for command in commands:
        done(desk, command, by=SYSTEM.key)
    desk.close()


def _with_powers(person: Person) -> Person:
    if person.username != "sue":
        return person
    return msgspec.structs.replace(person, roles=(Role.SUPERVISOR, Role.ADMINISTRATOR))


def done(desk: Desk, command: Command, *, by: str = "ann", command_id: str | None = None) -> Applied:
    """Carries out a command that must not be refused."""
    outcome = desk.do(command, by=by, command_id=command_id)
    assert isinstance(outcome, Applied), outcome
    return outcome


def refused(desk: Desk, command: Command, *, by: str = "ann", command_id: str | None = None) -> str:
    """The reason for refusing a command that must be refused, and must leave no trace."""
    before = desk.changes(0).seq
    outcome = desk.do(command, by=by, command_id=command_id)
    assert isinstance(outcome, Refusal), f"{command} was not refused"
    assert desk.changes(0).seq == before
    return outcome.reason


def logged(desk: Desk, *, by: str = "ann", **changes: Any) -> str:
    """The reference of a new ticket."""
    ref = done(desk, Log(**{**REQUEST, **changes}), by=by).ref
    assert ref is not None
    return ref


def database_of(desk: Desk) -> Database:
    """The database under a desk."""
    return desk._database


def address_of(desk: Desk) -> str:
    """The address at which others open the same desk."""
    database = database_of(desk)
    return str(database.path) if isinstance(database, SqliteDatabase) else uri_of(database)


def uri_of(database: Database) -> str:
    """The address of a database on the tests' server."""
    assert isinstance(database, PostgresDatabase)
    return database.uri


def sqlite_of(desk: Desk) -> SqliteDatabase:
    """The database under a desk, which is a SQLite file."""
    assert isinstance(desk._database, SqliteDatabase)
    return desk._database


def open_sqlite(address: str | Path) -> SqliteDatabase:
    """The database in a desk's file, opened as the program opens it."""
    database = open_database(str(address))
    assert isinstance(database, SqliteDatabase)
    return database


def verified(desk: Desk) -> Verification:
    """What `verify` finds."""
    return verify(database_of(desk))


def events(desk: Desk, ref: str) -> list[str]:
    """The tags of a ticket's events."""
    return [entry.event for entry in desk.ticket(ref).timeline]
