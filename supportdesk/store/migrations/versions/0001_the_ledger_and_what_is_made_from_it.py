"""The ledger, and the tables that are made from it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table, and the head of an empty ledger."""
    _what_is_written_once()
    _what_is_known()
    _the_tickets()
    op.execute(
        sa.text(
            "INSERT INTO head (id, seq, hash, next_ticket, records_seq) VALUES (1, 0, :genesis, 0, 0)"
        ).bindparams(genesis="0" * 64)
    )


def _what_is_written_once() -> None:
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


def _what_is_known() -> None:
    op.create_table(
        "organisations",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("changed_seq", number, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_organisations"),
    )
    op.create_table(
        "contacts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("changed_seq", number, nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.key"], name="fk_contacts_organisation"),
        sa.PrimaryKeyConstraint("key", name="pk_contacts"),
    )
    op.create_index("ix_contacts_organisation", "contacts", ["organisation"], unique=False)
    op.create_table(
        "staff",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("changed_seq", number, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_staff"),
    )
    op.create_table(
        "releases",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("changed_seq", number, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_releases"),
    )
    op.create_table(
        "articles",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("changed_seq", number, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_articles"),
    )
    op.create_table(
        "rotations",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("changed_seq", number, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_rotations"),
    )
    op.create_table(
        "policies",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("effective", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("changed_seq", number, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_policies"),
    )
    op.create_table(
        "changed_days",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("changed_seq", number, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_changed_days"),
    )


def _the_tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_seq", number, nullable=False),
        sa.Column("in_queue", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("severity_rank", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("owner_name", sa.Text(), nullable=False),
        sa.Column("waiting", sa.Text(), nullable=False),
        sa.Column("out_of_policy", sa.Boolean(), nullable=False),
        sa.Column("page_open", sa.Boolean(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("promised_release", sa.Text(), nullable=True),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contacts.key"], name="fk_tickets_contact"),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.key"], name="fk_tickets_organisation"),
        sa.PrimaryKeyConstraint("ref", name="pk_tickets"),
    )
    op.create_index("ix_tickets_changed_seq", "tickets", ["changed_seq"], unique=False)
    op.create_index("ix_tickets_contact", "tickets", ["contact"], unique=False)
    op.create_index("ix_tickets_organisation", "tickets", ["organisation"], unique=False)
    op.create_index("ix_tickets_owner", "tickets", ["owner"], unique=False)
    op.create_index("ix_tickets_promised_release", "tickets", ["promised_release"], unique=False)
    op.create_index(
        "ix_tickets_queue",
        "tickets",
        ["in_queue", "severity_rank", "urgency", "received_at", "ref"],
        unique=False,
    )
