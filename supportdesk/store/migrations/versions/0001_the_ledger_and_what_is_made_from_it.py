"""The ledger, and the tables that are made from it."""

import sqlalchemy as sa
from alembic import op

from supportdesk.store.migrations.building_blocks import create_record_table, create_tickets, number

revision = "0001"
down_revision = None
kind = "expands"


def upgrade() -> None:
    """Make every table, and the head of an empty ledger."""
    _create_ledger()
    _create_records()
    create_tickets()
    op.execute(
        sa.text(
            "INSERT INTO head (id, seq, hash, next_ticket, records_seq) VALUES (1, 0, :genesis, 0, 0)"
        ).bindparams(genesis="0" * 64)
    )


def _create_ledger() -> None:
    op.create_table(
        "head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", number, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("next_ticket", sa.Integer(), nullable=False),
        sa.Column("records_seq", number, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_head_one_row")),
        sa.PrimaryKeyConstraint("id", name="pk_head"),
        comment="One row, taken late by every writer and held to the commit, so that events come out in commit order.",
    )
    op.create_table(
        "ledger",
        sa.Column("seq", number, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True, comment="JSON; NULL once erased"),
        sa.Column(
            "salt", sa.Text(), nullable=True, comment="What is digested before the payload; NULL once erased"
        ),
        sa.Column("payload_digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_ledger"),
        sa.UniqueConstraint("ref", "version", name="uq_ledger_ref_version"),
    )
    op.create_table(
        "commands",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("seq", number, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_commands"),
    )
    op.create_table(
        "attachments",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_attachments"),
    )


def _create_records() -> None:
    create_record_table("organisations", sa.Column("name", sa.Text(), nullable=False))
    create_record_table(
        "contacts",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.key"], name="fk_contacts_organisation"),
    )
    op.create_index("ix_contacts_organisation", "contacts", ["organisation"], unique=False)
    create_record_table("staff", sa.Column("name", sa.Text(), nullable=False))
    create_record_table("releases", sa.Column("day", sa.Date(), nullable=False))
    create_record_table("articles", sa.Column("title", sa.Text(), nullable=False))
    create_record_table("rotations")
    create_record_table("policies", sa.Column("effective", sa.BigInteger(), nullable=False))
    create_record_table(
        "changed_days",
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
    )
