"""Indexes by which mail to a contact is counted and what came back is found, and a guard of who writes that it did."""

import sqlalchemy as sa
from alembic import op

from supportdesk.store.migrations import server_guard
from supportdesk.store.migrations.building_blocks import create_partial_index

revision = "0014_from_0011"
down_revision = "0013_from_0011"
kind = "expands"

MAIL = sa.text("kind = 'mail'")
UNDELIVERED = sa.text("event = 'mail undelivered'")


def upgrade() -> None:
    """Make the indexes, and replace the guard. No older program writes what the new one refuses."""
    create_partial_index("ix_messages_mail", "messages", ["person", "at"], MAIL)
    create_partial_index("ix_ledger_undelivered", "ledger", ["at"], UNDELIVERED)
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        schema = connection.scalar(sa.text("SELECT current_schema()"))
        guard = server_guard.replace_event_guard(str(schema))
        op.execute(sa.text(guard.replace(":", r"\:")))
