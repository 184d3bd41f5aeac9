"""Another version of the policy for a ticket that is open (rule 13)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from supportdesk.sla.clocks import Basis, Kind, epoch, instant
from supportdesk.sla.policy import Policy
from supportdesk.tickets.case import Case
from supportdesk.tickets.command import Decision, Refusal, TicketCommand, argument, decides
from supportdesk.tickets.consequences import courses, due_moves
from supportdesk.tickets.events import PolicyMoved
from supportdesk.tickets.people import Role
from supportdesk.tickets.promises import course
from supportdesk.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class MoveToPolicy(TicketCommand):
    """Move an open ticket to another version of the policy; its running clocks follow the new promise."""

    verb = "move-policy"
    title = "Move to another policy"
    needs = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})

    version: str = argument("the version of the policy")


@decides(MoveToPolicy)
def move_to_policy(case: Case, command: MoveToPolicy) -> Decision:
    """Verdicts stay, and so does a breach; what moves is told on the timeline."""
    ticket, policies = case.ticket, case.directory.policies
    new = policies.get(command.version)
    if new is None:
        return Refusal(f"there is no policy {command.version!r}; installed are {', '.join(policies)}")
    if new.version == ticket.policy:
        return Refusal(f"it keeps policy {new.version} already")
    missing = _missing(new, ticket)
    if missing is not None:
        return missing
    moved = PolicyMoved(
        was=ticket.policy,
        policy=new.version,
        response=_with_breach(case, Kind.RESPONSE),
        resolution=_with_breach(case, Kind.RESOLUTION),
    )
    after = replace(
        ticket, response=moved.response or ticket.response, resolution=moved.resolution or ticket.resolution
    )
    return [moved, *due_moves(courses(case.policy, ticket), courses(new, after), f"policy {new.version}")]


def _missing(new: Policy, ticket: Ticket) -> Refusal | None:
    severities = {severity.key for severity in new.severities}
    bases = filter(None, (ticket.response, ticket.resolution, ticket.first_basis))
    kept = (*(basis.severity for basis in bases), ticket.severity)
    unknown = next((severity for severity in kept if severity not in severities), None)
    if unknown is not None:
        return Refusal(f"policy {new.version} has no severity {unknown!r}; change the severity first")
    if ticket.channel not in {channel.key for channel in new.channels}:
        return Refusal(f"policy {new.version} has no channel {ticket.channel!r}, by which the request came")
    if ticket.team not in {team.key for team in new.teams}:
        return Refusal(
            f"policy {new.version} has no team {ticket.team!r}; assign the ticket to another first"
        )
    return None


def _with_breach(case: Case, kind: Kind) -> Basis | None:
    """The clock's basis with the breach that has happened on it; None for a clock without one."""
    running = course(case.policy, case.ticket, kind)
    at = running.breached_at
    if running.verdict is not None or at is None or at > epoch(case.now):
        return None
    basis = case.ticket.response if kind is Kind.RESPONSE else case.ticket.resolution
    return replace(basis, breached_at=instant(at))
