"""The top of a ticket's page: what it is, who has it, and what is broken."""

from __future__ import annotations

from textual.content import Content

from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.ticket.context import PageCanvas, TicketContext


def header_lines(known: TicketContext, paper: PageCanvas) -> list[Content]:
    """Reference, severity, stage and owner; the summary."""
    row, look = known.row, paper.look
    severity = next((each.name for each in known.policy.severities if each.key == row.severity), row.severity)
    title = Content.assemble(
        (row.ref, look("strong")),
        "   ",
        safe(severity, look("quiet")),
        "   ",
        (row.stage.capitalize(), look("quiet")),
    )
    owner = safe(row.owner_name, look("text")) if row.owner else Content.styled("Unassigned", look("faint"))
    return [*paper.justify(title, owner), *paper.wrapped(safe(row.summary, look("strong")))]
