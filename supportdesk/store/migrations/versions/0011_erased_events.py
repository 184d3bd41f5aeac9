"""What erasures attest of the events that they wrote again."""

import sqlalchemy as sa
from alembic import op

from supportdesk.store.migrations.building_blocks import number

revision = "0011"
down_revision = "0010"
kind = "expands"


def upgrade() -> None:
    """Make the table, which is empty at first."""
    op.create_table(
        "erased_events",
        sa.Column("erasure", number, nullable=False),
        sa.Column("seq", number, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("erasure", "seq", name="pk_erased_events"),
    )
