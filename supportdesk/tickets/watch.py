"""What falls due on a ticket as time passes. Pure: the watcher, the projection of a row and `verify` all ask here.

A due time joins `find_watch_due`, and what is done then joins the rule of `TakeSteps` (`tickets/process/steps.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from supportdesk.sla.clocks import epoch
from supportdesk.sla.policy import Policy
from supportdesk.tickets.escalation.case import EscalationCase
from supportdesk.tickets.escalation.explanation import find_progress
from supportdesk.tickets.escalation.recorded_steps import make_record
from supportdesk.tickets.escalation.steps import StepRecord, find_next_due
from supportdesk.tickets.events import (
    ArticleLinked,
    CustomerWrote,
    Event,
    Linked,
    MailPlanned,
    MailWithheld,
    Noted,
    PageShown,
    ResponseConfirmed,
    RetryRequested,
    SendAttempted,
    StepTaken,
    TextCut,
)
from supportdesk.tickets.housekeeping.acts import can_act, find_next_act_due
from supportdesk.tickets.ticket import Stage, Ticket

KEEPS_DUE = (
    Noted,
    CustomerWrote,
    Linked,
    ArticleLinked,
    TextCut,
    SendAttempted,
    RetryRequested,
    PageShown,
    MailPlanned,
    MailWithheld,
    ResponseConfirmed,
)
"""The events by themselves after which nothing falls due at another time; without one here, it is computed again."""


class TicketWatch(msgspec.Struct, frozen=True):
    """A ticket with what its history says of the passing of time: its escalation and its recorded steps."""

    case: EscalationCase
    steps: tuple[StepRecord, ...]


def is_watched(policy: Policy, ticket: Ticket) -> bool:
    """Return whether anything can ever fall due on the ticket; its history need not be read where nothing can.

    Nothing falls due on a closed ticket (rule 22).
    """
    has_ladder = ticket.stage is not Stage.CLOSED and bool(policy.severity(ticket.severity).ladder)
    return has_ladder or can_act(ticket)


def watch_ticket(
    policies: Mapping[str, Policy], ticket: Ticket, history: Iterable[tuple[Event | None, datetime, str]]
) -> TicketWatch:
    """Return what a ticket's whole history of (event, instant, actor) says; erased events are None."""
    entries = list(history)
    case = EscalationCase(policies[ticket.policy], ticket, find_progress(policies, ticket, entries))
    steps = (
        make_record(ticket.ref, event, epoch(at)) for event, at, _ in entries if isinstance(event, StepTaken)
    )
    return TicketWatch(case, tuple(steps))


def find_watch_due(watch: TicketWatch) -> int | None:
    """Return when the watcher next has something to do on the ticket, in UTC epoch seconds; None for never.

    It depends on the ticket, its history and the calendars alone. Raises CalendarError outside the calendar's years.
    """
    due_times = (find_next_due(watch.case, watch.steps), find_next_act_due(watch.case, watch.steps))
    return min((due for due in due_times if due is not None), default=None)
