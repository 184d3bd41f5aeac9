"""What the desk's threads tell the console. Posted from any thread, handled on the event loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from datetime import datetime

    from supportdesk.console.queue.model import QueueModel
    from supportdesk.desk_api import DeskApi
    from supportdesk.sla.clocks import Kind
    from supportdesk.sla.explain import Explanation
    from supportdesk.sla.policy import Policy
    from supportdesk.store.read_models import QueueRow, Roster, TicketView
    from supportdesk.tickets.documents import Person


@dataclass
class DeskOpened(Message):
    """The desk is open and its queue has been read."""

    door: DeskApi
    """The way in; for the present and the policies, nothing else is asked of it on the event loop."""
    model: QueueModel
    """The whole queue."""
    person: Person | None
    """Who sits there; None for somebody who is not on the staff."""
    policy: Policy
    """The policy in force."""
    roster: Roster
    """Staff, releases and who is on call."""


@dataclass
class QueueChanged(Message):
    """Tickets changed, here or at another console. None of these stands for another: each has tickets of its own."""

    rows: list[QueueRow]
    """Each as it is now, closed ones too."""


@dataclass
class ReferenceDataChanged(Message):
    """Staff, releases, the rota or the policy may have changed."""

    policy: Policy
    """The policy in force."""
    roster: Roster
    """Staff, releases and who is on call."""

    def can_replace(self, message: Message) -> bool:
        """Whether a later message makes this one needless: the whole roster is in each."""
        return isinstance(message, ReferenceDataChanged)


@dataclass
class RecordsChanged(Message):
    """Records were saved, here or at another console: customers, contacts, articles, releases, staff, ..."""

    kinds: frozenset[str]
    """Their kinds, as the ledger names them."""

    def can_replace(self, message: Message) -> bool:
        """Whether a later message makes this one needless: it tells of the same kinds."""
        return isinstance(message, RecordsChanged) and self.kinds <= message.kinds


@dataclass
class DeskDisconnected(Message):
    """The database cannot be used; it is tried again until it can."""

    reason: str
    """Why, and what to do."""
    since: datetime | None
    """When it was last in reach; None where it never was."""


class DeskReconnected(Message):
    """The database is back; what changed in between has been posted before this."""


@dataclass
class DeskFailed(Message):
    """The desk's thread met an error that nobody foresaw."""

    error: Exception
    """What it was."""


@dataclass
class TicketLoaded(Message):
    """A ticket with its timeline, as it was asked for."""

    ref: str
    """Its reference."""
    view: TicketView | None
    """The ticket; None where there is none of that reference, or it could not be read."""
    refusal: str = ""
    """Why it could not be read."""

    def can_replace(self, message: Message) -> bool:
        """Whether a later message makes this one needless: it is about the same ticket."""
        return isinstance(message, TicketLoaded) and message.ref == self.ref


@dataclass
class ExplanationLoaded(Message):
    """How the figure of a ticket's clock came about."""

    ref: str
    """The ticket's reference."""
    explanations: dict[Kind, Explanation]
    """By clock."""

    def can_replace(self, message: Message) -> bool:
        """Whether a later message makes this one needless: it is about the same ticket."""
        return isinstance(message, ExplanationLoaded) and message.ref == self.ref
