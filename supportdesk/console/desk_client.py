"""The console's client of the desk: makes the blocking calls on threads and posts the results as messages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

from textual.message import Message

from supportdesk.console.messages import (
    DeskDisconnected,
    DeskFailed,
    DeskOpened,
    DeskReconnected,
    ExplanationLoaded,
    QueueChanged,
    RecordsChanged,
    ReferenceDataChanged,
    TicketLoaded,
)

if TYPE_CHECKING:
    from datetime import datetime

    from supportdesk.desk_api import DeskApi, Outcome, Queries
    from supportdesk.store.read_models import TicketView
    from supportdesk.tickets.command import Command, Refusal
    from supportdesk.tickets.record_undo import RecordChange

WAIT_FOR_CHANGE = 1.0
"""Seconds for which a wait for changes may block its thread."""
REFERENCE_KINDS = frozenset({"person", "release", "rotation", "policy", "day"})
"""The kinds of records that make up the reference data: roster and policy."""
RETRY_DELAYS = (0.25, 0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts to reach a lost database; the last delay repeats."""


class DeskClient:
    """Opens the desk, watches it for changes, and sends one operator's queries and commands.

    `post` may be called from any thread. The methods block, except `stop`; call them on threads.
    """

    def __init__(
        self, connect: Callable[[], DeskApi], username: str, post: Callable[[Message], object]
    ) -> None:
        self._connect = connect
        self._username = username
        self._post = post
        self._stopped = threading.Event()
        self._reading = threading.Lock()
        self._ids: dict[Command, str] = {}
        self._desk: DeskApi | None = None
        self._seq = 0
        self._seen: datetime | None = None
        self._lost = False

    def run(self) -> None:
        """Open the desk and watch it until `stop`. Blocks its thread."""
        try:
            self._serve()
        except Exception as error:  # noqa: BLE001 - the event loop raises it, so that the console ends and says so
            self._post(DeskFailed(error))

    def stop(self) -> None:
        """Stop watching and close the database."""
        self._stopped.set()
        if self._desk is not None:
            self._desk.close()

    def do(self, command: Command, command_id: str | None = None) -> Outcome:
        """Execute a command and post the changes at once. A desk that cannot be reached is a refusal.

        Whether a command took effect before the connection was lost is unknown. A command without an id is given one,
        which is reused until the outcome is known, so that the same command sent again is executed once.
        """
        from supportdesk.desk_api import Applied, DeskRestoredError, DeskUnavailableError, UnknownTicketError
        from supportdesk.tickets.command import Refusal

        command_id = command_id or self._ids.setdefault(command, str(uuid4()))
        try:
            outcome = self._desk_api().do(command, by=self._username, command_id=command_id)
        except DeskUnavailableError as error:
            self._report_lost(error)
            reason = str(error).rstrip(".")
            if isinstance(error, DeskRestoredError):
                return Refusal(f"{reason}. Nothing was sent; what you typed is saved.")
            return Refusal(f"{reason}. What you typed is saved: send it again when the desk is back.")
        except UnknownTicketError as error:
            outcome = Refusal(str(error))
        self._ids.pop(command, None)
        if isinstance(outcome, Applied):
            self.post_changes()
        return outcome

    def post_changes(self) -> None:
        """Post the changes since the last look."""
        from supportdesk.desk_api import DeskUnavailableError

        try:
            self._poll_changes(self._desk_api())
        except DeskUnavailableError as error:
            self._report_lost(error)

    def ticket(self, ref: str) -> TicketView | Refusal:
        """Return a ticket with its timeline, or why it cannot be read."""
        from supportdesk.desk_api import DeskUnavailableError, UnknownTicketError
        from supportdesk.tickets.command import Refusal

        try:
            return self._desk_api().ticket(ref)
        except UnknownTicketError:
            return Refusal(f"There is no ticket {ref}; check the reference.")
        except DeskUnavailableError as error:
            self._report_lost(error)
            return Refusal(str(error))

    def last_undoable_ticket(self) -> str | Refusal:
        """Return the reference of the ticket of the operator's last undoable action, or why there is none."""
        from supportdesk.desk_api import DeskUnavailableError
        from supportdesk.tickets.command import Refusal

        try:
            ref = self._desk_api().last_undoable_ticket(self._username)
        except DeskUnavailableError as error:
            self._report_lost(error)
            return Refusal(str(error))
        return ref or Refusal("You have done nothing in the last ten minutes that can be undone.")

    def last_record_change(self) -> RecordChange | Refusal:
        """Return the operator's last change to a record that may still be taken back, or why there is none."""
        from supportdesk.desk_api import DeskUnavailableError
        from supportdesk.tickets.command import Refusal

        try:
            change = self._desk_api().last_record_change(self._username)
        except DeskUnavailableError as error:
            self._report_lost(error)
            return Refusal(str(error))
        return change or Refusal("You have changed no record in the last ten minutes.")

    def post_ticket(self, ref: str) -> None:
        """Read a ticket with its timeline and post it."""
        from supportdesk.tickets.command import Refusal

        read = self.ticket(ref)
        self._post(
            TicketLoaded(ref, None, read.reason) if isinstance(read, Refusal) else TicketLoaded(ref, read)
        )

    def explain(self, ref: str) -> None:
        """Post the explanations of both clocks of a ticket."""
        from supportdesk.desk_api import DeskUnavailableError, UnknownTicketError
        from supportdesk.sla.clocks import ClockKind

        desk = self._desk_api()
        try:
            self._post(ExplanationLoaded(ref, {kind: desk.explain(ref, kind) for kind in ClockKind}))
        except UnknownTicketError:
            return
        except DeskUnavailableError as error:
            self._report_lost(error)

    def post_reference_data(self) -> None:
        """Post the policy in force and the roster: staff, releases and who is on call."""
        from supportdesk.desk_api import DeskUnavailableError

        desk = self._desk_api()
        try:
            self._post(ReferenceDataChanged(desk.policy_at(desk.now()), desk.roster()))
        except DeskUnavailableError as error:
            self._report_lost(error)

    def _desk_api(self) -> DeskApi:
        assert self._desk is not None, "the desk is asked only after DeskOpened"
        return self._desk

    def _serve(self) -> None:
        from supportdesk.desk_api import DeskUnavailableError

        tries = 0
        while not self._stopped.is_set():
            try:
                if self._desk is None:
                    self._open(self._connect())
                else:
                    self._watch(self._desk)
                tries = 0
            except DeskUnavailableError as error:
                self._report_lost(error)
                self._stopped.wait(RETRY_DELAYS[min(tries, len(RETRY_DELAYS) - 1)])
                tries += 1

    def _open(self, desk: DeskApi) -> None:
        from supportdesk.console.queue.model import QueueModel
        from supportdesk.console.queue.views import standard_views
        from supportdesk.console.queue.vocabulary import vocabulary_of
        from supportdesk.sla.clocks import epoch

        try:
            now = desk.now()
            policy, person, roster = desk.policy_at(now), desk.person(self._username), desk.roster()
            snapshot = desk.queue()
        except BaseException:
            # The next attempt opens another.
            desk.close()
            raise
        views = standard_views(vocabulary_of(self._username, desk.policies.values(), roster))
        model = QueueModel([(each.key, each.name) for each in policy.severities], self._username, views)
        model.load(snapshot.rows, epoch(now))
        self._desk, self._seq, self._seen, self._lost = desk, snapshot.seq, now, False
        self._post(DeskOpened(desk, model, person, policy, roster))

    def _watch(self, desk: Queries) -> None:
        if self._lost:
            self._poll_changes(desk)
            self._lost = False
            self._post(DeskReconnected())
        elif desk.wait_for_change(WAIT_FOR_CHANGE):
            self._poll_changes(desk)
        self._seen = desk.now()

    def _poll_changes(self, desk: Queries) -> None:
        """Post what changed since the last look: a message for each fact, and none of them in place of another."""
        # Under a lock, so that what is posted later is never older.
        with self._reading:
            changes = desk.changes(self._seq)
            if changes.seq == self._seq:
                return
            messages: list[Message] = []
            if changes.records is None or not changes.records.isdisjoint(REFERENCE_KINDS):
                # First, since the tickets may be the first of a new policy or owner.
                messages.append(ReferenceDataChanged(desk.policy_at(desk.now()), desk.roster()))
            if changes.records:
                messages.append(RecordsChanged(changes.records))
            if changes.rows:
                messages.append(QueueChanged(changes.rows))
            # Only now: if the roster cannot be read, all changes are read again.
            self._seq = changes.seq
            for message in messages:
                self._post(message)

    def _report_lost(self, error: Exception) -> None:
        if not self._lost:
            self._lost = True
            self._post(DeskDisconnected(str(error), self._seen))
