"""Changes of severity, and their effect on the clocks (rules 8 and 9)."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from supportdesk.sla.clocks import (
    Basis,
    ClockKind,
    State,
    elapsed_at,
    epoch,
    instant,
    state_at,
)
from supportdesk.tickets.command import EVERYBODY, ArgumentType, Decision, TicketCommand, argument, rule_for
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.events import Assigned, SeverityChanged, TicketEvent
from supportdesk.tickets.permissions import is_supervisor, name_supervisors
from supportdesk.tickets.policy_keys import refuse_unknown_key
from supportdesk.tickets.process.paging import page_on_call
from supportdesk.tickets.process.team_refusals import refuse_moving
from supportdesk.tickets.promises import project_ticket_clock
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.ticket import Ticket

IMPACT_CHANGED = "impact changed"
WRONG_AT_TRIAGE = "wrong at triage"


@dataclass(frozen=True, slots=True)
class ChangeSeverity(TicketCommand):
    """Change the severity, with a reason; the clocks follow the new targets."""

    tag = "ChangeSeverity"
    verb = "severity"
    title = "Change severity"
    needs = EVERYBODY

    severity: str = argument("the new severity", value_type=ArgumentType.SEVERITY)
    reason: str = argument("why, in words suitable for the customer")
    because: str = argument(
        "whether the impact has changed, or was wrong at triage",
        choices=(IMPACT_CHANGED, WRONG_AT_TRIAGE),
        default=IMPACT_CHANGED,
    )


@rule_for(ChangeSeverity)
def change_severity(case: DecisionContext, command: ChangeSeverity) -> Decision:
    """Raising never gives more time than there was (rule 8); lowering never removes a breach (rule 9)."""
    ticket, policy = case.ticket, case.policy
    if (refusal := refuse_unknown_key(policy, severity=command.severity)) is not None:
        return refusal
    if command.severity == ticket.severity:
        return Refusal(f"it is already {policy.severity(ticket.severity).name}; choose another severity")
    if not command.reason.strip():
        return Refusal("say why; the timeline shows the reason")
    raised = policy.rank(command.severity) < policy.rank(ticket.severity)
    late = [] if raised else [kind for kind in ClockKind if _is_past_threshold(case, kind)]
    if late and not is_supervisor(case.actor):
        past = f"the {late[0]} clock is past {policy.thresholds.due_soon} %"
        return Refusal(f"{past}: only {name_supervisors(case)} can lower it now")
    events: list[TicketEvent] = [make_severity_change(case, command)]
    severity = policy.severity(command.severity)
    if ticket.team not in severity.answered_by:
        if (refusal := refuse_moving(case, severity.team, None)) is not None:
            return refusal
        events.append(Assigned(severity.team, None, f"{severity.name} is worked on there"))
    if severity.pages:
        events.append(page_on_call(case, f"raised to {severity.name}"))
    return events


def make_severity_change(case: DecisionContext, command: ChangeSeverity) -> SeverityChanged:
    """Return the event of the change, with the new basis of each running clock."""
    ticket, policy = case.ticket, case.policy
    raised = policy.rank(command.severity) < policy.rank(ticket.severity)
    return SeverityChanged(
        was=ticket.severity,
        severity=command.severity,
        because=command.because,
        reason=command.reason,
        response=_new_basis(case, command, ClockKind.RESPONSE, raised=raised),
        resolution=_new_basis(case, command, ClockKind.RESOLUTION, raised=raised),
    )


def _is_past_threshold(case: DecisionContext, kind: ClockKind) -> bool:
    running = project_ticket_clock(case.policy, case.ticket, kind)
    if running.verdict is not None or running.allowed is None:
        return False
    used = elapsed_at(running, epoch(case.now), case.policy.calendar(running.calendar))
    return used * 100 > running.allowed * case.policy.thresholds.due_soon


def _new_basis(
    case: DecisionContext, command: ChangeSeverity, kind: ClockKind, *, raised: bool
) -> Basis | None:
    """Return the clock's new basis; None for a clock that has stopped and keeps its verdict."""
    policy, now = case.policy, epoch(case.now)
    old = project_ticket_clock(policy, case.ticket, kind)
    if old.verdict is not None:
        return None
    breached = old.breached_at is not None and old.breached_at <= now
    stays = instant(old.breached_at) if breached and old.breached_at is not None else None
    if raised and command.because == IMPACT_CHANGED:
        # Only a target with a time sets a limit to the new one (rule 8).
        before = _basis(case.ticket, kind) if old.allowed is not None else None
        return Basis(command.severity, case.now, breached_at=stays, before=before, since=case.now)
    basis = Basis(command.severity, case.ticket.received_at, breached_at=stays, since=case.now)
    if not raised:
        return basis
    new = project_ticket_clock(policy, _with_basis(case, kind, basis), kind)
    late = not breached and state_at(new, now) is State.BREACHED
    return replace(basis, late_when_raised=late)


def _basis(ticket: Ticket, kind: ClockKind) -> Basis:
    return ticket.response if kind is ClockKind.RESPONSE else ticket.resolution


def _with_basis(case: DecisionContext, kind: ClockKind, basis: Basis) -> Ticket:
    ticket = case.ticket
    if kind is ClockKind.RESPONSE:
        return replace(ticket, severity=basis.severity, response=basis)
    return replace(ticket, severity=basis.severity, resolution=basis)
