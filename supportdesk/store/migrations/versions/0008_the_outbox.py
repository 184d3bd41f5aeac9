"""The outbox: messages to people, their deliveries, and the notices that concern no ticket."""

import sqlalchemy as sa
from alembic import op

from supportdesk.store.migrations.building_blocks import create_record_table, number

revision = "0008"
down_revision = "0007"
kind = "expands"


def upgrade() -> None:
    """Make the three tables, which are empty at first: nobody is informed of what happened before."""
    create_record_table("notices")
    op.create_table(
        "messages",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("seq", number, nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("hand_off_due", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
    )
    for column in ("ref", "at", "hand_off_due"):
        op.create_index(f"ix_messages_{column}", "messages", [column], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("message", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=True),
        sa.Column("bundled", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name="fk_deliveries_message"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_message", "deliveries", ["message"], unique=False)
    op.create_index("ix_deliveries_due", "deliveries", ["method", "due_at"], unique=False)
    op.create_index("ix_deliveries_sent", "deliveries", ["method", "target", "tried_at"], unique=False)
