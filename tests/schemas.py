"""One memory of how the schema is made, for all desks of a test run: each of them begins with the same statements."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, event, text

from supportdesk.store import migrations, schema


class Recording(NamedTuple):
    """What made the schema: each statement with its parameters, and the name of the schema on a server."""

    statements: list[tuple[str, Any]]
    place: str


def share_new_schema(patch: pytest.MonkeyPatch) -> None:
    """Run the revisions for the first new desk of each kind of database, and their statements for all others.

    A desk that has a revision is upgraded as ever.
    """
    upgrade = migrations.upgrade
    recordings: dict[Hashable, Recording] = {}

    def upgrade_once(connection: Connection) -> None:
        if schema.read_revision(connection) is not None:
            upgrade(connection)
            return
        place = _place(connection)
        kind = (connection.dialect.name, connection.dialect.server_version_info, place == "public")
        recording = recordings.get(kind)
        if recording is None:
            recordings[kind] = Recording(_record(upgrade, connection), place)
            return
        for statement, parameters in recording.statements:
            # A schema that is not the usual one has a name that is nowhere else.
            connection.exec_driver_sql(statement.replace(recording.place, place), parameters)

    patch.setattr(migrations, "upgrade", upgrade_once)


def _place(connection: Connection) -> str:
    """Return the name of the schema in which a server makes tables; `public` where there are none."""
    if connection.dialect.name != "postgresql":
        return "public"
    return str(connection.scalar(text("SELECT current_schema()")))


def _record(upgrade: Callable[[Connection], None], connection: Connection) -> list[tuple[str, Any]]:
    """Upgrade a database; return the statements that did it."""
    statements: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *more: Any) -> None:
        statements.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    try:
        upgrade(connection)
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return statements
