"""The messages that arrived, each with what became of it."""

import sqlalchemy as sa
from alembic import op

from supportdesk.store.migrations.building_blocks import create_record_table

revision = "0012_from_0011"
down_revision = "0011"
kind = "expands"

INDEXES = (
    ("received_at", "key"),
    ("state", "received_at", "key"),
    ("source", "received_at", "key"),
    ("source", "state", "received_at", "key"),
    ("message_id",),
    ("content_digest",),
    ("ref",),
)


def upgrade() -> None:
    """Make the table, which is empty at first, and its indexes."""
    create_record_table(
        "incoming_messages",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
    )
    for columns in INDEXES:
        op.create_index(f"ix_incoming_messages_{'_'.join(columns)}", "incoming_messages", list(columns))
