"""Runs a scenario on one ticket, command by command, with only `decide` and `evolve`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from msgspec.structs import replace

from supportdesk import resources
from supportdesk.sla.clocks import ClockKind, ClockProjection, ClockStatus, epoch, status_at
from supportdesk.sla.policy import Policy
from supportdesk.sla.policy_file import load_policy
from supportdesk.tickets.actors import StaffActor
from supportdesk.tickets.command import Command, TicketCommand
from supportdesk.tickets.decide import decide
from supportdesk.tickets.decision_context import AppliedCommand, CaseRecords, DecisionContext
from supportdesk.tickets.documents import Article, Contact, Organisation, Person, Release, Role, Rotation
from supportdesk.tickets.events import NOTED_BESIDE, TicketEvent
from supportdesk.tickets.evolve import evolve
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.promises import project_ticket_clock
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.ticket import Ticket

MONDAY_NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday in winter: London's wall clock shows UTC."""


@cache
def claritum() -> Policy:
    """The policy that the desk ships with."""
    return load_policy(resources.data_path("policies/claritum.toml"))


def person(username: str, team: str, *roles: Role, rungs: tuple[str, ...] = ()) -> Person:
    return Person(
        username,
        username.title(),
        team,
        roles or (Role.AGENT,),
        f"+44 20 7946 000{len(username)}",
        rungs=rungs,
    )


RECORDS = CaseRecords(
    staff={
        each.username: each
        for each in (
            person("ann", "user-support"),
            person("sam", "user-support"),
            person("priya", "technical-support", Role.ENGINEER),
            person("dev", "development", Role.ENGINEER),
            person("sue", "user-support", Role.SUPERVISOR, rungs=("support-manager",)),
            person("dora", "technical-support", Role.SUPERVISOR, rungs=("director",)),
            person("max", "account-management", Role.ACCOUNT_MANAGER),
        )
    },
    organisations={"acme": Organisation("acme", "Acme Ltd", "max")},
    contacts={
        "jo": Contact("jo", "acme", "Jo Park", super_user=True),
        "kim": Contact("kim", "acme", "Kim Lo"),
        "new": Contact("new", "acme", "New Person", registered=False),
    },
    releases={
        "2026.12": Release("2026.12", date(2026, 12, 9)),
        "2026.11": Release("2026.11", date(2026, 11, 9)),
        "2026.10": Release("2026.10", date(2026, 10, 9), shipped_at=datetime(2026, 10, 9, tzinfo=UTC)),
        "2027.01": Release("2027.01", date(2027, 1, 20)),
    },
    articles={"KB-1": Article("KB-1", "Printing a logo"), "KB-2": Article("KB-2", "Exports")},
    rotations=(Rotation(("priya", "dora"), datetime(2026, 11, 2, 8, tzinfo=UTC), "Europe/London"),),
    policies={claritum().version: claritum()},
)


@dataclass
class Scenario:
    """One ticket and what was done to it. `at` is the present; refused commands change nothing."""

    at: datetime = MONDAY_NINE
    policy: Policy = field(default_factory=claritum)
    records: CaseRecords = RECORDS
    ticket: Ticket | None = None
    events: list[TicketEvent] = field(default_factory=list)
    history: list[tuple[TicketEvent, datetime, str]] = field(default_factory=list)
    last: AppliedCommand | None = None

    def case(self, by: str) -> DecisionContext:
        return DecisionContext(
            self.at, StaffActor(self.records.staff[by]), self.policy, self.records, self.ticket, self.last
        )

    def attempt(self, command: Command, by: str = "ann") -> Refusal | None:
        """Carry the command out, or return its refusal."""
        decision = decide(self._with_loaded_records(self.case(by), command), command)
        if isinstance(decision, Refusal):
            return decision
        self.apply(*decision, by=by)
        self.events = decision
        return None

    @staticmethod
    def _with_loaded_records(case: DecisionContext, command: Command) -> DecisionContext:
        """Return a case without the ticket's customer, where a desk does not load it for the command."""
        if not isinstance(command, TicketCommand) or command.reads_customer:
            return case
        return replace(case, records=replace(case.records, organisations={}, contacts={}))

    def do(self, command: Command, by: str = "ann") -> Ticket:
        """Carry out a command that must not be refused."""
        refusal = self.attempt(command, by)
        assert refusal is None, refusal.reason
        return self.now

    def refused(self, command: Command, by: str = "ann") -> str:
        """Return the reason of the refusal of a command that must be refused."""
        return self.refusal(command, by).reason

    def refusal(self, command: Command, by: str = "ann") -> Refusal:
        """Return the refusal of a command that must be refused."""
        before = self.ticket
        refusal = self.attempt(command, by)
        assert refusal is not None, f"{command} was not refused"
        assert self.ticket is before
        return refusal

    def apply(self, *events: TicketEvent, by: str) -> None:
        """Apply events without a rule, as a command of `by` would."""
        if not {type(event) for event in events} <= NOTED_BESIDE:
            self.last = AppliedCommand(by, self.at, events, self.ticket)
        for event in events:
            self.ticket = evolve(self.ticket, event, ref="CD-0000-0", at=self.at, actor=by)
            self.history.append((event, self.at, by))

    @property
    def now(self) -> Ticket:
        assert self.ticket is not None
        return self.ticket

    def later(self, **amount: float) -> Scenario:
        self.at += timedelta(**amount)
        return self

    def clock(self, kind: ClockKind) -> ClockProjection:
        return project_ticket_clock(self.policy, self.now, kind)

    def clock_status(self, kind: ClockKind) -> ClockStatus:
        clock = self.clock(kind)
        return status_at(clock, epoch(self.at), self.policy.calendar(clock.calendar))

    def with_records(self, **changes: Any) -> Scenario:
        """Replace some of the records: `with_records(tickets={...})`."""
        self.records = replace(self.records, **changes)
        return self


def logged(severity: str = "high", *, by: str = "ann", at: datetime = MONDAY_NINE, **fields: Any) -> Scenario:
    """Start a scenario with a request by a channel that the policy allows for its severity."""
    channel = {"critical": "hotline", "low": "portal"}.get(severity, "phone")
    scenario = Scenario(at=at)
    request = {
        "severity": severity,
        "channel": channel,
        "organisation": "acme",
        "contact": "jo",
        "summary": "Export stops half-way",
        **fields,
    }
    scenario.do(Log(**request), by)
    return scenario
