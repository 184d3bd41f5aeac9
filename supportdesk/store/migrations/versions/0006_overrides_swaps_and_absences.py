"""The overrides, swaps and absences of the rota.

A weekly rotation needs no change: without a line and a layer, it is a version of the first line's base layer.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the three tables, which are empty at first."""
    for name in ("overrides", "swaps", "absences"):
        op.create_table(
            name,
            sa.Column("key", sa.Text(), nullable=False),
            sa.Column("document", sa.Text(), nullable=False),
            sa.Column("changed_seq", number, nullable=False),
            sa.PrimaryKeyConstraint("key", name=f"pk_{name}"),
        )
