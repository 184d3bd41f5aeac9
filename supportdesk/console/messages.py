"""The messages from the desk's threads to the console. Posted from any thread, handled on the event loop.

They are imported before the queue is on the screen: without `eq` and `repr`, which nothing needs, in half the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from datetime import datetime

    from supportdesk.console.queue.model import QueueModel
    from supportdesk.desk_api import DeskApi
    from supportdesk.heartbeat import Heartbeat
    from supportdesk.sla.clocks import ClockKind
    from supportdesk.sla.explain import Explanation
    from supportdesk.sla.policy import Policy
    from supportdesk.store.read_models import DueTicket, QueueRow, Roster, TicketView
    from supportdesk.tickets.documents import Person
    from supportdesk.tickets.escalation.explanation import EscalationExplanation


@dataclass(eq=False, repr=False)
class DeskOpened(Message):
    """The desk is open and its queue has been read."""

    desk: DeskApi
    """The desk's API; on the event loop only its time and policies are read, which need no I/O."""
    model: QueueModel
    """The whole queue."""
    person: Person | None
    """The operator; None if they are not on the staff."""
    policy: Policy
    """The policy in force."""
    roster: Roster
    """Staff, releases and who is on call."""


@dataclass(eq=False, repr=False)
class QueueChanged(Message):
    """Tickets changed, at this console or another. No message replaces another: each holds different tickets."""

    rows: list[QueueRow]
    """The current state of each changed ticket, closed ones included."""


@dataclass(eq=False, repr=False)
class ReferenceDataChanged(Message):
    """Staff, releases, the rota or the policy may have changed."""

    policy: Policy
    """The policy in force."""
    roster: Roster
    """Staff, releases and who is on call."""

    def can_replace(self, message: Message) -> bool:
        """Return whether a later message replaces this one: each holds the whole roster."""
        return isinstance(message, ReferenceDataChanged)


@dataclass(eq=False, repr=False)
class RecordsChanged(Message):
    """Records were saved, at this console or another: customers, contacts, articles, releases, staff, ..."""

    kinds: frozenset[str]
    """The kinds of the records, by their names in the ledger."""

    def can_replace(self, message: Message) -> bool:
        """Return whether a later message replaces this one: it names at least the same kinds."""
        return isinstance(message, RecordsChanged) and self.kinds <= message.kinds


class IncomingChanged(Message):
    """Messages arrived by mail, or were settled, at this console or another."""

    def can_replace(self, message: Message) -> bool:
        """Return whether a later message replaces this one: none says which of them."""
        return isinstance(message, IncomingChanged)


class ContactErased(Message):
    """A contact was erased: whatever was read or typed before may name them."""


@dataclass(eq=False, repr=False)
class DeskDisconnected(Message):
    """The database cannot be reached; the client retries until it can."""

    reason: str
    """Why, and what to do."""
    since: datetime | None
    """When it was last reached; None if never."""
    headline: str | None = None
    """What the header says where the desk was replaced or moved, so that the program has to be started again."""


@dataclass(eq=False, repr=False)
class WatcherSeen(Message):
    """The heartbeat of the desk's watcher is another than before, or was looked at for the first time."""

    heartbeat: Heartbeat | None
    """The heartbeat; None where there is none."""
    looked_at: datetime
    """The desk's time when it was read."""

    def can_replace(self, message: Message) -> bool:
        """Return whether a later message replaces this one: only the last heartbeat counts."""
        return isinstance(message, WatcherSeen)


@dataclass(eq=False, repr=False)
class StepsOverdue(Message):
    """Other tickets than before wait for something that was due some time ago and that no watcher has done."""

    tickets: tuple[DueTicket, ...]
    """The tickets, what is due longest first; empty once all of it is done."""

    def can_replace(self, message: Message) -> bool:
        """Return whether a later message replaces this one: each holds all of them."""
        return isinstance(message, StepsOverdue)


@dataclass(eq=False, repr=False)
class NewerVersionFound(Message):
    """A newer version of the program has upgraded the desk, and this one goes on; posted once for each."""

    version: str
    """The number of the desk's schema."""


class DeskReconnected(Message):
    """The database can be reached again; the changes in between have been posted before this."""


@dataclass(eq=False, repr=False)
class DeskFailed(Message):
    """The desk's thread raised an unexpected error."""

    error: Exception
    """The error, which the event loop raises again."""


@dataclass(eq=False, repr=False)
class TicketLoaded(Message):
    """A requested ticket has been read, with its timeline."""

    ref: str
    """Its reference."""
    view: TicketView | None
    """The ticket; None if there is no such ticket or it could not be read."""
    refusal: str = ""
    """Why it could not be read."""
    escalation: EscalationExplanation | None = None
    """Its escalation as of now; None where nobody has to do anything any more, or it could not be read."""

    def can_replace(self, message: Message) -> bool:
        """Return whether a later message replaces this one: it is about the same ticket."""
        return isinstance(message, TicketLoaded) and message.ref == self.ref


@dataclass(eq=False, repr=False)
class ExplanationLoaded(Message):
    """The explanations of a ticket's clocks have been computed."""

    ref: str
    """The ticket's reference."""
    explanations: dict[ClockKind, Explanation]
    """The explanation of each clock, by its kind."""

    def can_replace(self, message: Message) -> bool:
        """Return whether a later message replaces this one: it is about the same ticket."""
        return isinstance(message, ExplanationLoaded) and message.ref == self.ref
