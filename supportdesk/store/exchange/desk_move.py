"""Moves a desk to another place while others work on it, and closes the old one once the new one has everything.

First a new desk is made of the events up to a head; nobody can use it yet, because it is closed. It is brought up to
date until little is missing, and verified. Then the old desk is locked, the rest is copied, and a last event says where
the desk has moved: all who wait for the lock are told. Until that is committed the old desk is as it was, whatever
becomes of the copy. From then on the copy only has to be opened, which moving the desk there again does. Where the
answer to that commit is lost, or a server from then on, the move waits for it and goes on.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from supportdesk.store import ledger, schema, tables
from supportdesk.store.backend import Database, ReturnedContact
from supportdesk.store.closure import find_new_place, move_away, open_head
from supportdesk.store.database import create_with_records, open_database
from supportdesk.store.errors import AlreadyExistsError, DeskUnavailableError, OutcomeUnknownError
from supportdesk.store.exchange.changes import CopiedRows, DeskChanges, apply_changes
from supportdesk.store.exchange.facts import fill_desk, read_facts, verify_closed
from supportdesk.store.exchange.links import BrokenLinkError
from supportdesk.store.exchange.lost_database import retry_until_back
from supportdesk.store.ledger import GENESIS, Head
from supportdesk.store.location import find_file
from supportdesk.store.verification.verify import Verification, verify

_FEW = 200
"""Events that may be left to copy while the desk is locked."""

_ROUNDS = 20
"""How often the copy is brought up to date before the desk is locked in any case."""

_USER = re.compile(r"(?<=//)[^/?#]*@")
"""The user in a URL, who is not the same for everybody."""

Report = Callable[[str], None]


class MoveResult(msgspec.Struct, frozen=True):
    """A desk that has moved: where to, what verifying both has shown, and for how many seconds nobody could write.

    `place` is the path, or the URL without a user. `locked` is None where an earlier move was finished. `returned` are
    contacts who were erased on a desk that was at the new place before, as far as the files moved aside there tell.
    """

    place: str
    source: Verification
    target: Verification
    locked: float | None
    returned: Sequence[ReturnedContact]


def move_desk(source: Database, target: str, *, now: datetime, report: Report) -> MoveResult:
    """Move a desk to the address `target`, where there must be none, or what an interrupted move has left.

    `report` is called with what is done next. Raises DeskUnavailableError; then the desk goes on where it is, or has
    moved, if the message says so; as UnsettledMoveError where that is not known, or the copy is not open yet.
    """
    source.allow_long_statements()
    try:
        _begin(source, target, report)
        with closing(_open_copy(source, target)) as copy:
            copy.allow_long_statements()
            place = copy.location if find_file(target) is not None else _USER.sub("", target)
            _require_copy(source, copy, place)
            locked = _move(source, copy, place, now, report)
            report("Verifying both")
            try:
                return MoveResult(place, verify(source), verify(copy), locked, copy.find_returned_contacts())
            except DeskUnavailableError as error:
                raise DeskUnavailableError(
                    f"the desk has moved to {place} and is open there, but was not verified, as {error}. Then run"
                    " `supportdesk verify` on both"
                ) from error
    except BrokenLinkError as error:
        raise DeskUnavailableError(
            f"{source.location} {source.damage} ({error}). It was not moved"
        ) from error
    except OutcomeUnknownError as error:
        raise _not_moved(CopyLostError.at(target)) from error
    except CopyLostError as error:
        raise _not_moved(error) from error


class CopyLostError(DeskUnavailableError):
    """The answer of the copy's database was lost while it saved. The message says nothing of the desk itself."""

    @classmethod
    def at(cls, place: str) -> CopyLostError:
        return cls(f"the copy at {_USER.sub('', place)} was lost while it saved")


def _not_moved(lost: CopyLostError) -> DeskUnavailableError:
    return DeskUnavailableError(
        f"{lost}, so the desk was not moved: run the same `supportdesk db copy` again once it is back, which goes on"
        " with the copy"
    )


def _begin(source: Database, target: str, report: Report) -> None:
    """Make the copy up to the present head, unless there is something at the address, or the desk has moved before."""
    source.read(lambda connection: schema.require_complete(connection, "a copy"))
    head = source.read(ledger.read_head)
    if head.is_closed:
        if source.read(find_new_place) is None:
            raise source.read(lambda connection: ledger.explain_closure(connection, head))
        return
    try:
        create_with_records(target, lambda unfinished: _fill_new(source, unfinished, head, report))
    except AlreadyExistsError:
        return


def _open_copy(source: Database, target: str) -> Database:
    place = source.read(find_new_place)
    try:
        return open_database(target)
    except DeskUnavailableError as error:
        if place is None:
            raise
        raise DeskUnavailableError(f"{source.location} has moved to {place} already; {error}") from error


def _fill_new(source: Database, address: str, head: Head, report: Report) -> None:
    report(f"Copying {head.seq:,} events")
    with closing(open_database(address)) as copy:
        wrong = fill_desk(copy, read_facts(source, head.seq))
    if wrong is not None:
        raise DeskUnavailableError(f"{source.location} {source.damage} ({wrong}). It was not moved")


def _require_copy(source: Database, copy: Database, new_place: str) -> None:
    """Raise DeskUnavailableError unless a copy is one of this desk, to which nobody has written."""
    head = copy.read(ledger.read_head)
    place = source.read(find_new_place)
    if place is not None and (place != new_place or not head.is_closed):
        raise DeskUnavailableError(f"{source.location} has moved to {place} already")
    if not head.is_closed or not source.read(lambda connection: _has(connection, head)):
        raise DeskUnavailableError(
            f"there is another desk at {new_place}: choose another place, or move that desk away"
        )


def _has(connection: Connection, head: Head) -> bool:
    """Return whether the ledger has the event of a head."""
    found = connection.execute(select(tables.ledger.c.hash).where(tables.ledger.c.seq == head.seq)).scalar()
    return (found or GENESIS) == head.hash


def _move(source: Database, copy: Database, place: str, now: datetime, report: Report) -> float | None:
    """Copy what is missing, close the desk and open the copy; return for how many seconds nobody could write."""
    began: float | None = None
    if not source.read(ledger.read_head).is_closed:
        _catch_up(source, copy, report)
        report("Verifying the copy")
        _require_intact(source, copy)
        _catch_up(source, copy, report)
        report("Moving")
        began = _close_source(source, copy, place, now, report)
    report("Opening the copy")
    retry_until_back(
        lambda: _open_there(source, copy), f"The desk has moved to {place}, but is not open there yet", report
    )
    return time.monotonic() - began if began is not None else None


def _catch_up(source: Database, copy: Database, report: Report) -> None:
    """Bring the copy up to date until only a few events are missing."""
    for _ in range(_ROUNDS):
        copied = copy.read(CopiedRows)
        changes = source.read(copied.find_changes)
        _apply(copy, changes)
        if changes.count <= _FEW:
            return
        report(f"Copying {changes.count:,} more events")


def _apply(copy: Database, changes: DeskChanges) -> None:
    try:
        copy.write(lambda connection: apply_changes(connection, changes))
    except OutcomeUnknownError as error:
        # Not that of the desk itself, which is asked for.
        raise CopyLostError.at(copy.location) from error


def _require_intact(source: Database, copy: Database) -> None:
    found = verify_closed(copy)
    if not found.is_intact:
        raise DeskUnavailableError(
            f"the copy of {source.location} is not intact ({found.findings[0]}), so it was not moved: run"
            " `supportdesk verify` there"
        )


def _close_source(source: Database, copy: Database, place: str, now: datetime, report: Report) -> float:
    """Copy the rest while nobody can write, and close the desk; return since when nobody could."""
    read_before = [copy.read(CopiedRows)]
    locked_since: list[float] = []

    def move(connection: Connection) -> None:
        if ledger.read_head(connection).is_closed:
            return  # It was committed before, and the answer was lost.
        head = ledger.lock_head(connection)
        locked_since.append(time.monotonic())
        # Where this is run again, the copy has the changes of the last time.
        copied = read_before.pop() if read_before else copy.read(CopiedRows)
        _apply(copy, copied.find_changes(connection))
        move_away(connection, head, place, now)

    try:
        source.write(move)
    except OutcomeUnknownError:
        retry_until_back(
            lambda: source.write(move), f"Whether the desk has moved to {place} is not known yet", report
        )
    return locked_since[-1] if locked_since else time.monotonic()


def _open_there(source: Database, copy: Database) -> None:
    changes = source.read(copy.read(CopiedRows).find_changes)

    def finish(connection: Connection) -> None:
        # Where it is open, it was committed before, the answer was lost, and others may write there already.
        if ledger.lock_any_head(connection).is_closed:
            apply_changes(connection, changes)
            open_head(connection)

    copy.write(finish)
