"""Who may do what in a desk's database: a group role for each role of the staff and each service, and a login for each
person.

The guards of the tables (`migrations/server_guard.py`) look at these roles. What is granted here is what they need.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from psycopg import sql
from sqlalchemy import Connection, text

from supportdesk.tickets.documents import Person, Role

PREFIX = "supportdesk_"
STAFF = tuple(Role)
SERVICES = ("watcher", "intake", "portal")

_APPEND_ONLY = ("ledger", "commands", "attachments")
_BY_EVERY_COMMAND = ("messages", "deliveries", "tickets", "ticket_words")
_RECORDS_OF_ALL = (
    *("organisations", "contacts", "contact_words", "articles", "article_words"),
    *("overrides", "swaps", "absences", "handovers", "notices"),
)
_RESERVED: dict[str, tuple[Role, ...]] = {
    "staff": (Role.ADMINISTRATOR,),
    "policies": (Role.ADMINISTRATOR,),
    "rotations": (Role.SUPERVISOR, Role.ADMINISTRATOR),
    "changed_days": (Role.SUPERVISOR, Role.ADMINISTRATOR),
    "releases": (Role.SUPERVISOR, Role.ENGINEER, Role.ADMINISTRATOR),
}
"""The records that some roles may change only."""


def group_of(role: str) -> str:
    """Return the name of the group role for a role of the staff or a service: `supportdesk_account_manager`."""
    return PREFIX + role.replace(" ", "_")


def list_grants(database: str, schema: str, staff: Iterable[Person]) -> list[sql.Composed]:
    """Return the statements that give everybody what they need, and nothing else. Running them again is safe."""
    return [*_make_groups(), *_grant(database, schema), *_make_logins(staff)]


def find_outdated_logins(connection: Connection) -> list[str]:
    """Return the usernames whose login has other roles than they have on the desk; none where roles are not in use."""
    groups = [group_of(role) for role in STAFF]
    if not connection.execute(_ARE_ROLES_IN_USE, {"groups": groups}).scalar_one():
        return []
    held = {login: set(found) & set(groups) for login, found in connection.execute(_LOGINS)}
    wanted = {
        username: {group_of(role) for role in roles} if active else set()
        for username, roles, active in connection.execute(_STAFF)
    }
    return sorted(name for name, roles in wanted.items() if roles != held.get(name, set()))


_ARE_ROLES_IN_USE = text(
    "SELECT coalesce(bool_or(has_table_privilege(rolname, 'ledger', 'INSERT')), false) FROM pg_roles"
    " WHERE rolname = ANY(:groups)"
)
_LOGINS = text(
    "SELECT member.rolname, array_agg(held.rolname::text) FROM pg_auth_members JOIN pg_roles member"
    " ON member.oid = pg_auth_members.member JOIN pg_roles held ON held.oid = pg_auth_members.roleid"
    " WHERE member.rolcanlogin GROUP BY member.rolname"
)
_STAFF = text(
    "SELECT key, ARRAY(SELECT jsonb_array_elements_text(document::jsonb -> 'roles')),"
    " (document::jsonb ->> 'active')::boolean FROM staff"
)


def _make_groups() -> Iterator[sql.Composed]:
    for role in (*STAFF, *SERVICES):
        yield _create_role(group_of(role), "NOLOGIN")


def _create_role(name: str, how: str) -> sql.Composed:
    return sql.SQL(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {text}) THEN CREATE ROLE {role} {how};"
        " END IF; END $$"
    ).format(text=sql.Literal(name), role=sql.Identifier(name), how=sql.SQL(how))


def _grant(database: str, schema: str) -> Iterator[sql.Composed]:
    everybody = [group_of(role) for role in (*STAFF, *SERVICES)]
    staff = [group_of(role) for role in STAFF]
    watcher, intake = group_of("watcher"), group_of("intake")
    here = sql.Identifier(schema)
    # What was granted before is taken away first, so that a desk never keeps a right that nobody lists any more.
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM PUBLIC, {}").format(here, _names(everybody))
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), _names(everybody))
    yield sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(here, _names(everybody))
    yield sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(here, _names(everybody))
    yield _on(schema, "INSERT", _APPEND_ONLY, everybody)
    yield _on(schema, "INSERT, UPDATE", _BY_EVERY_COMMAND, everybody)
    yield _on(schema, "UPDATE", ("head",), everybody)
    yield _on(schema, "INSERT, UPDATE, DELETE", _RECORDS_OF_ALL, staff)
    yield _on(schema, "INSERT, UPDATE", ("organisations", "contacts"), [intake])
    yield _on(schema, "INSERT, UPDATE, DELETE", ("contact_words",), [intake])
    yield _on(schema, "INSERT, UPDATE, DELETE", ("notices", "page_links"), [watcher])
    for table, roles in _RESERVED.items():
        yield _on(schema, "INSERT, UPDATE, DELETE", (table,), [group_of(each) for each in roles])
    # Staff record calls that they missed; the guard of events leaves all other messages to the intake.
    yield _on(schema, "INSERT, UPDATE", ("incoming_messages",), [intake, *staff])
    yield _on(schema, "INSERT", ("escalation_steps",), [watcher, group_of(Role.ADMINISTRATOR)])
    yield _on(schema, "UPDATE", ("heartbeat",), [watcher])


def _on(schema: str, rights: str, tables: Iterable[str], roles: Iterable[str]) -> sql.Composed:
    listed = sql.SQL(", ").join(sql.Identifier(schema, each) for each in tables)
    return sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), listed, _names(roles))


def _names(roles: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, roles))


def _make_logins(staff: Iterable[Person]) -> Iterator[sql.Composed]:
    """Yield a login for each person with their roles; who has left can log in no more."""
    for person in staff:
        login = sql.Identifier(person.username)
        held = set(person.roles) if person.active else set()
        yield _create_role(person.username, "LOGIN")
        yield sql.SQL("ALTER ROLE {} {}").format(login, sql.SQL("LOGIN" if person.active else "NOLOGIN"))
        taken = [group_of(role) for role in STAFF if role not in held]
        if taken:
            yield sql.SQL("REVOKE {} FROM {}").format(_names(taken), login)
        if held:
            yield sql.SQL("GRANT {} TO {}").format(
                _names(group_of(role) for role in STAFF if role in held), login
            )
