"""The cause of a breach, as far as the timeline shows it, and the owner of the ticket at that moment.

Nothing is guessed: where the timeline shows no cause, the ticket was breached while assigned.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

from supportdesk.reports.outcomes import Promise
from supportdesk.sla.clocks import ClockKind, epoch, instant
from supportdesk.sla.policy import FIX_DATE, Policy
from supportdesk.tickets.ownership import Ownership, find_ownership
from supportdesk.tickets.ticket import CUSTOMER, RELEASE, THIRD_PARTY


class Cause(StrEnum):
    """The cause of a breach. Where several apply, the first of this list counts.

    The functions below define each cause.
    """

    LOGGED_LATE = "logged late"
    LATE_WHEN_RAISED = "late when raised"
    FIX_DATE = "fix date missed"
    REOPENED = "reopened"
    THIRD_PARTY = "on hold: third party"
    RELEASE = "on hold: release"
    CUSTOMER = "on hold: customer"
    UNASSIGNED = "unassigned"
    REASSIGNED_LATE = "reassigned late"
    OUT_OF_POLICY = "out of policy"
    WHILE_ASSIGNED = "while assigned"


class Breach(msgspec.Struct, frozen=True):
    """A breach with its cause. `owner` is a username, None where the ticket was unassigned."""

    promise: Promise
    cause: Cause
    team: str
    owner: str | None


def explain_breach(promise: Promise, policy: Policy) -> Breach:
    """Return a breach with its cause; `policy` is the version of its ticket."""
    ownership_then = find_owner_at_breach(promise)
    cause = next(cause for cause, holds in _RULES.items() if holds(promise, policy))
    return Breach(promise, cause, ownership_then.team, ownership_then.owner)


def find_owner_at_breach(promise: Promise) -> Ownership:
    """Return the team and owner of the ticket at the moment of the breach."""
    ticket = promise.history.ticket
    ownership = find_ownership(promise.history.ownerships, instant(promise.at))
    return ownership or Ownership(ticket.owned_since or ticket.received_at, ticket.team, ticket.owner)


def _logged_late(promise: Promise, policy: Policy) -> bool:
    """Return whether more than half of the time had passed before the request was logged."""
    began, logged = epoch(promise.basis.start), epoch(promise.history.ticket.logged_at)
    return logged - began > (promise.at - began) / 2


def _raised_late(promise: Promise, policy: Policy) -> bool:
    """Return whether the new target was already past when the severity was raised (rule 8)."""
    return promise.basis.late_when_raised


def _fix_date(promise: Promise, policy: Policy) -> bool:
    """Return whether the target was a fix by a date, and the date passed."""
    ticket = promise.history.ticket
    by_day = FIX_DATE in policy.severity(promise.basis.severity).steps
    return promise.kind is ClockKind.RESOLUTION and by_day and ticket.fix is not None


def _reopened(promise: Promise, policy: Policy) -> bool:
    """Return whether the ticket had been resolved before, and was reopened."""
    stood = promise.history.ticket.stood
    return any(each.ended is not None and epoch(each.ended) <= promise.at for each in stood)


def _on_hold_for(what: str) -> Callable[[Promise, Policy], bool]:
    """Return a function that tells whether the ticket was on hold for `what` at the breach.

    A hold for the customer pauses the clock, so it causes a breach only once it was longer than the pause cap (rule 6).
    """

    def on_hold(promise: Promise, policy: Policy) -> bool:
        at = instant(promise.at)
        return any(
            wait.on == what and wait.began <= at and (wait.ended is None or at <= wait.ended)
            for wait in promise.history.ticket.waits
        )

    return on_hold


def _unassigned(promise: Promise, policy: Policy) -> bool:
    """Return whether the ticket was with a team and unassigned."""
    return find_owner_at_breach(promise).owner is None


def _changed_hands(promise: Promise, policy: Policy) -> bool:
    """Return whether the ticket came from another owner in the last quarter of the time."""
    began, ownership_then = epoch(promise.basis.start), find_owner_at_breach(promise)
    others = {each.owner for each in promise.history.ownerships if each.since < ownership_then.since}
    late = promise.at - epoch(ownership_then.since) < (promise.at - began) / 4
    return late and bool(others - {None, ownership_then.owner})


def _out_of_policy(promise: Promise, policy: Policy) -> bool:
    """Return whether the request was out of policy."""
    return bool(promise.history.ticket.out_of_policy)


def _while_assigned(promise: Promise, policy: Policy) -> bool:
    """Return whether none of the other causes applies."""
    return True


_RULES: dict[Cause, Callable[[Promise, Policy], bool]] = {
    Cause.LOGGED_LATE: _logged_late,
    Cause.LATE_WHEN_RAISED: _raised_late,
    Cause.FIX_DATE: _fix_date,
    Cause.REOPENED: _reopened,
    Cause.THIRD_PARTY: _on_hold_for(THIRD_PARTY),
    Cause.RELEASE: _on_hold_for(RELEASE),
    Cause.CUSTOMER: _on_hold_for(CUSTOMER),
    Cause.UNASSIGNED: _unassigned,
    Cause.REASSIGNED_LATE: _changed_hands,
    Cause.OUT_OF_POLICY: _out_of_policy,
    Cause.WHILE_ASSIGNED: _while_assigned,
}
