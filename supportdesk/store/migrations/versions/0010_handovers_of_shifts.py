"""The handovers of shifts, and an index by which an inbox finds what was sent."""

import sqlalchemy as sa

from supportdesk.store.migrations.building_blocks import create_partial_index, create_record_table

revision = "0010"
down_revision = "0009"
kind = "expands"

SENT = sa.text(
    "event IN ('paged', 'assigned', 'handed over', 'step taken', 'swap saved', 'override saved', 'absence saved',"
    " 'notice sent', 'notice ended', 'handover saved', 'rotation kept', 'record undone')"
)


def upgrade() -> None:
    """Make the table, which is empty at first, and the index."""
    create_record_table("handovers")
    create_partial_index("ix_ledger_sent", "ledger", ["at"], SENT)
