"""What stops the escalation of a ticket while pages for it stay open (rules 17 and 19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from supportdesk.sla.clocks import epoch

if TYPE_CHECKING:
    from supportdesk.tickets.escalation.explanation import EscalationExplanation


class EscalationStop(NamedTuple):
    """Why nobody else is paged for a ticket at the moment.

    `by` is the username of the person who acknowledged, which is valid until `until`, in UTC epoch seconds; None and 0
    without an acknowledgement that is valid. `is_taken_up` says that somebody has claimed the ticket or responded since
    the last page.
    """

    by: str | None
    until: int
    is_taken_up: bool

    def holds_at(self, now: int) -> bool:
        """Return whether it stops the escalation at `now`, in UTC epoch seconds."""
        return self.is_taken_up or now < self.until

    def acknowledger_at(self, now: int) -> str | None:
        """Return the username of the person whose acknowledgement is valid at `now`; None without one."""
        return self.by if now < self.until else None


def find_stop(escalation: EscalationExplanation) -> EscalationStop | None:
    """Return what stops an escalation; None while it goes on.

    The queue, the brief, the terminal's title and the inbox all go by it.
    """
    valid, page = escalation.valid, escalation.case.ticket.page
    taken_up_at = escalation.case.progress.taken_up_at
    is_taken_up = page is not None and taken_up_at is not None and taken_up_at >= page.since
    if valid is None and not is_taken_up:
        return None
    return EscalationStop(valid.by if valid else None, epoch(valid.end) if valid else 0, is_taken_up)
