"""Opens the desk, watches it on a thread of its own, and posts what changed as messages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message

from supportdesk.console.messages import (
    ContactErased,
    DeskDisconnected,
    DeskFailed,
    DeskOpened,
    DeskReconnected,
    IncomingChanged,
    NewerVersionFound,
    QueueChanged,
    RecordsChanged,
    ReferenceDataChanged,
)
from supportdesk.console.watching.monitor import WatcherMonitor

if TYPE_CHECKING:
    from datetime import datetime

    from supportdesk.desk_api import DeskApi, Queries
    from supportdesk.heartbeat import HeartbeatPlace

WAIT_FOR_CHANGE = 1.0
"""Seconds for which a wait for changes may block its thread."""
REFERENCE_KINDS = frozenset(
    {"person", "release", "rotation", "override", "swap", "absence", "handover", "policy", "day"}
)
"""The kinds of records that make up the reference data: roster and policy."""
INCOMING_KINDS = frozenset({"incoming message"})
"""The kinds of records that change with each mail: other screens than those of the intake read nothing again."""
RETRY_DELAYS = (0.25, 0.5, 1.0, 2.0)
"""Seconds between attempts to reach a lost database; the last delay repeats."""


class DeskWatch:
    """Opens the desk for an operator, and watches it until `stop`.

    `post` may be called from any thread. `run` blocks its thread for as long as the desk is watched; the other methods
    may be called from any thread. `heartbeat` is where the heartbeat of the desk's watcher is, if there is one.
    """

    def __init__(
        self,
        connect: Callable[[], DeskApi],
        username: str,
        post: Callable[[Message], object],
        heartbeat: HeartbeatPlace | None = None,
    ) -> None:
        self.username = username
        self.post = post
        self._connect = connect
        self._monitor = WatcherMonitor(heartbeat, post)
        self._stopped = threading.Event()
        self._reading = threading.Lock()
        self._desk: DeskApi | None = None
        self._seq = 0
        self._seen: datetime | None = None
        self._is_disconnected = self._is_replaced = False
        self._newer_version = ""

    def run(self) -> None:
        """Open the desk and watch it until `stop`. Blocks its thread."""
        try:
            self._serve()
        except Exception as error:  # noqa: BLE001 - the event loop raises it, so that the console ends and says so
            self.post(DeskFailed(error))

    @property
    def seq(self) -> int:
        """The number of the last event that was read."""
        return self._seq

    def stop(self) -> None:
        """Stop watching and close the database."""
        self._stopped.set()
        if self._desk is not None:
            self._desk.close()

    @property
    def desk(self) -> DeskApi:
        """The desk, once `DeskOpened` has been posted."""
        assert self._desk is not None, "the desk is asked only after DeskOpened"
        return self._desk

    def post_changes(self) -> None:
        """Post the changes since the last look."""
        from supportdesk.desk_api import DeskUnavailableError

        try:
            self._poll_changes(self.desk)
        except DeskUnavailableError as error:
            self.report_disconnected(error)

    def report_disconnected(self, error: Exception) -> None:
        """Post once that the desk cannot be reached, until it can be again; and once that it was replaced."""
        from supportdesk.desk_api import DeskReplacedError

        replaced = isinstance(error, DeskReplacedError)
        if not self._is_disconnected or (replaced and not self._is_replaced):
            self._is_disconnected, self._is_replaced = True, replaced
            headline = error.headline if isinstance(error, DeskReplacedError) else None
            self.post(DeskDisconnected(str(error), self._seen, headline))

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
                self.report_disconnected(error)
                self._stopped.wait(RETRY_DELAYS[min(tries, len(RETRY_DELAYS) - 1)])
                tries += 1

    def _open(self, desk: DeskApi) -> None:
        from supportdesk.console.queue.desk_vocabulary import vocabulary_of
        from supportdesk.console.queue.model import QueueModel
        from supportdesk.console.queue.views import standard_views
        from supportdesk.sla.clocks import epoch

        try:
            now = desk.now()
            policy, person, roster = desk.policy_at(now), desk.person(self.username), desk.roster()
            snapshot = desk.queue()
        except BaseException:
            # The next attempt opens another.
            desk.close()
            raise
        views = standard_views(vocabulary_of(self.username, desk.policies.values(), roster))
        model = QueueModel([(each.key, each.name) for each in policy.severities], self.username, views)
        model.load(snapshot.rows, epoch(now))
        self._desk, self._seq, self._seen, self._is_disconnected = desk, snapshot.seq, now, False
        self.post(DeskOpened(desk, model, person, policy, roster))

    def _watch(self, desk: DeskApi) -> None:
        if self._is_disconnected:
            # A moment later: each reconnection has everything read again, and what failed may fail once more.
            self._stopped.wait(RETRY_DELAYS[0])
            self._poll_changes(desk)
            self._is_disconnected = False
            self.post(DeskReconnected())
        elif desk.wait_for_change(WAIT_FOR_CHANGE):
            self._poll_changes(desk)
        self._monitor.look(desk)
        self._seen = desk.now()
        if desk.newer_version != self._newer_version:
            self._newer_version = desk.newer_version
            self.post(NewerVersionFound(desk.newer_version))

    def _poll_changes(self, desk: Queries) -> None:
        """Post what changed since the last look: a message for each fact, and none of them in place of another."""
        # Under a lock, so that what is posted later is never older.
        with self._reading:
            changes = desk.changes(self._seq)
            if changes.seq == self._seq:
                return
            messages: list[Message] = []
            if changes.erased or changes.records is None or not changes.records.isdisjoint(REFERENCE_KINDS):
                # First, since the tickets may be the first of a new policy or owner.
                messages.append(ReferenceDataChanged(desk.policy_at(desk.now()), desk.roster()))
            if others := (changes.records or frozenset()) - INCOMING_KINDS:
                messages.append(RecordsChanged(others))
            if changes.erased or not INCOMING_KINDS.isdisjoint(changes.records or ()):
                messages.append(IncomingChanged())
            if changes.erased:
                messages.append(ContactErased())
            if changes.rows:
                messages.append(QueueChanged(changes.rows))
            # Only now: if the roster cannot be read, all changes are read again.
            self._seq = changes.seq
            for message in messages:
                self.post(message)
