"""The links by which pages are acknowledged."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
kind = "expands"


def upgrade() -> None:
    """Make the table, which is empty at first."""
    op.create_table(
        "page_links",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("paged_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_page_links"),
    )
    op.create_index("ix_page_links_expires_at", "page_links", ["expires_at"], unique=False)
