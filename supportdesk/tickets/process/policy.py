"""Moves an open ticket to another version of the policy (rule 13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from supportdesk.sla.clocks import Basis, ClockKind, epoch, instant
from supportdesk.sla.policy import Policy
from supportdesk.tickets import remedies
from supportdesk.tickets.command import ArgumentType, Decision, TicketCommand, argument, rule_for
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Role
from supportdesk.tickets.events import PolicyMoved
from supportdesk.tickets.promises import project_ticket_clock
from supportdesk.tickets.recalculation import find_due_moves, project_clocks
from supportdesk.tickets.refusal import Refusal, either
from supportdesk.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class MoveToPolicy(TicketCommand):
    """Move an open ticket to another version of the policy; its running clocks follow the new targets."""

    tag = "MoveToPolicy"
    verb = "move-policy"
    title = "Move to another policy version"
    needs = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})

    version: str = argument("the version of the policy", value_type=ArgumentType.POLICY)


@rule_for(MoveToPolicy)
def move_to_policy(case: DecisionContext, command: MoveToPolicy) -> Decision:
    """Verdicts and breaches stay; the timeline shows each due time that moves (rule 13)."""
    ticket, policies = case.ticket, case.records.policies
    new = policies.get(command.version)
    if new is None:
        return Refusal(
            f"there is no policy {command.version!r}; the installed ones are {', '.join(policies)}",
            either(remedies.INSTALL_POLICY),
        )
    if new.version == ticket.policy:
        return Refusal(f"it is already on policy {new.version}; choose another version")
    missing = _refuse_missing_keys(new, ticket)
    if missing is not None:
        return missing
    moved = PolicyMoved(
        was=ticket.policy,
        policy=new.version,
        response=_keep_breach(case, new, ClockKind.RESPONSE),
        resolution=_keep_breach(case, new, ClockKind.RESOLUTION),
    )
    after = replace(
        ticket, response=moved.response or ticket.response, resolution=moved.resolution or ticket.resolution
    )
    return [
        moved,
        *find_due_moves(
            project_clocks(case.policy, ticket), project_clocks(new, after), f"policy {new.version}"
        ),
    ]


def _refuse_missing_keys(new: Policy, ticket: Ticket) -> Refusal | None:
    severities = {severity.key for severity in new.severities}
    bases = [ticket.response, ticket.resolution, ticket.first_basis]
    remaining = (*(each.severity for basis in bases for each in _walk_basis(basis)), ticket.severity)
    unknown = next((severity for severity in remaining if severity not in severities), None)
    if unknown is not None:
        return Refusal(f"policy {new.version} has no severity {unknown!r}", either(remedies.CHANGE_SEVERITY))
    if ticket.channel not in {channel.key for channel in new.channels}:
        why = f"policy {new.version} has no channel {ticket.channel!r}, by which the request came"
        return Refusal(f"{why}; choose another version")
    if ticket.team not in {team.key for team in new.teams}:
        return Refusal(
            f"policy {new.version} has no team {ticket.team!r}", either(remedies.ASSIGN_TO_ANOTHER_TEAM)
        )
    return None


def _walk_basis(basis: Basis | None) -> Iterator[Basis]:
    """Yield a basis and those that a raised severity replaced."""
    while basis is not None:
        yield basis
        basis = basis.before


def _keep_breach(case: DecisionContext, new: Policy, kind: ClockKind) -> Basis | None:
    """Return the clock's basis with what the move must not change; None where the basis stays as it is.

    A breach stays (rule 9), and one that the new target causes is not dated before the move (rule 5).
    """
    ticket, now = case.ticket, epoch(case.now)
    running = project_ticket_clock(case.policy, ticket, kind)
    if running.verdict is not None:
        return None
    basis = ticket.response if kind is ClockKind.RESPONSE else ticket.resolution
    if running.breached_at is not None and running.breached_at <= now:
        return replace(basis, breached_at=instant(running.breached_at))
    moved = project_ticket_clock(new, ticket, kind)
    late = moved.breached_at is not None and moved.breached_at < now
    return replace(basis, since=case.now) if late else None
