"""Indexes by which the outbox is listed, and by which the tickets are found whose contact a mail did not reach."""

import sqlalchemy as sa

from supportdesk.store.migrations.building_blocks import create_partial_index

revision = "0015_from_0011"
down_revision = "0014_from_0011"
kind = "expands"

WAITING, FAILED = sa.text("state = 'waiting'"), sa.text("state = 'failed'")
ALARM = sa.text(
    """state <> replace(state, '"undelivered":"', '') AND state = replace(state, '"undelivered":""', '')"""
)


def upgrade() -> None:
    """Make the indexes. The database keeps them up to date, whatever program writes."""
    create_partial_index("ix_deliveries_waiting", "deliveries", ["due_at"], WAITING)
    create_partial_index("ix_deliveries_failed", "deliveries", ["tried_at"], FAILED)
    create_partial_index("ix_tickets_undelivered", "tickets", ["ref"], ALARM)
