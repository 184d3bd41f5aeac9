"""The steps by which a severity is resolved (rule 4): which a ticket has, and which are missing."""

from __future__ import annotations

from supportdesk.sla.policy import ACCOUNT_MANAGER, ARTICLE, FIX, FIX_DATE, RESTORED, WORKAROUND, Severity
from supportdesk.tickets.ticket import Ticket

STEP_NAMES = {
    RESTORED: "service restored",
    FIX: "fix delivered",
    WORKAROUND: "a workaround",
    FIX_DATE: "a fix date",
    ARTICLE: "an article",
    ACCOUNT_MANAGER: "the account manager's contact",
}
"""What a step is called in a sentence."""


def find_steps_taken(ticket: Ticket) -> set[str]:
    """Return the steps of a resolution that have been taken, of `policy.STEPS`.

    Once the promised fix has shipped, nobody needs a workaround any more.
    """
    done = set()
    if ticket.workaround or has_shipped_fix(ticket):
        done.add(WORKAROUND)
    if ticket.fix is not None:
        done.add(FIX_DATE)
    if ticket.articles:
        done.add(ARTICLE)
    if ticket.account_manager_at is not None:
        done.add(ACCOUNT_MANAGER)
    return done


def has_shipped_fix(ticket: Ticket) -> bool:
    """Return whether the promised fix has shipped."""
    return ticket.fix is not None and ticket.fix.shipped_at is not None


def find_way_completed(severity: Severity, done: set[str]) -> tuple[str, ...] | None:
    """Return the first of the severity's ways whose steps are all in `done`; None where the target is not met."""
    return next((way for way in severity.resolved_by if done.issuperset(way)), None)


def find_missing_steps(severity: Severity, done: set[str]) -> list[list[str]]:
    """Return the ways to meet the target, each with its missing steps; empty where it is met."""
    if find_way_completed(severity, done) is not None:
        return []
    return [[step for step in way if step not in done] for way in severity.resolved_by]
