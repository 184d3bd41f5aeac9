"""Everything that a rule may look at: nothing else reaches it, so the same case always has the same decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from supportdesk.sla.policy import Policy, Rung, in_force
from supportdesk.tickets.actors import Actor
from supportdesk.tickets.documents import Article, Contact, Organisation, Person, Release, Rotation
from supportdesk.tickets.events import TicketEvent
from supportdesk.tickets.ticket import Ticket


class ReferenceLookup(msgspec.Struct, frozen=True):
    """The records and tickets that a command names. Mappings are by key."""

    staff: Mapping[str, Person] = msgspec.field(default_factory=dict)
    organisations: Mapping[str, Organisation] = msgspec.field(default_factory=dict)
    contacts: Mapping[str, Contact] = msgspec.field(default_factory=dict)
    releases: Mapping[str, Release] = msgspec.field(default_factory=dict)
    articles: Mapping[str, Article] = msgspec.field(default_factory=dict)
    tickets: Mapping[str, Ticket] = msgspec.field(default_factory=dict)
    policies: Mapping[str, Policy] = msgspec.field(default_factory=dict)
    rotations: tuple[Rotation, ...] = ()

    def name(self, username: str) -> str:
        """The name of a member of staff; the username itself where it is not known."""
        person = self.staff.get(username)
        return person.name if person else username

    def ladder_at(self, at: datetime) -> tuple[Rung, ...]:
        """The rungs of the policy in force at an instant, the lowest first."""
        policy = in_force(self.policies.values(), at)
        return policy.ladder if policy is not None else ()


class AppliedCommand(msgspec.Struct, frozen=True):
    """The events of one command on a ticket, its actor and instant, and the ticket `before` it (None for a new one)."""

    actor: str
    at: datetime
    events: tuple[TicketEvent, ...]
    before: Ticket | None


class DecisionContext(msgspec.Struct, frozen=True):
    """What a rule decides on: the actor, the instant, the policy and the ticket (None for a new one).

    `policy` is the version that the ticket keeps, or the one in force at `now` for a new one. `now` is an aware UTC
    instant in whole seconds, never before the ticket's last change. `last` is what was done to the ticket last, for a
    command that looks back; None for others, and where words of it were erased.
    """

    now: datetime
    actor: Actor
    policy: Policy
    directory: ReferenceLookup
    subject: Ticket | None = None
    last: AppliedCommand | None = None

    @property
    def ticket(self) -> Ticket:
        """The ticket; a rule for tickets that exist is never asked without one."""
        assert self.subject is not None
        return self.subject
