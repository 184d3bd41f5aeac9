"""Closure: the customer confirms, or does not answer; and reopening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from supportdesk.sla.clocks import ClockKind, State, epoch, instant
from supportdesk.sla.formatting import amount, near_time
from supportdesk.sla.policy import Policy
from supportdesk.tickets import remedies
from supportdesk.tickets.command import (
    EVERYBODY,
    OPEN_STAGES,
    ArgumentType,
    Decision,
    TicketCommand,
    argument,
    rule_for,
)
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.events import ClockStopped, Closed, Reopened, TicketEvent, WaitEnded
from supportdesk.tickets.housekeeping.closing import find_end_of_reply_time, find_fix_awaited
from supportdesk.tickets.process.paging import refuse_ending_page
from supportdesk.tickets.process.resolution import stop_resolution_clock
from supportdesk.tickets.promises import compute_verdict
from supportdesk.tickets.refusal import Refusal, either
from supportdesk.tickets.ticket import Stage, Ticket

CONFIRMED, NO_ANSWER, WITHDRAWN, DUPLICATE = "confirmed", "no answer", "withdrawn", "duplicate"


@dataclass(frozen=True, slots=True)
class Reopen(TicketCommand):
    """Reopen the ticket: the customer still has the problem."""

    tag = "Reopen"
    verb = "reopen"
    title = "Reopen"
    needs = EVERYBODY
    stages = frozenset({Stage.RESOLVED, Stage.CLOSED})

    reason: str = argument("what the customer says")


@dataclass(frozen=True, slots=True)
class Close(TicketCommand):
    """Close the ticket: the customer confirmed, did not answer, or withdrew the request."""

    tag = "Close"
    verb = "close"
    title = "Close"
    needs = EVERYBODY
    asks_first = True
    stages = OPEN_STAGES | {Stage.RESOLVED}

    reason: str = argument("why it is closed", choices=(CONFIRMED, NO_ANSWER, WITHDRAWN), default=CONFIRMED)
    text: str = argument("in the customer's words", value_type=ArgumentType.TEXT, default="")


@rule_for(Reopen)
def reopen(case: DecisionContext, command: Reopen) -> Decision:
    """Within the policy's time the same clock continues; later it takes a new, linked ticket (rule 10)."""
    if not command.reason.strip():
        return Refusal("say what the customer says; the next owner starts from it")
    return refuse_reopening(case) or [Reopened(command.reason)]


def refuse_reopening(case: DecisionContext) -> Refusal | None:
    """Return why a resolved or closed ticket cannot be reopened any more; None where it can (rule 10)."""
    if may_be_reopened(case.policy, case.ticket, case.now):
        return None
    within = case.policy.reopen_within
    hours = case.policy.hours(within.calendar)
    limit = f"{amount(within.seconds)}{'' if hours.always else ' of'} {hours.name}"
    return Refusal(
        f"it was resolved too long ago to be reopened (the limit is {limit})", (remedies.NEW_TICKET,)
    )


def takes_new_ticket(refusal: Refusal) -> bool:
    """Return whether a command is refused because only a new, linked ticket can take it (rule 10)."""
    return refusal.remedies == (remedies.NEW_TICKET,)


def may_be_reopened(policy: Policy, ticket: Ticket, now: datetime) -> bool:
    """Return whether a resolved or closed ticket is still within the policy's time for reopening (rule 10)."""
    if ticket.resolved_at is None:
        return False
    if ticket.resolved_at >= now:
        # A clock that is wrong now or was wrong then: no time has passed that could be counted.
        return True
    within = policy.reopen_within
    stood = policy.calendar(within.calendar).between(ticket.resolved_at, now)
    return stood.total_seconds() <= within.seconds


@rule_for(Close)
def close(case: DecisionContext, command: Close) -> Decision:
    """A resolved ticket closes on the customer's confirmation or silence; an open one only when it is withdrawn."""
    if command.reason == WITHDRAWN:
        return _withdraw(case, command)
    if case.ticket.is_open:
        return Refusal("it is not resolved yet", either(remedies.RESOLVE_FIRST, remedies.CHOOSE_WITHDRAWN))
    if command.reason == NO_ANSWER:
        refusal = _refuse_too_early(case)
        if refusal is not None:
            return refusal
    return [*stop_resolution_clock(case), Closed(command.reason, command.text)]


def _withdraw(case: DecisionContext, command: Close) -> Decision:
    if not command.text.strip():
        return Refusal("say in the customer's words why the request is withdrawn")
    if (refusal := refuse_ending_page(case)) is not None:
        return refusal
    return [*stop_both_clocks(case), Closed(WITHDRAWN, command.text)]


def _refuse_too_early(case: DecisionContext) -> Refusal | None:
    awaited = find_fix_awaited(case.ticket)
    if awaited is not None:
        return Refusal(
            f"the fix in {awaited.release} has not shipped; it can be closed after that",
            either(remedies.CLOSE_WHEN_CONFIRMED),
            separator=", or ",
        )
    until = find_end_of_reply_time(case.policy, case.ticket)
    if epoch(case.now) <= until:
        last = near_time(instant(until), case.policy.timezone, case.now)
        return Refusal(
            f"the customer still has time to answer, until {last}; it can be closed as unanswered after that",
            either(remedies.CLOSE_WHEN_CONFIRMED),
            separator=", or ",
        )
    return None


def stop_both_clocks(case: DecisionContext) -> list[TicketEvent]:
    """Return the end of both clocks without a resolution: a breach counts as missed, else there is no verdict."""
    ticket = case.ticket
    events: list[TicketEvent] = [WaitEnded("closed")] if ticket.waiting else []
    for kind, stopped in (
        (ClockKind.RESPONSE, ticket.response_verdict),
        (ClockKind.RESOLUTION, ticket.resolution_verdict),
    ):
        if stopped is None:
            verdict = compute_verdict(case.policy, ticket, kind, case.now)
            state = State.MISSED if verdict.state is State.MISSED else State.VOID
            events.append(ClockStopped(kind, replace(verdict, state=state)))
    return events
