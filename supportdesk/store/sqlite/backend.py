"""Desks in SQLite files, by their addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from supportdesk.store.backend import Backend, RestoreLoss, RestoreResult
from supportdesk.store.sqlite import lifecycle
from supportdesk.store.sqlite.database import SqliteDatabase
from supportdesk.store.sqlite.paths import file_of


class SqliteBackend(Backend):
    """Opens and creates desks in SQLite files; see `Backend` for what each method returns."""

    def open(self, address: str) -> SqliteDatabase:
        """Return the database in the file of an address."""
        return lifecycle.open_file(file_of(address))

    def create(self, address: str, report_copy: Callable[[str], None]) -> SqliteDatabase:
        """Return the database in the file, created if there is none; an older one is copied beside it first."""
        return lifecycle.create_file(file_of(address), report_copy)

    def create_with_records(self, address: str, save_records: Callable[[str], None]) -> None:
        """Create a file that appears once `save_records` returns, or not at all."""
        lifecycle.create_file_with_records(file_of(address), save_records)

    def restore(
        self,
        address: str,
        backup: Path,
        *,
        at: datetime,
        confirm_loss: Callable[[RestoreLoss], bool],
        last_number: int | None = None,
    ) -> RestoreResult | None:
        """Replace the desk's file with a copy of a backup. Returns None where `confirm_loss` refuses the loss."""
        from supportdesk.store.sqlite.restore import restore

        return restore(file_of(address), backup, at=at, confirm_loss=confirm_loss, last_number=last_number)
