"""Replaces a desk with a backup. The old files are moved aside with their journals, and nothing is deleted.

If the process is killed, the old desk or the new one is there: the backup is copied and verified under another name,
the old files get their second names first, and one rename replaces the desk. A journal that then still is beside the
new desk is recognised by its second name, and `journal.check_journals` removes it before it is rolled into anything.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from supportdesk.files import make_folder, remove_unfinished
from supportdesk.store.backend import RestoreLoss, RestoreResult
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.ledger import read_head
from supportdesk.store.reference_gap import skip_references
from supportdesk.store.sqlite import database_file, file_locks, issued_references, journal
from supportdesk.store.sqlite.issued_references import NextNumber
from supportdesk.store.sqlite.journal import SUFFIXES
from supportdesk.store.sqlite.lifecycle import bring_up_to_date, open_file
from supportdesk.store.sqlite.paths import absolute_path, is_there
from supportdesk.store.sqlite.returned_contacts import find_returned_contacts
from supportdesk.store.sqlite.transactions import Transactions
from supportdesk.store.verification.verify import verify

_PATIENCE = 20.0
"""Seconds to wait for the end of a transaction."""


def restore(
    path: Path,
    backup: Path,
    *,
    at: datetime,
    confirm_loss: Callable[[RestoreLoss], bool],
    last_number: int | None = None,
) -> RestoreResult | None:
    """Replace the desk at `path` with a copy of `backup`. Returns None where an intact desk must not be replaced.

    `at` names the files that are moved aside. References that the old file, or `last_number`, tells to have been given
    after the backup are not given again. Raises DeskUnavailableError, without having changed anything, for a
    backup that is not intact, and where the files cannot be moved.
    """
    path, backup = journal.real_path(path), journal.real_path(absolute_path(str(backup)))
    with _report_os_errors(path), _copy_beside(backup, path) as copy:
        found = _upgrade_and_verify(copy, backup)
        loss = _loss(path, copy)
        if loss is not None and not confirm_loss(loss):
            return None
        issued = _next_number(path, found.next_ticket, last_number)
        following = found.next_ticket
        if issued is not None and issued.number > following:
            found = _skip_references(copy, found, issued.number, at)
        aside = _aside_name(path, at)
        moved = _replace(path, copy, aside)
        try:
            _check_result(path, found)
        except BaseException:
            _put_back(path, aside, moved)
            raise
    skipped = range(following, found.next_ticket)
    at_risk = None if issued is not None and issued.is_certain else found.next_ticket
    returned = find_returned_contacts(path)
    return RestoreResult(path, found.seq, found.tickets, found.hash, tuple(moved), skipped, at_risk, returned)


class _Found(msgspec.Struct, frozen=True):
    seq: int
    hash: str
    tickets: int
    next_ticket: int


@contextlib.contextmanager
def _report_os_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DeskUnavailableError(
            f"{path} cannot be replaced ({error.strerror}); nothing was changed"
        ) from error


@contextlib.contextmanager
def _copy_beside(backup: Path, path: Path) -> Iterator[Path]:
    """Yield a copy of the backup beside the desk; it has the desk's owner and permissions."""
    if not is_there(backup):
        raise DeskUnavailableError(f"there is no backup at {backup}; choose another")
    if path.exists() and backup.samefile(path):
        raise DeskUnavailableError(f"{backup} is the desk itself; choose a backup of it")
    if path.exists() and not path.is_file():
        raise DeskUnavailableError(
            f"{path} is not a file, so it cannot be replaced with a backup; choose another with --db"
        )
    for waiting in journal.hot_journals(backup):
        raise DeskUnavailableError(
            f"{backup} is not a finished backup: {waiting.name} beside it contains a part of it. Choose another"
        )
    try:
        database_file.check_file(backup)
    except DeskUnavailableError as error:
        raise DeskUnavailableError(f"{backup} is not an intact backup of a desk; choose another") from error
    make_folder(path.parent)
    remove_unfinished(path)
    copy = journal.temporary_name(path)
    try:
        with file_locks.shared(backup, _PATIENCE) as file:
            if file is None:
                raise DeskUnavailableError(
                    f"{backup} is being written to; choose a backup that is not in use"
                )
            journal.copy(file, copy)
        _keep_permissions(path, copy)
        yield copy
    finally:
        for suffix in ("", *SUFFIXES):
            Path(f"{copy}{suffix}").unlink(missing_ok=True)


def _keep_permissions(path: Path, copy: Path) -> None:
    """Give the new file the owner and permissions of the old one."""
    with contextlib.suppress(FileNotFoundError, PermissionError):
        found = path.stat()
        copy.chmod(stat.S_IMODE(found.st_mode) & 0o660 | 0o600)
        os.chown(copy, found.st_uid, found.st_gid)


def _upgrade_and_verify(copy: Path, backup: Path) -> _Found:
    """Verify the copy, upgraded to the present schema if the backup is older."""
    try:
        bring_up_to_date(Transactions(copy))
        with closing(open_file(copy)) as database:
            found = verify(database)
            head = database.read(read_head)
    except (sqlite3.Error, SQLAlchemyError, DeskUnavailableError) as error:
        fault: object = str(error).replace(str(copy), backup.name)
    else:
        if found.is_intact:
            database_file.sync(copy)
            return _Found(head.seq, head.hash, found.tickets, head.next_ticket)
        fault = found.findings[0]
    raise DeskUnavailableError(
        f"{backup} is not intact, and nothing was changed: it does not pass `supportdesk verify` ({fault})."
        " Choose another backup"
    )


def _next_number(path: Path, least: int, last_number: int | None) -> NextNumber | None:
    """Return the number of the next ticket, as far as the old file or the operator knows it; None if neither does.

    It is certain once the operator has given the last one.

    `least` is what the backup tells.
    """
    read = issued_references.find_next_number(path, least) if is_there(path) else None
    if last_number is None:
        return read
    return NextNumber(max(last_number + 1, read.number if read is not None else 0), is_certain=True)


def _skip_references(copy: Path, found: _Found, following: int, at: datetime) -> _Found:
    """Have the copy give no reference again up to the number `following`, and return its new end."""
    with closing(open_file(copy)) as database:
        head = database.write(lambda connection: skip_references(connection, following, at))
    database_file.sync(copy)
    return _Found(head.seq, head.hash, found.tickets, head.next_ticket)


def _loss(path: Path, copy: Path) -> RestoreLoss | None:
    """Return what an intact desk has that the copy lacks; None where nothing readable is lost."""
    try:
        journal.check_journals(path)
        with (
            closing(journal.open_raw(path, "mode=rw")) as desk,
            closing(journal.open_raw(copy, "mode=ro")) as new,
        ):
            present, ours = journal.read_position(desk), journal.read_position(new)
            if present is None or ours is None or journal.contains(new, present):
                return None
            return RestoreLoss(present.seq, ours.seq)
    except (sqlite3.Error, DeskUnavailableError):
        return None


def _aside_name(path: Path, at: datetime) -> Path:
    name = f"{path.name}{journal.ASIDE}{at.astimezone(UTC):%Y%m%d-%H%M%S}"
    number = 1
    while (aside := path.with_name(f"{name}-{number}" if number > 1 else name)).exists():
        number += 1
    return aside


def _replace(path: Path, copy: Path, aside: Path) -> list[Path]:
    """Give the desk's name to the copy, and return the second names of the old files."""
    with ExitStack() as held:
        for file in (path, copy):
            # A file without write permission cannot be locked; this user's consoles do not write to it.
            with contextlib.suppress(FileNotFoundError, PermissionError):
                if held.enter_context(file_locks.exclusive(file, _PATIENCE)) is None:
                    raise DeskUnavailableError(
                        f"{path} is in use, and nothing was changed: close all consoles and try again"
                    )
        existing = [each for each in (path, *journal.companion_files(path)) if each.exists()]
        moved = [Path(f"{aside}{each.name.removeprefix(path.name)}") for each in existing]
        try:
            for each, second in zip(existing, moved, strict=True):
                os.link(each, second)
            if path not in existing:
                _unlink(existing)
            copy.replace(path)
        except OSError:
            _unlink(moved)
            raise
        database_file.sync(path.parent)
        _unlink(each for each in existing if each != path)
        database_file.sync(path.parent)
    return moved


def _check_result(path: Path, found: _Found) -> None:
    """Raise DeskUnavailableError unless the desk can be read under its name and ends as the backup did."""
    with closing(open_file(path)) as database, closing(database.connect()) as desk:
        end = journal.read_position(desk)
    if end is None or (end.seq, end.hash) != (found.seq, found.hash):
        raise DeskUnavailableError(
            f"{path} could not be read back as it was written; the old file is in its place"
        )


def _put_back(path: Path, aside: Path, moved: list[Path]) -> None:
    """Move the old files back."""
    for second in moved:
        if second != aside:
            first = Path(f"{path}{second.name.removeprefix(aside.name)}")
            first.unlink(missing_ok=True)
            os.link(second, first)
    if aside in moved:
        aside.replace(path)
    else:
        path.unlink()
    _unlink(second for second in moved if second != aside)
    database_file.sync(path.parent)


def _unlink(paths: Iterable[Path]) -> None:
    for each in paths:
        each.unlink(missing_ok=True)
