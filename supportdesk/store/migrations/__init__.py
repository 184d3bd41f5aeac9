"""The schema by revision. Imported only where a database is created or upgraded, because alembic is slow to import."""

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from supportdesk.store import schema
from supportdesk.store.reference_data import ReferenceCache
from supportdesk.store.watch_projection import rebuild_watch_due
from supportdesk.store.word_indexes import rebuild_word_indexes

_ONE_AT_A_TIME = Lock()
"""Alembic stores its connection in globals, so two threads must not use it at once."""


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, which has no file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Upgrade the schema to this program's revision, with the indexes, in the caller's transaction.

    A desk of a newer program stays as it is.
    """
    if not schema.needs_upgrade(connection) and not schema.has_several_revisions(connection):
        return
    with _ONE_AT_A_TIME:
        command.upgrade(configuration(connection), schema.REVISIONS[-1])
    rebuild_word_indexes(connection)
    rebuild_watch_due(connection, ReferenceCache().refresh(connection).policies)
