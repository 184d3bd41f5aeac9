"""`supportdesk acknowledge --test`: acknowledge the test page of the month."""

from __future__ import annotations

from supportdesk.cli.context import CliContext
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import echo
from supportdesk.cli.refusal_text import refusal_message
from supportdesk.sla.formatting import full_time
from supportdesk.tickets.records.commands import AcknowledgeNotice
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.rota.notices.monthly_test import PREFIX


def acknowledge_test_page(context: CliContext) -> None:
    """Acknowledge the operator's test pages and print that. Raises BadRequestError where there is none."""
    with context.desk() as desk:
        actor = context.operator(desk).username
        zone = desk.policy_at(desk.now()).timezone
        found = [each for each in desk.notices(f"{PREFIX} ") if actor in each.people and each.is_open]
        if not found:
            raise BadRequestError("No test page waits for you. For the page of a ticket, give its reference.")
        for notice in found:
            outcome = desk.do(AcknowledgeNotice(notice.key), by=actor)
            if isinstance(outcome, Refusal):
                raise BadRequestError(refusal_message(outcome))
            echo(f"The test page of {full_time(notice.made_at, zone)} is acknowledged.")
