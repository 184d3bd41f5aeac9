"""A desk that is made in a PostgreSQL database is nobody's business until it has everything, and in nobody's way."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import SYSTEM, Desk
from supportdesk.store.database import create_with_records, open_database
from supportdesk.store.errors import AlreadyExistsError, DeskUnavailableError
from supportdesk.store.exchange import importer
from supportdesk.store.exchange.importer import BadExportError
from supportdesk.store.postgres import unfinished
from supportdesk.store.postgres.address import parse_uri
from supportdesk.store.postgres.database import PostgresDatabase
from supportdesk.store.verification.verify import verify
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.records.commands import InstallPolicy, SavePerson
from tests.databases import POSTGRES, use
from tests.forked import die, run_until_killed
from tests.pgbouncer import MISSING, pooler
from tests.postgres import PostgresServer, database_in
from tests.store.desks import done, running_server
from tests.store.exchanged import exported, imported
from tests.store.paged_desk import copy_paged_desk
from tests.tickets.scenario import MONDAY_NINE, RECORDS, claritum

pytestmark = pytest.mark.server


def import_and_die(address: str, export: bytes, step: str) -> None:
    """Import an export until a step."""
    for module in (importer, unfinished):
        if hasattr(module, step):
            setattr(module, step, die)
    importer.import_lines(io.BytesIO(export), address)


STEPS = ("fill_desk", "verify_closed", "open_head", "move_into_place", "remove")
"""Where an import is killed; `remove` is in the transaction that moves the desk into its place."""

OFTEN = ("fill_desk", "remove")
"""What is tried in every run of the tests."""


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with use(POSTGRES):
        yield running_server()


@pytest.fixture
def address(server: PostgresServer) -> Iterator[str]:
    name = server.make_database()
    yield server.address(name)
    server.drop_database(name)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    with closing(open_database(str(copy_paged_desk(tmp_path_factory.mktemp("export"))))) as desk:
        return exported(desk)


def schemas(server: PostgresServer, address: str) -> list[str]:
    """What is beside the server's own schemas, and the one in which a desk is."""
    with server.connect(database_in(address)) as connection:
        found = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$|^public$'"
        )
        return [name for (name,) in found]


def require_no_desk(address: str) -> None:
    with pytest.raises(DeskUnavailableError, match=r"has no desk: .*run `supportdesk init`"):
        open_database(address)


def require_intact(address: str) -> None:
    with closing(open_database(address)) as desk:
        assert verify(desk).is_intact
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        done(desk, Note("CD-4C00-W", "it goes on here"))


@pytest.mark.parametrize(
    "step", [pytest.param(each, marks=[] if each in OFTEN else [pytest.mark.long]) for each in STEPS]
)
def test_an_import_that_was_killed_leaves_no_desk_and_can_be_repeated(
    server: PostgresServer, address: str, export: bytes, step: str
) -> None:
    run_until_killed(import_and_die, address, export, step)
    require_no_desk(address)
    assert len(schemas(server, address)) == 1
    assert imported(export, address).is_intact
    assert schemas(server, address) == []
    require_intact(address)


def test_what_is_no_desk_leaves_nothing_and_takes_nothing_away(
    server: PostgresServer, address: str, export: bytes
) -> None:
    with server.connect(database_in(address)) as connection:
        connection.execute("CREATE TABLE invoices (number integer)")
        connection.execute("INSERT INTO invoices VALUES (7)")
        cut = export[: len(export) // 2].rpartition(b"\n")[0] + b"\n"
        with pytest.raises(BadExportError):
            imported(cut, address)
        require_no_desk(address)
        assert schemas(server, address) == []
        assert connection.execute("SELECT number FROM invoices").fetchall() == [(7,)]
        connection.execute("DROP TABLE invoices")
    imported(export, address)
    require_intact(address)


def test_a_desk_that_is_being_made_is_seen_by_nobody_and_removed_by_nobody(
    server: PostgresServer, address: str, export: bytes
) -> None:
    def look(temporary: str) -> None:
        require_no_desk(address)
        with closing(PostgresDatabase(parse_uri(address))) as database:
            unfinished.remove_leftovers(database)
        with closing(open_database(temporary)) as desk:
            assert not verify(desk).mismatches
        imported(export, address)

    with pytest.raises(AlreadyExistsError, match="has a desk already"):
        create_with_records(address, look)
    assert schemas(server, address) == []
    require_intact(address)


def test_a_new_desk_with_its_first_records_is_made_whole(server: PostgresServer, address: str) -> None:
    records = (InstallPolicy(claritum()), SavePerson(RECORDS.staff["sue"]))
    Desk.create_with_records(address, records, FixedClock(MONDAY_NINE))
    assert schemas(server, address) == []
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        assert desk.person("sue") is not None
        done(desk, SavePerson(RECORDS.staff["ann"]), by=SYSTEM.key)
    with closing(open_database(address)) as database:
        assert verify(database).is_intact
    with pytest.raises(AlreadyExistsError):
        Desk.create_with_records(address, records, FixedClock(MONDAY_NINE))


def test_options_of_the_address_hold_for_an_unfinished_desk(address: str) -> None:
    given = f"{address}?options=-cstatement_timeout%3D77s"

    def look(temporary: str) -> None:
        with closing(open_database(temporary)) as desk:
            assert desk.read(lambda each: each.exec_driver_sql("SHOW statement_timeout").scalar()) == "77s"

    create_with_records(given, look)


def test_who_may_create_no_schema_is_told_what_to_do(server: PostgresServer, address: str) -> None:
    name = database_in(address)
    with server.connect(name) as connection:
        connection.execute("DROP ROLE IF EXISTS newcomer")
        connection.execute("CREATE ROLE newcomer LOGIN")
        connection.execute("GRANT CREATE ON SCHEMA public TO newcomer")
    with pytest.raises(DeskUnavailableError, match=f'run GRANT CREATE ON DATABASE "{name}" TO "newcomer"'):
        create_with_records(server.address(name, "newcomer"), lambda temporary: None)
    with server.connect(name) as connection:
        connection.execute("DROP OWNED BY newcomer")
        connection.execute("DROP ROLE newcomer")


@pytest.mark.skipif(MISSING, reason="PgBouncer is not installed: apt-get install pgbouncer")
def test_no_desk_is_made_through_a_pooler_whose_sessions_lead_anywhere(
    server: PostgresServer, address: str
) -> None:
    with pooler(server, "transaction", ignore_startup_parameters="extra_float_digits,options") as port:
        through = address.replace(f":{server.port}/", f":{port}/")
        with pytest.raises(
            DeskUnavailableError, match="give the address of the server itself for this command"
        ):
            create_with_records(through, lambda temporary: None)
    require_no_desk(address)
    assert schemas(server, address) == []
