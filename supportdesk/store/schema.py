"""The revision of a database's schema, read without alembic."""

from sqlalchemy import Connection, column, inspect, select, table

from supportdesk.store.errors import DeskUnavailableError

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011")
"""Every revision of the schema, the oldest first; this program reads and writes the last one."""

revision = table("alembic_version", column("version_num"))


def read_revision(connection: Connection) -> str | None:
    """Return the schema's revision; None for a database without one."""
    if not inspect(connection).has_table(revision.name):
        return None
    found: str | None = connection.execute(select(revision.c.version_num)).scalar()
    return found


def is_older(connection: Connection) -> bool:
    """Return whether the schema is that of an older program, and is going to be upgraded."""
    found = read_revision(connection)
    return found is not None and found != REVISIONS[-1]


def require_current(connection: Connection) -> None:
    """Raise DeskUnavailableError unless the schema has this program's revision."""
    refuse_newer(connection)
    if read_revision(connection) != REVISIONS[-1]:
        raise DeskUnavailableError(
            "the database was made by an older supportdesk: run `supportdesk init` to upgrade it"
        )


def refuse_newer(connection: Connection) -> None:
    """Raise DeskUnavailableError for a schema of a newer program."""
    found = read_revision(connection)
    if found is not None and found not in REVISIONS:
        raise DeskUnavailableError(
            f"the database was made by a newer supportdesk (its schema is {found}): install the newest version"
        )
