"""Which schema a database has, told without the tools that change it."""

from sqlalchemy import Connection, column, inspect, select, table

from supportdesk.store.errors import DeskUnavailableError

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""Every revision of the schema, oldest first; the last one is what this program reads and writes."""

_revision = table("alembic_version", column("version_num"))


def read_revision(connection: Connection) -> str | None:
    """The schema's revision; None for a database without one."""
    if not inspect(connection).has_table(_revision.name):
        return None
    found: str | None = connection.execute(select(_revision.c.version_num)).scalar()
    return found


def check(connection: Connection) -> None:
    """Raises DeskUnavailableError unless the schema is this program's."""
    refuse_newer(connection)
    if read_revision(connection) != REVISIONS[-1]:
        raise DeskUnavailableError(
            "the database was made by an older supportdesk: run `supportdesk init` to bring it up to date"
        )


def refuse_newer(connection: Connection) -> None:
    """Raises DeskUnavailableError for a schema that this program cannot know."""
    found = read_revision(connection)
    if found is not None and found not in REVISIONS:
        raise DeskUnavailableError(
            f"the database was made by a newer supportdesk (its schema is {found}): install the newest one"
        )
