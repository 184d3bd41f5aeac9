"""The recorded steps of escalations, when something falls due on a ticket, and since when its page is open.

When something falls due is filled in afterwards.
"""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from supportdesk.store.migrations.building_blocks import number, renew_tickets

revision = "0007"
down_revision = "0006"
kind = "contracts"


def upgrade() -> None:
    """Make the table of the steps, which is empty at first, and add the columns."""
    _steps()
    connection = op.get_bind()
    renew_tickets(
        {
            "page_open": sa.Column("paged", sa.Text(), nullable=True),
            "paged": sa.Column("paged_since", sa.BigInteger(), nullable=True),
            "promised_release": sa.Column("watch_due", sa.BigInteger(), nullable=True),
        }
    )
    op.create_index("ix_tickets_watch_due", "tickets", ["watch_due"], unique=False)
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
