"""Everything that a rule may look at: nothing else reaches it, so the same case always has the same decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from supportdesk.sla.policy import Policy
from supportdesk.tickets.actors import Actor
from supportdesk.tickets.documents import Article, Contact, DeskNotice, Organisation, Release
from supportdesk.tickets.events import TicketEvent
from supportdesk.tickets.incoming_message import IncomingMessage
from supportdesk.tickets.outbox.delivery import Delivery
from supportdesk.tickets.staff_data import StaffData
from supportdesk.tickets.ticket import Ticket
from supportdesk.tickets.watch import TicketWatch


class CaseRecords(StaffData, frozen=True):
    """The reference data, and the records and tickets that the command names. Mappings are by key."""

    organisations: Mapping[str, Organisation] = msgspec.field(default_factory=dict)
    contacts: Mapping[str, Contact] = msgspec.field(default_factory=dict)
    releases: Mapping[str, Release] = msgspec.field(default_factory=dict)
    articles: Mapping[str, Article] = msgspec.field(default_factory=dict)
    notices: Mapping[str, DeskNotice] = msgspec.field(default_factory=dict)
    incoming: Mapping[str, IncomingMessage] = msgspec.field(default_factory=dict)
    tickets: Mapping[str, Ticket] = msgspec.field(default_factory=dict)


class AppliedCommand(msgspec.Struct, frozen=True):
    """The events of one command on a ticket, its actor and instant, and the ticket `before` it (None for a new one)."""

    actor: str
    at: datetime
    events: tuple[TicketEvent, ...]
    before: Ticket | None


class DecisionContext(msgspec.Struct, frozen=True):
    """What a rule decides on: the actor, the instant, the policy and the ticket (None for a new one).

    `policy` is the version that the ticket keeps, or the one in force at `now` for a new one. `now` is an aware UTC
    instant in whole seconds, never before the ticket's last change. `last` is the last command on the ticket, for undo;
    None for other commands, and where texts of it were erased. `watch` is what is to fall due on the ticket, for the
    watcher's commands; None for others. `delivery` is what an attempt to send was about, and `clock` what the clock
    said, which is before `now` where it was set back; None for other commands.
    """

    now: datetime
    actor: Actor
    policy: Policy
    records: CaseRecords
    subject: Ticket | None = None
    last: AppliedCommand | None = None
    watch: TicketWatch | None = None
    delivery: Delivery | None = None
    clock: datetime | None = None

    @property
    def ticket(self) -> Ticket:
        """The ticket. Only for commands on a ticket that exists."""
        assert self.subject is not None
        return self.subject
