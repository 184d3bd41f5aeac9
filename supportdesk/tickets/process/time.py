"""Corrects times that a wrong clock gave to a ticket, with a new event; the earlier events are not changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from supportdesk.sla.clocks import Basis, ClockKind, Verdict
from supportdesk.sla.formatting import full_time
from supportdesk.tickets.command import ANY_STAGE, ArgumentType, Decision, TicketCommand, argument, rule_for
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Role
from supportdesk.tickets.events import CorrectedTimes, TimeCorrected
from supportdesk.tickets.promises import compute_verdict
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class CorrectTime(TicketCommand):
    """Correct the time of events that a wrong clock dated in the future."""

    tag = "CorrectTime"
    verb = "correct-time"
    title = "Correct the time"
    needs = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
    stages = ANY_STAGE

    reason: str = argument("what was wrong with the clock")
    at: datetime | None = argument(
        "when it really happened; now unless given", value_type=ArgumentType.INSTANT, default=None
    )


@rule_for(CorrectTime)
def correct_time(case: DecisionContext, command: CorrectTime) -> Decision:
    """Everything that the ticket dates later than now happened at the given time; its verdicts follow from that."""
    ticket, now, zone = case.ticket, case.now, case.policy.timezone
    right = command.at or now
    if ticket.changed_at <= now:
        last = full_time(ticket.changed_at, zone)
        return Refusal(f"there is nothing to correct: it is not dated in the future; it changed on {last}")
    if not command.reason.strip():
        return Refusal("say what was wrong with the clock; the timeline shows it")
    if right > now:
        return Refusal(f"{full_time(right, zone)} is in the future; give the time at which it happened")
    if right < ticket.received_at <= now:
        return Refusal(f"it only arrived on {full_time(ticket.received_at, zone)}; give a later time")
    after = _correct_ticket(case, right)
    names = CorrectedTimes.__struct_fields__
    times = CorrectedTimes(
        **{name: getattr(after, name) for name in names if getattr(after, name) != getattr(ticket, name)}
    )
    return [TimeCorrected(ticket.changed_at, right, command.reason, times)]


def _correct_ticket(case: DecisionContext, right: datetime) -> Ticket:
    now = case.now

    def at(moment: datetime | None) -> datetime | None:
        return right if moment is not None and moment > now else moment

    def known(moment: datetime) -> datetime:
        return min(moment, right) if moment > now else moment

    def basis(given: Basis) -> Basis:
        breach = given.breached_at
        return replace(
            given,
            start=known(given.start),
            since=at(given.since),
            breached_at=None if breach is not None and breach > now else breach,
            before=basis(given.before) if given.before else None,
        )

    ticket = case.ticket
    page = ticket.page
    moved = replace(
        ticket,
        received_at=known(ticket.received_at),
        logged_at=known(ticket.logged_at),
        owned_since=at(ticket.owned_since),
        response=basis(ticket.response),
        resolution=basis(ticket.resolution),
        first_basis=basis(ticket.first_basis) if ticket.first_basis else None,
        last_reply_at=at(ticket.last_reply_at),
        waits=tuple(replace(each, began=known(each.began), ended=at(each.ended)) for each in ticket.waits),
        stood=tuple(replace(each, began=known(each.began), ended=at(each.ended)) for each in ticket.stood),
        page=replace(page, since=known(page.since), acknowledged_at=at(page.acknowledged_at))
        if page
        else None,
        earlier_pages=tuple(replace(each, since=known(each.since)) for each in ticket.earlier_pages),
        account_manager_at=at(ticket.account_manager_at),
        resolved_at=at(ticket.resolved_at),
    )
    response = _correct_verdict(case, moved, ClockKind.RESPONSE, right, moved.response_verdict)
    resolution = _correct_verdict(case, moved, ClockKind.RESOLUTION, right, moved.resolution_verdict)
    later = tuple(
        replace(each, verdict=verdict)
        for each in moved.later_responses
        if (verdict := _correct_verdict(case, moved, ClockKind.RESPONSE, right, each.verdict)) is not None
    )
    first = moved.first_resolution
    if first is not None and first.at > now:
        first = resolution if first == ticket.resolution_verdict else _change_date(first, right)
    return replace(
        moved,
        response_verdict=response,
        resolution_verdict=resolution,
        first_resolution=first,
        later_responses=later,
    )


def _correct_verdict(
    case: DecisionContext, ticket: Ticket, kind: ClockKind, right: datetime, passed: Verdict | None
) -> Verdict | None:
    """Return a verdict of a clock, at the right time if it was dated in the future."""
    response = kind is ClockKind.RESPONSE
    if passed is None or passed.at <= case.now:
        return passed
    if not passed.state.is_verdict:
        return _change_date(passed, right)
    running = replace(ticket, response_verdict=None) if response else replace(ticket, resolution_verdict=None)
    # If it was resolved, that period began with this verdict.
    stood = tuple(each for each in running.stood if response or each.began < right)
    return compute_verdict(case.policy, replace(running, stood=stood), kind, right)


def _change_date(verdict: Verdict, right: datetime) -> Verdict:
    return replace(verdict, at=right)
