"""Opens, creates and restores the database at an address, through the backend of its `location`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from supportdesk.store.backend import Database, Loss, Restored
from supportdesk.store.location import location_of


def open_database(address: str) -> Database:
    """Return the database at an address, a path or a URL. Raises DeskUnavailableError where there is no desk."""
    return location_of(address).backend().open(address)


def create_database(address: str) -> Database:
    """Return the database at an address, created if there is none, and upgraded to the present schema."""
    return location_of(address).backend().create(address)


def create_with_records(address: str, save_records: Callable[[str], None]) -> None:
    """Create a database that appears once `save_records` returns, which is given its temporary address; or not at all.

    Raises AlreadyExistsError where there is one.
    """
    location_of(address).backend().create_with_records(address, save_records)


def restore(
    address: str,
    backup: Path,
    *,
    at: datetime,
    confirm_loss: Callable[[Loss], bool],
    last_number: int | None = None,
) -> Restored | None:
    """Replace the desk at an address with a copy of a backup; see `Backend.restore`."""
    backend = location_of(address).backend()
    return backend.restore(address, backup, at=at, confirm_loss=confirm_loss, last_number=last_number)
