"""The escalation of one ticket, from its history in the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from supportdesk.sla.clocks import epoch
from supportdesk.store import ledger, record_tables, ticket_queries
from supportdesk.store.ledger import StoredEvent
from supportdesk.store.reference_data import ReferenceData
from supportdesk.store.watch_projection import to_history
from supportdesk.tickets.clock_explanation import moment_to_explain
from supportdesk.tickets.documents import Organisation
from supportdesk.tickets.escalation.explanation import EscalationExplanation, explain_escalation
from supportdesk.tickets.escalation.recipients import RecipientData
from supportdesk.tickets.housekeeping.acts import forecast_acts
from supportdesk.tickets.ticket import Ticket
from supportdesk.tickets.watch import watch_ticket


def load_explanation(
    connection: Connection, ref: str, reference_data: ReferenceData, now: datetime
) -> EscalationExplanation:
    """Return the explanation of a ticket's escalation at `now`. Raises UnknownTicketError."""
    ticket = ticket_queries.load_ticket(connection, ref)
    customer = record_tables.load(connection, Organisation, [ticket.organisation])[ticket.organisation]
    return explain_from_history(
        ticket, ledger.read_events(connection, ref=ref), reference_data, customer, now
    )


def explain_from_history(
    ticket: Ticket,
    history: Iterable[StoredEvent],
    reference_data: ReferenceData,
    customer: Organisation,
    now: datetime,
) -> EscalationExplanation:
    """Return the explanation of the escalation of a ticket with this history at `now`."""
    watch = watch_ticket(reference_data.policies, ticket, to_history(history))
    recipients = RecipientData(reference_data, customer.account_manager)
    at = moment_to_explain(ticket, now)
    acts = forecast_acts(watch.case, watch.steps, reference_data.staff, epoch(at))
    return explain_escalation(watch.case, recipients, at, watch.steps, acts)
