"""On a server with logins of their own, nobody can do what their role does not allow, whatever they write with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, get_args

import psycopg
import pytest

from supportdesk.desk import Desk
from supportdesk.store import ledger, payloads
from supportdesk.store.closure import move_away, reopen
from supportdesk.store.database import open_database
from supportdesk.store.errors import ForbiddenError
from supportdesk.store.postgres.database import PostgresDatabase
from supportdesk.store.postgres.roles import list_grants
from supportdesk.tickets.actors import SYSTEM
from supportdesk.tickets.documents import Organisation, Person, Role
from supportdesk.tickets.events import CustomerWrote, TicketEvent
from supportdesk.tickets.records.events import AnyRecordEvent, OrganisationSaved, PersonSaved
from tests.databases import POSTGRES, use
from tests.postgres import PostgresServer
from tests.proxy import Proxy
from tests.store.desk_with_logins import EVERYBODY, LOGINS, desk_with_logins, name_of
from tests.store.desks import database_of, logged, running_server, uri_of, verified
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.server

GUARD = "SD001"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with use(POSTGRES):
        yield running_server()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk whose staff have logins; opened by the owner of its tables."""
    with use(POSTGRES), desk_with_logins(tmp_path_factory.mktemp("roles")) as desk:
        yield desk


Raw = Callable[..., Any]


@pytest.fixture
def raw(server: PostgresServer, desk: Desk) -> Raw:
    """Carries out a statement over a connection of one's own; the SQLSTATE where the server refuses it, else ''."""

    def attempt(login: str, statement: str, parameters: object = ()) -> str:
        with server.connect(name_of(desk), login) as connection:
            connection.autocommit = False
            try:
                connection.execute(statement, parameters)  # type: ignore[call-overload]
            except psycopg.Error as error:
                return error.sqlstate or "?"
            finally:
                connection.rollback()
        return ""

    return attempt


@pytest.mark.parametrize("login", EVERYBODY)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET actor = actor",
        "DELETE FROM ledger",
        "TRUNCATE ledger",
        "TRUNCATE ledger, head, tickets CASCADE",
        "UPDATE commands SET digest = digest",
        "DELETE FROM commands",
        "UPDATE attachments SET content = ''",
        "DELETE FROM attachments",
        "DELETE FROM head",
        "DELETE FROM tickets",
        "DELETE FROM messages",
        "DELETE FROM deliveries",
        "ALTER TABLE ledger DISABLE TRIGGER ALL",
        "DROP TRIGGER supportdesk_guard_event ON ledger",
        "DROP TABLE ledger",
        "CREATE OR REPLACE FUNCTION supportdesk_is(wanted text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "UPDATE alembic_version SET version_num = version_num",
        "CREATE TABLE notes (id integer)",
        "SET session_replication_role = replica",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
    ],
)
def test_nobody_can_change_what_was_written_or_who_guards_it(raw: Raw, login: str, statement: str) -> None:
    assert raw(login, statement) in {"42501", "22023"}


RESERVED = {
    "staff": {"adam"},
    "policies": {"adam"},
    "rotations": {"sue", "adam"},
    "changed_days": {"sue", "adam"},
    "releases": {"priya", "sue", "adam"},
    "escalation_steps": set(),
    "heartbeat": {"desk_watcher"},
}


@pytest.mark.parametrize("login", EVERYBODY)
@pytest.mark.parametrize("table", RESERVED)
def test_records_that_some_may_change_are_closed_to_all_others(raw: Raw, login: str, table: str) -> None:
    column = {"escalation_steps": "reason", "heartbeat": "document"}.get(table, "document")
    refused = raw(login, f"UPDATE {table} SET {column} = {column}") == "42501"
    assert refused is (login not in RESERVED[table])


@pytest.mark.parametrize("login", EVERYBODY)
@pytest.mark.parametrize("actor", ["sue", "adam", "system", "watcher", "intake", "contact acme.jo", "nobody"])
def test_nobody_writes_in_the_name_of_somebody_else(desk: Desk, raw: Raw, login: str, actor: str) -> None:
    wrote = CustomerWrote("acme.jo", "Jo Park", "Any news?")
    is_contact = actor.startswith("contact ")
    row = event_row(desk, actor, wrote if is_contact else OrganisationSaved(Organisation("acme", "Acme Ltd")))
    may = {
        "desk_watcher": {"watcher"},
        "desk_intake": {"intake", "contact acme.jo"},
        "desk_portal": {"contact acme.jo"},
    }.get(login, {login})
    assert raw(login, *insertion(row)) == ("" if actor in may else GUARD)


INTAKE_ALONE = {
    *("logged", "organisation kept", "contact kept", "message accounted"),
    *("voicemail transcribed", "mail undelivered"),
}


@pytest.mark.parametrize(
    ("login", "actor", "more"),
    [
        ("desk_intake", "intake", INTAKE_ALONE),
        ("desk_intake", "contact jo", set[str]()),
        ("desk_portal", "contact jo", set[str]()),
    ],
)
def test_in_the_names_of_the_intake_and_of_contacts_only_what_they_do_is_written(
    desk: Desk, raw: Raw, login: str, actor: str, more: set[str]
) -> None:
    row = event_row(desk, actor, CustomerWrote("jo", "Jo Park", "Any news?"))
    tags = {str(each.__struct_config__.tag) for each in (*get_args(TicketEvent), *get_args(AnyRecordEvent))}
    accepted = {tag for tag in {*tags, *INTAKE_ALONE} if not raw(login, *insertion({**row, "event": tag}))}
    assert accepted == {"customer wrote", "text cut", *more}


def event_row(desk: Desk, actor: str, event: AnyRecordEvent | TicketEvent) -> dict[str, Any]:
    """The next row of the ledger with an event, its hashes right."""
    head = database_of(desk).read(ledger.read_head)
    payload, salt = payloads.encode(event), "00"
    row: dict[str, Any] = {
        "seq": head.seq + 1,
        "at": 1_800_000_000,
        "subject": "organisation",
        "ref": None,
        "version": None,
        "actor": actor,
        "event": str(event.__struct_config__.tag),
        "payload": payload,
        "salt": salt,
        "payload_digest": ledger.compute_payload_digest(salt, payload),
        "previous": head.hash,
        "command_id": "forged",
    }
    row["hash"] = ledger.compute_link_hash(row)
    return row


def insertion(row: dict[str, Any]) -> tuple[str, list[Any]]:
    return (
        f"INSERT INTO ledger ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})",
        [*row.values()],
    )


@pytest.mark.parametrize("login", ["ann", "priya", "sue", "alastair"])
def test_an_event_that_is_reserved_is_refused_even_without_its_record(
    desk: Desk, raw: Raw, login: str
) -> None:
    row = event_row(desk, login, PersonSaved(Person(login, "Me", "user-support", (Role.ADMINISTRATOR,))))
    assert raw(login, *insertion(row)) == GUARD


def test_an_event_that_does_not_follow_the_last_one_is_refused(desk: Desk, raw: Raw) -> None:
    row = event_row(desk, "ann", OrganisationSaved(Organisation("acme", "Acme Ltd")))
    assert raw("ann", *insertion({**row, "seq": row["seq"] + 1})) == GUARD
    assert raw("ann", *insertion({**row, "previous": "0" * 64})) == GUARD


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE head SET seq = seq - 1",
        "UPDATE head SET hash = repeat('0', 64)",
        "UPDATE head SET next_ticket = 0",
        "UPDATE tickets SET owner = 'ann', version = version + 1",
        "UPDATE tickets SET owner = 'ann'",
        "UPDATE tickets SET severity = 'low'",
        "UPDATE tickets SET state = '{}'",
        "INSERT INTO tickets SELECT * FROM tickets",
    ],
)
def test_a_ticket_and_the_head_change_with_an_event_only(desk: Desk, raw: Raw, statement: str) -> None:
    logged(desk)
    assert raw("ann", statement) == GUARD


def test_a_table_of_the_same_name_does_not_deceive_the_guards(server: PostgresServer, desk: Desk) -> None:
    row = event_row(desk, "ann", PersonSaved(Person("ann", "Ann", "user-support", (Role.ADMINISTRATOR,))))
    with server.connect(name_of(desk), "ann") as connection:
        connection.execute(
            "CREATE TEMP TABLE pg_roles AS SELECT 'supportdesk_administrator'::name rolname, 10::oid oid"
        )
        connection.execute("CREATE TEMP TABLE ledger (LIKE public.ledger)")
        statement, values = insertion(row)
        with pytest.raises(psycopg.Error) as raised:
            connection.execute(statement.replace("INTO ledger", "INTO public.ledger").encode(), values)
    assert raised.value.sqlstate == GUARD


@pytest.mark.parametrize("login", LOGINS)
def test_a_desk_that_has_moved_is_opened_with_an_event_by_an_administrator_only(
    desk: Desk, raw: Raw, login: str
) -> None:
    database = database_of(desk)
    database.write(lambda each: move_away(each, ledger.lock_head(each), "elsewhere", MONDAY_NINE))
    assert raw(login, "UPDATE head SET records_seq = -1 - records_seq") == GUARD
    with closing(open_database(uri_of(database).replace("//postgres@", f"//{login}@"))) as own:
        if login != "adam":
            with pytest.raises(ForbiddenError, match="that needs the role administrator"):
                own.write(lambda each: reopen(each, "elsewhere", login, MONDAY_NINE))
            database.write(lambda each: reopen(each, "elsewhere", SYSTEM.key, MONDAY_NINE))
        else:
            own.write(lambda each: reopen(each, "elsewhere", login, MONDAY_NINE))
    logged(desk)
    assert verified(desk).is_intact


def test_who_has_left_cannot_log_in_and_a_lost_role_is_taken_away(server: PostgresServer, desk: Desk) -> None:
    staff = [
        Person("leaver", "Lee Ver", "user-support", (Role.AGENT,), active=False),
        Person("adam", "Adam", "user-support", (Role.AGENT,)),
    ]
    database_of(desk).apply_grants(staff)
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        server.connect(name_of(desk), "leaver")
    with server.connect(name_of(desk), "adam") as connection:
        found = connection.execute(
            "SELECT supportdesk_is('administrator'), supportdesk_is('agent')"
        ).fetchone()
    assert found == (False, True)
    database_of(desk).apply_grants(desk.roster().staff)


@pytest.mark.parametrize("broken_off", [b"current_database()", b"GRANT CONNECT", b"GRANT USAGE"])
def test_a_server_that_breaks_it_off_is_asked_for_the_roles_again(
    server: PostgresServer, desk: Desk, broken_off: bytes
) -> None:
    with closing(Proxy(server.port)) as proxy:
        uri = f"postgresql://postgres@127.0.0.1:{proxy.port}/{name_of(desk)}"
        with closing(PostgresDatabase(uri)) as database:
            proxy.refuse = broken_off
            database.apply_grants([Person("newcomer", "New Comer", "user-support", (Role.AGENT,))])
            assert not proxy.refuse, "nothing was broken off"
    server.connect(name_of(desk), "newcomer").close()


def test_a_username_that_is_sql_is_a_name_like_any_other(desk: Desk, server: PostgresServer) -> None:
    poisoned = Person('o"; DROP TABLE head; -- 100 %s', "Bobby", "user-support", (Role.AGENT,))
    database_of(desk).apply_grants([poisoned])
    with server.connect(name_of(desk)) as connection:
        found = connection.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [poisoned.username])
        assert found.fetchone() == (1,)
    assert len(list_grants("desk", "public", [poisoned])) == len(list_grants("desk", "public", [])) + 4


@pytest.mark.parametrize("login", EVERYBODY)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE erased_events SET digest = 'x'", "INSERT INTO erased_events VALUES (1, 1, 'x', 'x')"],
)
def test_nobody_but_the_owner_attests_an_erasure(raw: Raw, login: str, statement: str) -> None:
    assert raw(login, statement) == "42501"
