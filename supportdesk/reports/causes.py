"""The cause of a breach, as far as the timeline shows it, and the owner of the ticket at that moment.

Nothing is guessed: where the timeline shows no cause, the ticket was breached while assigned.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

from supportdesk.reports.outcomes import Promise
from supportdesk.sla.clocks import Kind, epoch, instant
from supportdesk.sla.policy import FIX_DATE, Policy
from supportdesk.tickets.ownership import Ownership, ownership_at
from supportdesk.tickets.ticket import CUSTOMER, RELEASE, THIRD_PARTY


class Cause(StrEnum):
    """The cause of a breach. Where several apply, the first of this list counts.

    `logged late` and the like are defined by the functions below.
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
    ownership = ownership_at(promise.history.ownerships, instant(promise.at))
    return ownership or Ownership(ticket.owned_since or ticket.received_at, ticket.team, ticket.owner)


def _logged_late(promise: Promise, policy: Policy) -> bool:
    """More than half of the time that was promised had gone before anybody here knew of the request."""
    began, logged = epoch(promise.basis.start), epoch(promise.history.ticket.logged_at)
    return logged - began > (promise.at - began) / 2


def _raised_late(promise: Promise, policy: Policy) -> bool:
    """The severity was raised when the new promise was past already (rule 8)."""
    return promise.basis.late_when_raised


def _fix_date(promise: Promise, policy: Policy) -> bool:
    """The promise was a fix by a day, and the day went by."""
    ticket = promise.history.ticket
    by_day = FIX_DATE in policy.severity(promise.basis.severity).steps
    return promise.kind is Kind.RESOLUTION and by_day and ticket.fix is not None


def _reopened(promise: Promise, policy: Policy) -> bool:
    """It had been resolved before, and that did not hold."""
    stood = promise.history.ticket.stood
    return any(each.ended is not None and epoch(each.ended) <= promise.at for each in stood)


def _waited_on(what: str) -> Callable[[Promise, Policy], bool]:
    def waited(promise: Promise, policy: Policy) -> bool:
        """It was waiting at the moment of the breach; on a customer only once the pause was at its cap (rule 6)."""
        at = instant(promise.at)
        return any(
            wait.on == what and wait.began <= at and (wait.ended is None or at <= wait.ended)
            for wait in promise.history.ticket.waits
        )

    return waited


def _unassigned(promise: Promise, policy: Policy) -> bool:
    """Whether the ticket was with a team and unassigned."""
    return find_owner_at_breach(promise).owner is None


def _changed_hands(promise: Promise, policy: Policy) -> bool:
    """It came from another owner in the last quarter of the time."""
    began, ownership_then = epoch(promise.basis.start), find_owner_at_breach(promise)
    others = {each.owner for each in promise.history.ownerships if each.since < ownership_then.since}
    late = promise.at - epoch(ownership_then.since) < (promise.at - began) / 4
    return late and bool(others - {None, ownership_then.owner})


def _out_of_policy(promise: Promise, policy: Policy) -> bool:
    """Whether the request came in out of policy."""
    return bool(promise.history.ticket.out_of_policy)


def _while_assigned(promise: Promise, policy: Policy) -> bool:
    """Whether none of the other causes applies."""
    return True


_RULES: dict[Cause, Callable[[Promise, Policy], bool]] = {
    Cause.LOGGED_LATE: _logged_late,
    Cause.LATE_WHEN_RAISED: _raised_late,
    Cause.FIX_DATE: _fix_date,
    Cause.REOPENED: _reopened,
    Cause.THIRD_PARTY: _waited_on(THIRD_PARTY),
    Cause.RELEASE: _waited_on(RELEASE),
    Cause.CUSTOMER: _waited_on(CUSTOMER),
    Cause.UNASSIGNED: _unassigned,
    Cause.REASSIGNED_LATE: _changed_hands,
    Cause.OUT_OF_POLICY: _out_of_policy,
    Cause.WHILE_ASSIGNED: _while_assigned,
}
