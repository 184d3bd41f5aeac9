"""Which tickets were closed since an instant, found without looking through the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make a small index of the closures alone."""
    closed = sa.text("event = 'closed'")
    op.create_index("ix_ledger_closed", "ledger", ["at", "ref"], sqlite_where=closed)
