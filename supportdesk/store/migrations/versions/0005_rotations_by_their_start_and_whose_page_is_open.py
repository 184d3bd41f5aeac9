"""Rotations are stored by their start, several at a time, and the queue holds whose page is open."""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from supportdesk.store.migrations.building_blocks import renew_tickets

revision = "0005"
down_revision = "0004"
kind = "contracts"


def upgrade() -> None:
    """Store every rotation that the ledger holds, and add the column."""
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
    renew_tickets({"page_open": sa.Column("paged", sa.Text(), nullable=True)})
    for ref, state in connection.execute(sa.text("SELECT ref, state FROM tickets WHERE page_open")).all():
        connection.execute(
            sa.text("UPDATE tickets SET paged = :paged WHERE ref = :ref"),
            {"ref": ref, "paged": (json.loads(state).get("page") or {}).get("person")},
        )


def _rotation(seq: int, payload: str) -> tuple[str, tuple[str, int]]:
    rotation = json.loads(payload)["rotation"]
    starts = datetime.fromisoformat(rotation["starts"]).astimezone(UTC)
    document = json.dumps(rotation, separators=(",", ":"), ensure_ascii=False)
    return f"{starts:%Y-%m-%dT%H:%M:%SZ}", (document, seq)
