"""The top of a ticket's page: what it is, who has it, and what is broken."""

from __future__ import annotations

from textual.content import Content

from supportdesk.console.terminal.safe_text import shown
from supportdesk.console.ticket.context import Known, Paper


def head_lines(known: Known, paper: Paper) -> list[Content]:
    """Reference, severity, stage and owner; the summary."""
    row, look = known.row, paper.look
    severity = next((each.name for each in known.policy.severities if each.key == row.severity), row.severity)
    title = Content.assemble(
        (row.ref, look("strong")),
        "   ",
        shown(severity, look("quiet")),
        "   ",
        (row.stage.capitalize(), look("quiet")),
    )
    owner = (
        shown(row.owner_name, look("text")) if row.owner else Content.styled("nobody has it", look("faint"))
    )
    return [*paper.spread(title, owner), *paper.wrapped(shown(row.summary, look("strong")))]
