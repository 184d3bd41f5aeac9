"""Rotations are kept by their start, several at a time, and the queue holds whose page is open."""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RENEWED = "tickets_renewed"


def upgrade() -> None:
    """Keep every rotation that the ledger holds, and add the column."""
    connection = op.get_bind()
    connection.execute(sa.text("DELETE FROM rotations"))
    kept = connection.execute(
        sa.text(
            "SELECT seq, payload FROM ledger WHERE event = 'rotation kept' AND payload IS NOT NULL ORDER BY seq"
        )
    )
    # A later rotation takes the place of one with its start.
    for key, (document, seq) in dict(_rotation(seq, payload) for seq, payload in kept).items():
        connection.execute(
            sa.text("INSERT INTO rotations (key, document, changed_seq) VALUES (:key, :document, :seq)"),
            {"key": key, "document": document, "seq": seq},
        )
    columns = [column["name"] for column in sa.inspect(connection).get_columns("tickets")]
    _tickets()
    kept_columns = ", ".join(columns)
    connection.execute(
        sa.text(f"INSERT INTO {RENEWED} ({kept_columns}) SELECT {kept_columns} FROM tickets")  # noqa: S608 - names of ours
    )
    op.drop_table("tickets")
    op.rename_table(RENEWED, "tickets")
    _indexes()
    connection.execute(
        sa.text("UPDATE tickets SET paged = json_extract(state, '$.page.person') WHERE page_open")
    )


def _rotation(seq: int, payload: str) -> tuple[str, tuple[str, int]]:
    rotation = json.loads(payload)["rotation"]
    starts = datetime.fromisoformat(rotation["starts"]).astimezone(UTC)
    document = json.dumps(rotation, separators=(",", ":"), ensure_ascii=False)
    return f"{starts:%Y-%m-%dT%H:%M:%SZ}", (document, seq)


def _tickets() -> None:
    """Make the whole table again: a column that SQLite adds stands outside the statement that made the table."""
    op.create_table(
        RENEWED,
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
        sa.Column("paged", sa.Text(), nullable=True),
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


def _indexes() -> None:
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
