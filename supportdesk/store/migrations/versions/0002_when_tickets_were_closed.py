"""Which tickets were closed since an instant, found without looking through the ledger."""

import sqlalchemy as sa

from supportdesk.store.migrations.building_blocks import create_partial_index

revision = "0002"
down_revision = "0001"
kind = "expands"


def upgrade() -> None:
    """Make a small index of the closures alone."""
    closed = sa.text("event = 'closed'")
    create_partial_index("ix_ledger_closed", "ledger", ["at", "ref"], closed)
