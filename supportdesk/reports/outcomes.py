"""The outcome of each target: met, missed, or still running.

A target is settled once, when it is met or breached, whichever comes first, and counts for that month for ever: one
that was breached in October and met in November counts in October. After a reopening the first verdict stays (rule 10).
Only a running clock can be in time again, after a holiday that is declared late or with another policy (rules 12 and
13).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from supportdesk.reports.figure import Item
from supportdesk.sla.calendar import BusinessCalendar
from supportdesk.sla.clock_projection import calendar_of
from supportdesk.sla.clocks import Basis, ClockKind, ClockProjection, State, Verdict, epoch
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import TicketHistory
from supportdesk.tickets.ticket import Ticket


class TargetOutcome(StrEnum):
    """The outcome of a target."""

    MET = "met"
    MISSED = "missed"
    RUNNING = "running"


class Promise(msgspec.Struct, frozen=True):
    """One target of a ticket. `at` is when it was settled, or of a running one when its clock began; see `Item`."""

    history: TicketHistory
    kind: ClockKind
    outcome: TargetOutcome
    at: int

    @property
    def basis(self) -> Basis:
        """The start of its clock, and the severity whose target applied."""
        ticket = self.history.ticket
        if self.kind is ClockKind.RESPONSE:
            return ticket.response
        if _judged_first(ticket) is not None and ticket.first_basis is not None:
            return ticket.first_basis
        return ticket.resolution

    @property
    def item(self) -> Item:
        """The item that figures count."""
        return Item(self.at, self.history.row.ref, self.kind)


def list_promises(
    histories: Iterable[TicketHistory], policies: Mapping[str, Policy], now: int
) -> Iterator[Promise]:
    """Yield the targets of all tickets at `now`, in UTC epoch seconds, without those that ended without a verdict."""
    for history in histories:
        row, ticket = history.row, history.ticket
        first = _judged_first(ticket) or ticket.resolution_verdict
        for kind, clock, verdict in (
            (ClockKind.RESPONSE, row.response, ticket.response_verdict),
            (ClockKind.RESOLUTION, row.resolution, first),
        ):
            if verdict is None:
                yield _unsettled(history, kind, clock, now)
            elif verdict.state.is_verdict:
                yield _settled(history, kind, verdict, policies[ticket.policy])


def _judged_first(ticket: Ticket) -> Verdict | None:
    first = ticket.first_resolution
    return first if first is not None and first.state.is_verdict else None


def _unsettled(history: TicketHistory, kind: ClockKind, running: ClockProjection, now: int) -> Promise:
    if running.breached_at is not None and running.breached_at <= now:
        return Promise(history, kind, TargetOutcome.MISSED, running.breached_at)
    return Promise(history, kind, TargetOutcome.RUNNING, running.started_at)


def _settled(history: TicketHistory, kind: ClockKind, verdict: Verdict, policy: Policy) -> Promise:
    at = epoch(verdict.at)
    if verdict.state is State.MET:
        return Promise(history, kind, TargetOutcome.MET, at)
    missed = Promise(history, kind, TargetOutcome.MISSED, at)
    calendar = policy.calendar(calendar_of(policy.severity(missed.basis.severity), kind))
    return replace(missed, at=min(at, *_find_breach_times(missed.basis, verdict, calendar)))


def _find_breach_times(basis: Basis, verdict: Verdict, calendar: BusinessCalendar) -> Iterator[int]:
    """Yield the instants, in UTC epoch seconds, from which a missed target was known to be breached."""
    if basis.breached_at is not None:
        yield epoch(basis.breached_at)
    if verdict.due is not None:
        due = epoch(verdict.due)
        # What is due at closing time is breached when the next day opens (rule 1); a fix date ignores office hours.
        over = due + 1 if verdict.allowed is None else calendar.add_seconds(due, 1)
        # A target is not breached before it came into force (rule 5).
        yield max(over, epoch(basis.since)) if basis.since is not None else over
