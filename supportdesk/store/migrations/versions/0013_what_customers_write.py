"""An index by which an inbox finds what customers wrote, and a guard of what is written in their names."""

import sqlalchemy as sa
from alembic import op

from supportdesk.store.migrations import server_guard
from supportdesk.store.migrations.building_blocks import create_partial_index

revision = "0013_from_0011"
down_revision = "0012_from_0011"
kind = "expands"

WROTE = sa.text("event = 'customer wrote'")


def upgrade() -> None:
    """Make the index, and replace the guard. No older program writes what the new one refuses."""
    create_partial_index("ix_ledger_wrote", "ledger", ["at"], WROTE)
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        schema = connection.scalar(sa.text("SELECT current_schema()"))
        guard = server_guard.replace_event_guard(str(schema))
        op.execute(sa.text(guard.replace(":", r"\:")))
