"""On a server with logins of their own, nobody can do what their role does not allow, whatever they write with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.store import ledger, payloads
from supportdesk.store.closure import move_away, reopen
from supportdesk.store.database import open_database
from supportdesk.store.errors import DeskUnavailableError, ForbiddenError
from supportdesk.store.postgres.roles import SERVICES, group_of, list_grants
from supportdesk.tickets.actors import SYSTEM, WATCHER
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Contact, Organisation, Person, Role
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.importing import ImportRequest, ImportState
from supportdesk.tickets.process.severity import WRONG_AT_TRIAGE, ChangeSeverity
from supportdesk.tickets.records.commands import (
    EraseContact,
    InstallPolicy,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRotation,
)
from supportdesk.tickets.records.events import AnyRecordEvent, OrganisationSaved, PersonSaved
from supportdesk.tickets.refusal import Refusal
from tests.databases import POSTGRES, SQLITE, use
from tests.postgres import PostgresServer, database_in
from tests.store.desks import database_of, done, furnished_desk, logged, running_server, uri_of, verified
from tests.tickets.scenario import MONDAY_NINE, RECORDS, claritum

LOGINS = {
    "ann": (Role.AGENT,),
    "sam": (Role.AGENT,),
    "priya": (Role.ENGINEER,),
    "sue": (Role.SUPERVISOR,),
    "alastair": (Role.ACCOUNT_MANAGER,),
    "adam": (Role.ADMINISTRATOR,),
}
"""A login for each role; `desk_watcher`, `desk_intake` and `desk_portal` belong to the services."""
EVERYBODY = [*LOGINS, *(f"desk_{each}" for each in SERVICES)]

GUARD = "SD001"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with use(POSTGRES):
        yield running_server()


@pytest.fixture(scope="module")
def desk(server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk whose staff have logins; opened by the owner of its tables."""
    with furnished_desk(tmp_path_factory.mktemp("roles")) as desk:
        # The administrator first: a desk is never without one.
        for username, roles in reversed(LOGINS.items()):
            person = desk.person(username) or Person(username, username.title(), "user-support", roles)
            done(desk, SavePerson(msgspec.structs.replace(person, roles=roles)), by=SYSTEM.key)
        database_of(desk).apply_grants(desk.roster().staff)
        with server.connect(name_of(desk)) as connection:
            for service in SERVICES:
                connection.execute(f"DROP ROLE IF EXISTS desk_{service}")
                connection.execute(f"CREATE ROLE desk_{service} LOGIN")
                connection.execute(f"GRANT {group_of(service)} TO desk_{service}")
        yield desk


def name_of(desk: Desk) -> str:
    return database_in(uri_of(database_of(desk)))


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


def opened_by(desk: Desk, login: str) -> Desk:
    uri = uri_of(database_of(desk)).replace("//postgres@", f"//{login}@")
    return Desk.open(uri, FixedClock(MONDAY_NINE))


def attempt(desk: Desk, login: str, command: Command, by: str | None = None) -> str:
    """The reason why a command is refused to a login; empty where it is carried out."""
    with closing(opened_by(desk, login)) as own:
        outcome = own.do(command, by=by or login)
    return outcome.reason if isinstance(outcome, Refusal) else ""


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
    row = event_row(desk, actor, OrganisationSaved(Organisation("acme", "Acme Ltd")))
    may = {
        "desk_watcher": {"watcher"},
        "desk_intake": {"intake", "contact acme.jo"},
        "desk_portal": {"contact acme.jo"},
    }.get(login, {login})
    assert raw(login, *insertion(row)) == ("" if actor in may else GUARD)


def event_row(desk: Desk, actor: str, event: AnyRecordEvent) -> dict[str, Any]:
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


def test_a_ticket_is_taken_from_its_owner_by_a_supervisor_only(desk: Desk) -> None:
    ref = logged(desk)
    assert attempt(desk, "sam", Claim(ref)) == ""
    for login in ("ann", "priya", "adam"):
        assert attempt(desk, login, Assign(ref, "ann"))
        assert attempt(desk, login, HandBack(ref, "they are away"))
    assert attempt(desk, "sue", Assign(ref, "ann")) == ""
    assert verified(desk).is_intact


def test_the_states_of_another_systems_ticket_are_imported_whoever_owns_it(desk: Desk) -> None:
    ours = logged(desk)
    assert attempt(desk, "sam", Claim(ours)) == ""
    request = ImportRequest(
        "elsewhere:1", MONDAY_NINE, MONDAY_NINE, "high", "phone", "acme", "jo", "user-support", "It is slow"
    )
    imported = done(desk, request, by="sue").ref
    assert imported is not None

    def state(ref: str, severity: str, owner: str) -> ImportState:
        return ImportState(ref, MONDAY_NINE, severity, "resolution", "user-support", owner)

    for login, owner, severity in (("sue", "sam", "high"), ("adam", "ann", "medium"), ("sue", "sam", "high")):
        assert attempt(desk, login, state(imported, severity, owner)) == ""
        assert desk.ticket(imported).ticket.owner == owner
    assert "may do this" in attempt(desk, "priya", state(imported, "high", "priya"))
    assert "or a supervisor (" in attempt(desk, "adam", Assign(imported, "ann"))
    assert "was logged here" in attempt(desk, "adam", state(ours, "high", "adam"))
    assert verified(desk).is_intact


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


def test_the_database_refuses_what_a_changed_program_would_allow(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules are taken out of the program; those of the database stay."""
    ref, late = logged(desk), logged(desk, severity="critical", channel="hotline")
    assert attempt(desk, "sam", Claim(ref)) == ""
    everything = lambda *_: None  # noqa: E731
    monkeypatch.setattr("supportdesk.tickets.permissions._refuse", everything)
    monkeypatch.setattr("supportdesk.tickets.process.assignment._refuse_reassigning", everything)
    monkeypatch.setattr("supportdesk.tickets.process.severity.is_supervisor", lambda actor: True)
    assert "only a supervisor can take it away" in attempt(desk, "ann", Assign(ref, "ann"))
    assert "permission denied for table staff" in attempt(
        desk, "ann", SavePerson(Person("ann", "Ann Lee", "user-support", (Role.ADMINISTRATOR,)))
    )
    assert "permission denied for table policies" in attempt(
        desk, "sue", InstallPolicy(msgspec.structs.replace(claritum(), version="9"))
    )
    assert "permission denied for table rotations" in attempt(
        desk, "priya", SaveRotation(RECORDS.rotations[0])
    )
    assert "cannot write in the name of sue" in attempt(desk, "ann", Note(ref, "hello"), by="sue")
    assert "cannot write in the name of watcher" in attempt(desk, "ann", Note(ref, "hello"), by=WATCHER.key)
    with closing(
        Desk.open(
            uri_of(database_of(desk)).replace("//postgres@", "//ann@"),
            FixedClock(MONDAY_NINE.replace(hour=17)),
        )
    ) as own:
        lower = ChangeSeverity(late, "medium", because=WRONG_AT_TRIAGE, reason="it is one user")
        outcome = own.do(lower, by="ann")
    assert isinstance(outcome, Refusal)
    assert "only a supervisor can lower it now" in outcome.reason
    assert verified(desk).is_intact


def test_each_role_does_its_work_with_its_own_login(desk: Desk) -> None:
    ref = logged(desk)
    assert attempt(desk, "ann", Claim(ref)) == ""
    assert attempt(desk, "ann", Note(ref, "the usual thing")) == ""
    assert attempt(desk, "priya", Note(ref, "looking")) == ""
    assert attempt(desk, "ann", SaveOrganisation(Organisation("bravo", "Bravo Ltd"))) == ""
    assert attempt(desk, "sue", SaveRotation(RECORDS.rotations[0])) == ""
    newcomer = Person("eve", "Eve Hart", "user-support", (Role.AGENT,))
    assert attempt(desk, "adam", SavePerson(newcomer)) == ""
    with closing(opened_by(desk, "ann")) as own:
        assert isinstance(own.do(Note(ref, "again"), by="ann", command_id="twice"), Applied)
        again = own.do(Note(ref, "again"), by="ann", command_id="twice")
        assert isinstance(again, Applied)
        assert again.repeated
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


def test_a_username_that_is_sql_is_a_name_like_any_other(desk: Desk, server: PostgresServer) -> None:
    poisoned = Person('o"; DROP TABLE head; --', "Bobby", "user-support", (Role.AGENT,))
    database_of(desk).apply_grants([poisoned])
    with server.connect(name_of(desk)) as connection:
        found = connection.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [poisoned.username])
        assert found.fetchone() == (1,)
    assert len(list_grants("desk", "public", [poisoned])) == len(list_grants("desk", "public", [])) + 4


def test_a_login_without_the_watchers_role_does_not_watch(desk: Desk) -> None:
    for login, may in (("ann", False), ("desk_watcher", True)):
        with closing(opened_by(desk, login)) as own:
            assert own._database.heartbeat().is_writable() is may


def test_a_file_has_no_logins(tmp_path: Path) -> None:
    with (
        use(SQLITE),
        furnished_desk(tmp_path) as own,
        pytest.raises(DeskUnavailableError, match="knows no logins"),
    ):
        database_of(own).apply_grants([])


@pytest.mark.parametrize("login", LOGINS)
def test_who_is_to_erase_is_said_beforehand_and_the_owner_can(desk: Desk, login: str) -> None:
    key = f"acme.{login}-to-erase"
    done(desk, SaveContact(Contact(key, "acme", "Zoe Zack"), new=True), by="sue")
    with closing(opened_by(desk, login)) as own:
        preview = own.preview_erasure(key, by=login)
    told = attempt(desk, login, EraseContact(key))
    assert isinstance(preview, Refusal)
    assert preview.reason == told
    if login in ("sue", "adam"):
        assert "an erasure changes the ledger, which only 'postgres' can, who owns the tables" in told
        assert f"`supportdesk --as {login} erase {key}`" in told
    else:
        assert "only an administrator or a supervisor" in told
    done(desk, EraseContact(key), by="sue")
    with closing(opened_by(desk, login)) as own, pytest.raises(DeskUnavailableError, match="erase --finish"):
        own.remove_traces()
    desk.remove_traces()
    assert verified(desk).findings == ()


@pytest.mark.parametrize("login", EVERYBODY)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE erased_events SET digest = 'x'", "INSERT INTO erased_events VALUES (1, 1, 'x', 'x')"],
)
def test_nobody_but_the_owner_attests_an_erasure(raw: Raw, login: str, statement: str) -> None:
    assert raw(login, statement) == "42501"
