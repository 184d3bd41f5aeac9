"""How the schema came to be, step by step. Imported only where a database is made or brought on: alembic is slow."""

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from supportdesk.store import schema
from supportdesk.store.sqlite import full_text

_ONE_AT_A_TIME = Lock()
"""Alembic keeps the connection on which it works in globals: two threads would take each other's."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Brings the schema to its newest revision, and the indexes with it, in the caller's transaction."""
    before = schema.revision(connection)
    with _ONE_AT_A_TIME:
        command.upgrade(configuration(connection), "head")
    if before != schema.REVISIONS[-1]:
        full_text.fill(connection)
