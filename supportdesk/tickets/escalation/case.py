"""A ticket as its escalation sees it."""

from __future__ import annotations

import msgspec

from supportdesk.sla.ladder import EscalationRung
from supportdesk.sla.policy import Policy
from supportdesk.tickets.escalation.progress import EscalationProgress
from supportdesk.tickets.ticket import Ticket


class EscalationCase(msgspec.Struct, frozen=True):
    """A ticket with the policy version that it keeps (rule 13), and where its escalation stands."""

    policy: Policy
    ticket: Ticket
    progress: EscalationProgress

    @property
    def ladder(self) -> tuple[EscalationRung, ...]:
        """The rungs of the ticket's severity."""
        return self.policy.severity(self.ticket.severity).ladder
