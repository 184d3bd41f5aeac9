"""The heading of a dialog about a ticket, and the policy that applies to the ticket."""

from __future__ import annotations

from textual.content import Content

from supportdesk.console.dialogs.key_hints import STRONG
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.terminal.safe_text import safe
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import TicketView


def policy_of(context: CommandContext, view: TicketView | None) -> Policy:
    """Return the policy version of a ticket; the one in force for None."""
    if view is None:
        return context.policy
    return context.desk.policies.get(view.ticket.policy, context.policy)


def ref_and_severity(policy: Policy, view: TicketView) -> Content:
    """Return reference and severity: `CD-4F7K-A   High`."""
    severity = policy.severity(view.ticket.severity).name
    return Content.assemble((view.ticket.ref, STRONG), "   ", safe(severity))


def about_ticket(view: TicketView) -> Content:
    """Return summary and customer: `Checkout hangs for every user · Acme Ltd`."""
    return Content.assemble(safe(view.ticket.summary, "$foreground"), "  ·  ", safe(view.organisation.name))
