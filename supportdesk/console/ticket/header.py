"""The top of a ticket's page: reference, severity, stage, owner and summary."""

from __future__ import annotations

from textual.content import Content

from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.ticket.context import PageCanvas, TicketContext


def header_lines(context: TicketContext, canvas: PageCanvas) -> list[Content]:
    """Return a line with reference, severity, stage and owner, and the summary on further lines."""
    row, style = context.row, canvas.style
    severity = next(
        (each.name for each in context.policy.severities if each.key == row.severity), row.severity
    )
    title = Content.assemble(
        (row.ref, style("strong")),
        "   ",
        safe(severity, style("quiet")),
        "   ",
        (row.stage.capitalize(), style("quiet")),
    )
    owner = safe(row.owner_name, style("text")) if row.owner else Content.styled("Unassigned", style("faint"))
    return [*canvas.justify(title, owner), *canvas.wrapped(safe(row.summary, style("strong")))]
