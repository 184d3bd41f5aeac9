"""The recorded steps of escalations, when something falls due on a ticket, and since when its page is open.

When something falls due is filled in afterwards.
"""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RENEWED = "tickets_renewed"


def upgrade() -> None:
    """Make the table of the steps, which is empty at first, and add the columns."""
    _steps()
    connection = op.get_bind()
    columns = [column["name"] for column in sa.inspect(connection).get_columns("tickets")]
    _tickets()
    kept_columns = ", ".join(columns)
    connection.execute(
        sa.text(f"INSERT INTO {RENEWED} ({kept_columns}) SELECT {kept_columns} FROM tickets")  # noqa: S608 - names of ours
    )
    op.drop_table("tickets")
    op.rename_table(RENEWED, "tickets")
    _indexes()
    paged = connection.execute(sa.text("SELECT ref, state FROM tickets WHERE page_open")).all()
    for ref, state in paged:
        connection.execute(
            sa.text("UPDATE tickets SET paged_since = :since WHERE ref = :ref"),
            {"ref": ref, "since": _find_last_open_page(json.loads(state))},
        )


def _find_last_open_page(ticket: dict[str, Any]) -> int:
    """Return when the last page that is open was sent, in UTC epoch seconds."""
    last, *_ = [
        page
        for page in (ticket["page"], *reversed(ticket.get("earlier_pages", ())))
        if page["acknowledged_at"] is None
    ]
    return int(datetime.fromisoformat(last["since"]).timestamp())


def _steps() -> None:
    op.create_table(
        "escalation_steps",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("seq", number, nullable=False),
        sa.PrimaryKeyConstraint("ref", "clock", "cycle", "step", name="pk_escalation_steps"),
    )


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
        sa.Column("paged_since", sa.BigInteger(), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("promised_release", sa.Text(), nullable=True),
        sa.Column("watch_due", sa.BigInteger(), nullable=True),
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
    op.create_index("ix_tickets_watch_due", "tickets", ["watch_due"], unique=False)
    op.create_index(
        "ix_tickets_queue",
        "tickets",
        ["in_queue", "severity_rank", "urgency", "received_at", "ref"],
        unique=False,
    )
