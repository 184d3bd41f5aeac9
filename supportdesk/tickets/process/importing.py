"""Imports a ticket's history from another system, as events of this desk at the recorded times.

The other system resolved by its own rules, so these commands have rules of their own, which mark what happened as
recorded elsewhere. The verdicts are this desk's: its clocks stop at the recorded times and judge by its policy. What
counts as the response is what the record proves (rule 3): a wait for the customer, who must have been asked something,
or the resolution. An owner or a status proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from supportdesk.sla.clocks import ClockKind
from supportdesk.sla.formatting import dated_time
from supportdesk.tickets.actors import SERVICES
from supportdesk.tickets.command import (
    ANY_STAGE,
    ArgumentType,
    Command,
    Decision,
    TicketCommand,
    argument,
    rule_for,
)
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.events import (
    Acknowledged,
    Assigned,
    Claimed,
    ClockStopped,
    Closed,
    Event,
    HandedBack,
    Logged,
    Noted,
    Paged,
    PageShown,
    PageUnsent,
    Reopened,
    Resolved,
    SendAttempted,
    StepTaken,
    TicketEvent,
    WaitBegan,
    WaitEnded,
)
from supportdesk.tickets.evolve import evolve
from supportdesk.tickets.permissions import IMPORTERS
from supportdesk.tickets.policy_keys import refuse_unknown_key
from supportdesk.tickets.process.closure import WITHDRAWN, stop_both_clocks
from supportdesk.tickets.process.severity import (
    IMPACT_CHANGED,
    WRONG_AT_TRIAGE,
    ChangeSeverity,
    make_severity_change,
)
from supportdesk.tickets.promises import compute_verdict
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.ticket import CUSTOMER, WAITS, Stage, Ticket

ELSEWHERE = "recorded elsewhere"

STAGES = (Stage.TRIAGE.value, Stage.RESOLUTION.value, Stage.RESOLVED.value, Stage.CLOSED.value)
REASONS = (IMPACT_CHANGED, WRONG_AT_TRIAGE)


@dataclass(frozen=True, slots=True)
class ImportRequest(Command):
    """Import a request that another system logged.

    `source` names that system and its number for the request.
    """

    tag = "TakeInRequest"
    needs = IMPORTERS

    source: str = argument("the other system and its number for the request")
    at: datetime = argument("when it was recorded there", value_type=ArgumentType.INSTANT)
    received_at: datetime = argument("when it arrived there", value_type=ArgumentType.INSTANT)
    severity: str = argument("how severe it was at first", value_type=ArgumentType.SEVERITY)
    channel: str = argument("how it reached the other system", value_type=ArgumentType.CHANNEL)
    organisation: str = argument("the customer", value_type=ArgumentType.ORGANISATION)
    contact: str = argument("who requested it", value_type=ArgumentType.CONTACT)
    team: str = argument("the team that had it first", value_type=ArgumentType.TEAM)
    summary: str = argument("what was wrong, in one line")
    description: str = argument("all that was known", value_type=ArgumentType.TEXT, default="")


@dataclass(frozen=True, slots=True)
class ImportState(TicketCommand):
    """Import the state of a ticket in another system at one moment.

    The moments of a ticket are imported in order.
    """

    tag = "TakeInHistory"
    needs = IMPORTERS
    stages = ANY_STAGE

    at: datetime = argument("the moment", value_type=ArgumentType.INSTANT)
    severity: str = argument("how severe it was", value_type=ArgumentType.SEVERITY)
    stage: str = argument("how far it was; triage before anybody worked on it", choices=STAGES)
    team: str = argument("the team that had it", value_type=ArgumentType.TEAM)
    owner: str = argument("who owned it", value_type=ArgumentType.PERSON, default="")
    waiting: str = argument("what it was on hold for", choices=("", *WAITS), default="")
    record: str = argument("what the other system calls stage and team", default="")
    because: str = argument("where another severity came from", choices=REASONS, default=IMPACT_CHANGED)
    note: str = argument(
        "what else it says, for which there is no place here", value_type=ArgumentType.TEXT, default=""
    )
    ended: str = argument(
        "how it was closed without being resolved", choices=("", WITHDRAWN), default="", later=True
    )


@rule_for(ImportRequest)
def import_request(case: DecisionContext, command: ImportRequest) -> Decision:
    """Log a ticket with the other system's number. That system had its own channels, so none is out of policy."""
    if command.at > case.now:
        return Refusal(f"{dated_time(command.at, case.policy.timezone)} is in the future")
    if command.received_at > command.at:
        return Refusal("it cannot have arrived later than it was recorded")
    unknown = refuse_unknown_key(
        case.policy, severity=command.severity, channel=command.channel, team=command.team
    )
    if unknown is not None:
        return unknown
    return [
        Logged(
            policy=case.policy.version,
            received_at=command.received_at,
            channel=command.channel,
            severity=command.severity,
            summary=command.summary,
            description=command.description,
            organisation=command.organisation,
            contact=command.contact,
            team=command.team,
            source=command.source,
        )
    ]


_OF_THE_WATCHER = (StepTaken, SendAttempted, PageUnsent, PageShown, Paged)
_TAGS = frozenset(str(each.__struct_config__.tag) for each in _OF_THE_WATCHER)


def counts_as_change(tag: str, actor: str) -> bool:
    """Return whether an event, by its tag, changes what another system records, so that no older state may follow.

    The steps of an escalation and what is sent do not: a watcher records them whenever they are due. A page by a person
    does.
    """
    return tag not in _TAGS or (tag == Paged.__struct_config__.tag and actor not in SERVICES)


def find_last_change(history: Iterable[tuple[Event | None, datetime, str]]) -> datetime | None:
    """Return when a ticket was last changed by somebody, or imported; None for a history of which nothing counts."""
    changes = (
        at
        for event, at, actor in history
        if event is None or counts_as_change(str(event.__struct_config__.tag), actor)
    )
    return max(changes, default=None)


@rule_for(ImportState)
def import_state(case: DecisionContext, command: ImportState) -> Decision:
    """Return the events from the last imported state to this one; a note if nothing has changed."""
    if case.ticket.source is None:
        return Refusal(f"{case.ticket.ref} was logged here; no other system has a history of it")
    if command.at > case.now:
        return Refusal(f"{dated_time(command.at, case.policy.timezone)} is in the future")
    if command.at < case.ticket.changed_at:
        changed = dated_time(case.ticket.changed_at, case.policy.timezone)
        return Refusal(
            f"{case.ticket.ref} was changed here on {changed}, after that moment; go on with it here"
        )
    unknown = refuse_unknown_key(case.policy, severity=command.severity, team=command.team)
    if unknown is not None:
        return unknown
    diff = _StateDiff(case)
    diff.add_severity_change(command)
    if command.stage in (Stage.RESOLVED, Stage.CLOSED):
        diff.add_end(command)
    else:
        diff.add_work(command)
    if command.note or not diff.events:
        diff.add(Noted(command.note or command.record or ELSEWHERE))
    return diff.events


class _StateDiff:
    """Collects the events between two states; `ticket` is the ticket after the events so far."""

    def __init__(self, case: DecisionContext) -> None:
        self.case = case
        self.ticket: Ticket = case.ticket
        self.events: list[TicketEvent] = []

    def add(self, event: TicketEvent) -> None:
        self.events.append(event)
        case = self.case
        self.ticket = evolve(self.ticket, event, ref=self.ticket.ref, at=case.now, actor=case.actor.key)

    def add_severity_change(self, command: ImportState) -> None:
        if command.severity != self.ticket.severity:
            change = ChangeSeverity(self.ticket.ref, command.severity, ELSEWHERE, command.because)
            self.add(make_severity_change(self.case, change))

    def add_work(self, command: ImportState) -> None:
        if not self.ticket.is_open:
            self.add(Reopened(command.record or ELSEWHERE))
        self.add_ownership(command)
        if command.stage == Stage.RESOLUTION:
            self.add_acceptance()
        self.add_hold(command)

    def add_end(self, command: ImportState) -> None:
        if self.ticket.is_open:
            self.add_ownership(command)
            if command.ended:
                self.add_withdrawal(command)
                return
            if self.ticket.waiting:
                self.add(WaitEnded(command.record))
            self.stop_clock(ClockKind.RESPONSE)
            self.stop_clock(ClockKind.RESOLUTION)
            self.add(Resolved(ELSEWHERE, command.record))
        elif (command.team, command.owner or None) != (self.ticket.team, self.ticket.owner):
            self.add(Noted(f"given to {command.owner or 'nobody'} ({command.team}), {ELSEWHERE}"))
        if command.stage == Stage.CLOSED and self.ticket.stage is not Stage.CLOSED:
            self.add(Closed(ELSEWHERE, command.record))

    def add_withdrawal(self, command: ImportState) -> None:
        """Add the end without a resolution: a breach counts as missed, else there is no verdict."""
        for event in stop_both_clocks(replace(self.case, subject=self.ticket)):
            self.add(event)
        self.add(Closed(command.ended, command.record))

    def add_ownership(self, command: ImportState) -> None:
        ticket, owner = self.ticket, command.owner or None
        if (command.team, owner) == (ticket.team, ticket.owner):
            return
        if owner is None and command.team == ticket.team:
            self.add(HandedBack(command.record or ELSEWHERE))
        else:
            self.add(Assigned(command.team, owner, command.record))

    def add_acceptance(self) -> None:
        ticket = self.ticket
        if ticket.stage is Stage.TRIAGE:
            self.add(Acknowledged())
        if ticket.owner is not None and not ticket.accepted:
            self.add(Claimed(ticket.owner, ticket.team, elsewhere=True))

    def add_hold(self, command: ImportState) -> None:
        current = self.ticket.waiting
        if command.waiting == (current.on if current else ""):
            return
        if current:
            self.add(WaitEnded(command.record))
        if command.waiting:
            if command.waiting == CUSTOMER:
                self.stop_clock(ClockKind.RESPONSE)
            self.add(WaitBegan(command.waiting, command.record))

    def stop_clock(self, kind: ClockKind) -> None:
        ticket = self.ticket
        stopped = ticket.response_verdict if kind is ClockKind.RESPONSE else ticket.resolution_verdict
        if stopped is None:
            self.add(ClockStopped(kind, compute_verdict(self.case.policy, ticket, kind, self.case.now)))
