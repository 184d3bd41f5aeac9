"""A ledger that somebody with write access wrote again so that all its hashes fit."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, update

from supportdesk.store import ledger, tables
from supportdesk.store.backend import Database


def rewrite_hashes(connection: Connection) -> None:
    """Give every event the digest and hash that follow from its columns, and the head those of the last one."""
    of_commands: dict[str, str] = {
        row.id: row.digest
        for row in connection.execute(tables.commands.select())
        if isinstance(row.digest, str)
    }
    seq, previous = 0, ledger.GENESIS
    for row in list(ledger.stream_rows(connection, ledger.select_rows_after(0))):
        digest = of_commands.get(row["command_id"], "")
        changed: dict[str, Any] = {
            "previous": previous,
            "payload_digest": ledger.compute_payload_digest(row["salt"], row["payload"], digest),
        }
        changed["hash"] = ledger.compute_link_hash({**row, **changed})
        connection.execute(update(tables.ledger).where(tables.ledger.c.seq == row["seq"]).values(changed))
        seq, previous = row["seq"], changed["hash"]
    connection.execute(update(tables.head).values(seq=seq, hash=previous))


def forge(database: Database, after: int) -> None:
    """Give the events after a number to Sam, with hashes that fit."""

    def work(connection: Connection) -> None:
        connection.execute(update(tables.ledger).where(tables.ledger.c.seq > after).values(actor="sam"))
        rewrite_hashes(connection)

    database.write(work)


def cut_short(connection: Connection, seq: int) -> None:
    """Remove every event after number `seq`, and say in the head that it is the last."""
    connection.execute(delete(tables.ledger).where(tables.ledger.c.seq > seq))
    rewrite_hashes(connection)
