"""The revision of a database's schema, read without alembic.

A revision says which programs may use the desk: `0013_from_0011` is revision 0013, of which programs from revision 0011
on know all that they need. A revision without an addition is for its own programs only (docs/decisions/0012).
"""

from sqlalchemy import Connection, column, inspect, select, table

from supportdesk.store.errors import DeskUnavailableError

REVISIONS = (
    *("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011"),
    *("0012_from_0011", "0013_from_0011", "0014_from_0011", "0015_from_0011"),
)
"""Every revision of the schema, the oldest first; this program creates the last one."""

FROM = "_from_"
"""Stands in a revision before the number of the oldest revision whose programs may use it."""

revision = table("alembic_version", column("version_num"))


def number_of(name: str) -> str:
    """Return the number of a revision: `0013` of `0013_from_0011`."""
    return name.partition(FROM)[0]


def oldest_program(name: str) -> str:
    """Return the number of the oldest revision whose programs may use a desk of this one."""
    number, _, oldest = name.partition(FROM)
    return oldest or number


def is_newer(name: str) -> bool:
    """Return whether a revision is of a newer program, and this one may use it."""
    own = number_of(REVISIONS[-1])
    return oldest_program(name) <= own < number_of(name)


def read_revision(connection: Connection) -> str | None:
    """Return the schema's revision; None for a database without one."""
    if not inspect(connection).has_table(revision.name):
        return None
    found: str | None = connection.execute(select(revision.c.version_num)).scalar()
    return found


def has_several_revisions(connection: Connection) -> bool:
    """Return whether there is more than one revision, which no program writes; alembic refuses to upgrade then."""
    return len(connection.execute(select(revision.c.version_num)).all()) > 1


def needs_upgrade(connection: Connection) -> bool:
    """Return whether the schema is to be made, or to be upgraded. A newer one is neither."""
    found = read_revision(connection)
    return found is None or not (found == REVISIONS[-1] or is_newer(found))


def is_older(connection: Connection) -> bool:
    """Return whether the schema is that of an older program, and is going to be upgraded."""
    return read_revision(connection) is not None and needs_upgrade(connection)


def require_usable(connection: Connection) -> None:
    """Raise DeskUnavailableError unless this program may use the schema."""
    refuse_newer(connection)
    if needs_upgrade(connection):
        raise DeskUnavailableError(
            "the database was made by an older supportdesk: run `supportdesk init` to upgrade it"
        )


def refuse_newer(connection: Connection) -> None:
    """Raise DeskUnavailableError for a schema of a newer program that this one must not use."""
    found = read_revision(connection)
    if found is not None and found not in REVISIONS and not is_newer(found):
        raise DeskUnavailableError(
            f"the database was made by a newer supportdesk (its schema is {number_of(found)}): install the newest"
            " version"
        )


def require_complete(connection: Connection, what: str) -> None:
    """Raise DeskUnavailableError on a desk of a newer program, of which `what` would lose or miss something."""
    found = read_revision(connection)
    if found is not None and is_newer(found):
        raise DeskUnavailableError(
            f"this desk was upgraded by a newer supportdesk (its schema is {number_of(found)}), and {what} by this one"
            " would not be complete: install the newest version and try again"
        )
