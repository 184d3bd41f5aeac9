"""The write path: a command is cleaned, decided by pure rules, and recorded as events in one short transaction.

Imported with the first command: nothing that only reads a desk needs the rules.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from supportdesk.desk.desk_database import stored_reference
from supportdesk.desk_api import Applied, Commands, Erasures, Outcome, Transaction
from supportdesk.sla.calendar import CalendarError
from supportdesk.store import payloads, processed_commands, ticket_queries
from supportdesk.store.command_envelope import CommandEnvelope, HandlerContext
from supportdesk.store.command_handler import handle_command, preview_command
from supportdesk.store.continuity import Beginning, CheckedDatabase
from supportdesk.store.date_guard import LatestEventTime, find_last, refuse_date
from supportdesk.store.errors import (
    DeskUnavailableError,
    ForbiddenError,
    NewerDataError,
    UncleanTextError,
    UnknownTicketError,
)
from supportdesk.store.read_models import DueTicket, Erasure, ErasurePreview, QueueRow
from supportdesk.store.record_handler import is_record
from supportdesk.store.reference_data import ReferenceCache
from supportdesk.tickets.command import LINE_LIMIT, ArgumentType, Command, TicketCommand
from supportdesk.tickets.plain_text import clean_line
from supportdesk.tickets.process.time import CorrectTime
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import EraseContact
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.sanitize import sanitize

T = TypeVar("T")
Handler = Callable[[CommandEnvelope], Outcome]
"""Carries out one command in the transaction that is under way."""


class DeskCommands(Commands, Erasures):
    """Carries out commands on a database.

    `clock` returns the machine's time, in whole UTC seconds. `date_is_confirmed` says whether somebody vouches for the
    date, although nothing has happened on the desk for long.
    """

    def __init__(
        self,
        database: CheckedDatabase,
        cache: ReferenceCache,
        clock: Callable[[], datetime],
        date_is_confirmed: Callable[[], bool],
    ) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock
        self._date_is_confirmed = date_is_confirmed
        self._latest = LatestEventTime()

    def do(
        self, command: Command, *, by: str, command_id: str | None = None, begun: int | None = None
    ) -> Outcome:
        """Carry out a command, once for each `command_id`, or return the reason why not; see `Commands`."""
        envelope = _make_envelope(command, by, command_id or uuid.uuid4().hex, begun)
        if isinstance(envelope, Refusal):
            return envelope
        if isinstance(command, EraseContact) and self._database.find_other_owner() is not None:
            refusal = self.preview_erasure(command.contact, by=by)
            assert isinstance(refusal, Refusal)
            return refusal
        outcome = self._write(lambda connection, beginning: self._handler(connection, beginning)(envelope))
        if is_record(command) or isinstance(command, UndoRecord):
            self._refresh_cache()
        return outcome

    def remove_traces(self) -> None:
        """Remove for good what erasures left in free space of the database; see `Erasures`."""
        self._database.remove_traces()

    def find_last_erasure(self) -> Erasure | None:
        """Return when a contact was last erased; None without an erasure."""
        from supportdesk.store.erasure.attestation import load_last_erasure

        return self._database.read(load_last_erasure)

    def preview_erasure(self, contact: str, *, by: str) -> ErasurePreview | Refusal:
        """Return what erasing a contact would change, or why they cannot be erased. Only reads."""
        # Imported when a contact is to be erased, which is rare.
        from supportdesk.store.erasure.preview import preview_erasure

        owner = self._database.find_other_owner()
        preview = self._database.read(
            lambda connection: preview_erasure(
                connection, contact, by, self._cache.refresh(connection), self._clock(), owner=owner
            )
        )
        if isinstance(preview, Refusal):
            return preview
        return msgspec.structs.replace(preview, copies=tuple(self._database.list_copies()))

    def transaction(self, work: Callable[[Transaction], T]) -> T | Refusal:
        """Return what `work` returns, after writing its commands in one transaction; or why none can be written."""
        written = self._write(
            lambda connection, beginning: work(
                _OpenTransaction(connection, self._handler(connection, beginning))
            )
        )
        self._refresh_cache()
        return written

    def preview(self, commands: Iterable[TicketCommand], *, by: str) -> list[QueueRow | Refusal]:
        """Return the queue row that each command's ticket would have after it alone, or why not. Only reads."""
        envelopes = [_try_envelope(command, by) for command in commands]

        def read(connection: Connection) -> list[QueueRow | Refusal]:
            context = HandlerContext(self._clock(), self._cache.refresh, is_newer=bool(self._database.newer))
            seq, last_at = find_last(connection)
            refusal = refuse_date(
                context.now,
                last_at,
                lambda: self._latest.read(connection, seq),
                confirmed=self._date_is_confirmed(),
                local_time=self._cache.data.local_time,
            )
            if refusal is not None:
                return [refusal for _ in envelopes]
            return [
                each if isinstance(each, Refusal) else preview_command(connection, each, context)
                for each in envelopes
            ]

        try:
            return self._database.read(read)
        except CalendarError as error:
            return [Refusal(str(error)) for _ in envelopes]

    def _write(self, work: Callable[[Connection, Beginning], T]) -> T | Refusal:
        payloads.prepare()
        try:
            return self._database.write_after(work)
        except (CalendarError, ForbiddenError, NewerDataError, UncleanTextError) as error:
            return Refusal(str(error))

    def _handler(self, connection: Connection, beginning: Beginning) -> Handler:
        # A cache of its own: nobody else may see what a transaction has written before it is committed.
        own_cache = ReferenceCache(self._cache.data)
        seen = beginning.seq

        def handle_one(envelope: CommandEnvelope) -> Outcome:
            nonlocal seen
            context = HandlerContext(
                self._clock(), own_cache.refresh, seen, is_newer=bool(self._database.newer)
            )
            confirmed = self._date_is_confirmed() or isinstance(envelope.command, CorrectTime)
            refusal = refuse_date(
                context.now,
                beginning.last_at,
                lambda: self._latest.read(connection, beginning.seq),
                confirmed=confirmed,
                local_time=own_cache.data.local_time,
            )
            if refusal is not None:
                return refusal
            processed = handle_command(connection, envelope, context)
            if isinstance(processed, Refusal):
                return processed
            if not processed.repeated:
                seen = processed.seq
            return Applied(processed.ref, processed.seq, repeated=processed.repeated)

        return handle_one

    def _refresh_cache(self) -> None:
        # The command was written, even where the database cannot be read just now.
        with suppress(DeskUnavailableError):
            self._database.read(self._cache.refresh)


class _OpenTransaction(Transaction):
    """Carries out commands one by one in a transaction that is under way, and reads what they have changed."""

    def __init__(self, connection: Connection, handle_one: Handler) -> None:
        self._connection = connection
        self._handle_one = handle_one

    def __call__(self, command: Command, *, by: str, command_id: str, begun: int | None = None) -> Outcome:
        envelope = _make_envelope(command, by, command_id, begun)
        return envelope if isinstance(envelope, Refusal) else self._handle_one(envelope)

    def find_due(self, at: datetime) -> DueTicket | None:
        """Return the ticket on which something is due by `at`, what is due longest; None where nothing is."""
        first = ticket_queries.find_next_due(self._connection)
        if first is None or first > at:
            return None
        return ticket_queries.load_due(self._connection, first, limit=1)[0]

    def list_paged(self, ref: str) -> tuple[str, ...]:
        """Return the usernames of those who are paged for a ticket and have not acknowledged."""
        pages = ticket_queries.load_ticket(self._connection, ref).open_pages
        return tuple(page.person for page in pages if page.person is not None)


def _try_envelope(command: TicketCommand, by: str) -> CommandEnvelope | Refusal:
    try:
        return _make_envelope(command, by, uuid.uuid4().hex)
    except UnknownTicketError as error:
        return Refusal(str(error))


def _make_envelope(
    command: Command, by: str, command_id: str, begun: int | None = None
) -> CommandEnvelope | Refusal:
    """Return a command with clean texts and references. Raises UnknownTicketError for what cannot be a reference."""
    for name, value in (("username", by), ("command's id", command_id)):
        if clean_line(value, LINE_LIMIT).text != value or not value:
            return Refusal(f"the {name} must be a short plain text")
    sanitized = sanitize(_with_stored_references(command))
    if isinstance(sanitized, Refusal):
        return sanitized
    digest = processed_commands.digest(sanitized.command)
    return CommandEnvelope(sanitized.command, sanitized.cuts, by, command_id, digest, begun)


def _with_stored_references(command: Command) -> Command:
    changes = {
        argument.name: stored_reference(getattr(command, argument.name))
        for argument in type(command).arguments()
        if argument.value_type is ArgumentType.TICKET and getattr(command, argument.name)
    }
    if isinstance(command, TicketCommand):
        changes["ref"] = stored_reference(command.ref)
    return replace(command, **changes)
