"""Desks on PostgreSQL servers, by their addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from supportdesk.store.backend import Backend, RestoreLoss, RestoreResult
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.postgres import lifecycle
from supportdesk.store.postgres.database import PostgresDatabase


class PostgresBackend(Backend):
    """Opens and creates desks on servers; see `Backend` for what each method returns."""

    def open(self, address: str) -> PostgresDatabase:
        """Return the database at an address."""
        return lifecycle.open_server(address)

    def create(self, address: str, report_copy: Callable[[str], None]) -> PostgresDatabase:
        """Return the database, with a desk in it if there was none; an older one is copied to another schema first."""
        return lifecycle.create_on_server(address, report_copy)

    def create_with_records(self, address: str, save_records: Callable[[str], None]) -> None:
        """Create a desk with its first records, or nothing."""
        lifecycle.create_with_records_on_server(address, save_records)

    def restore(
        self,
        address: str,
        backup: Path,
        *,
        at: datetime,
        confirm_loss: Callable[[RestoreLoss], bool],
        last_number: int | None = None,
    ) -> RestoreResult | None:
        """Refuse: a desk on a server is never replaced in place."""
        raise DeskUnavailableError(
            "a desk on a server is not replaced in place: open the backup itself with --db, or copy it into an empty"
            f" database: `supportdesk db copy {backup} ADDRESS`"
        )
