"""Opens, creates and restores the database at an address, through the backend of its `location`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from supportdesk.store.backend import Database, RestoreLoss, RestoreResult
from supportdesk.store.location import find_location


def open_database(address: str) -> Database:
    """Return the database at an address, a path or a URL. Raises DeskUnavailableError where there is no desk."""
    return find_location(address).backend().open(address)


def create_database(address: str, report_copy: Callable[[str], None] = lambda place: None) -> Database:
    """Return the database at an address, created if there is none, and upgraded to the present schema.

    `report_copy` gets the place of the copy that is made of an older one before.
    """
    return find_location(address).backend().create(address, report_copy)


def create_with_records(address: str, save_records: Callable[[str], None]) -> None:
    """Create a database that appears once `save_records` returns, which is given its temporary address; or not at all.

    Raises AlreadyExistsError where there is one.
    """
    find_location(address).backend().create_with_records(address, save_records)


def restore(
    address: str,
    backup: Path,
    *,
    at: datetime,
    confirm_loss: Callable[[RestoreLoss], bool],
    last_number: int | None = None,
) -> RestoreResult | None:
    """Replace the desk at an address with a copy of a backup; see `Backend.restore`."""
    backend = find_location(address).backend()
    return backend.restore(address, backup, at=at, confirm_loss=confirm_loss, last_number=last_number)
