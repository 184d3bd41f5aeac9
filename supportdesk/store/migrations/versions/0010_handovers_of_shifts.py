"""The handovers of shifts, and an index by which an inbox finds what was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SENT = sa.text(
    "event IN ('paged', 'assigned', 'handed over', 'step taken', 'swap saved', 'override saved', 'absence saved',"
    " 'notice sent', 'notice ended', 'handover saved', 'rotation kept', 'record undone')"
)


def upgrade() -> None:
    """Make the table, which is empty at first, and the index."""
    op.create_table(
        "handovers",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("changed_seq", number, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_handovers"),
    )
    op.create_index("ix_ledger_sent", "ledger", ["at"], sqlite_where=SENT)
