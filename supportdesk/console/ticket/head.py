"""The top of a ticket's page: what it is, whose it is, and whatever somebody must not overlook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from supportdesk.console.safe_text import shown
from supportdesk.console.ticket.known import Known, Paper
from supportdesk.sla import words
from supportdesk.sla.clocks import instant
from supportdesk.tickets.people import Contact
from supportdesk.tickets.ticket import Ticket

SEPARATOR = " · "


def head_lines(known: Known, paper: Paper) -> list[Content]:
    """Reference, severity and stage; the summary; the customer; who has it; what is to be minded."""
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
    return [
        *paper.spread(title, owner),
        *paper.wrapped(shown(row.summary, look("strong"))),
        Content(),
        *_customer(known, paper),
        *(line for note, role in _notes(known, paper) for line in paper.wrapped(shown(note, look(role)))),
        Content(),
    ]


def _customer(known: Known, paper: Paper) -> list[Content]:
    row, look = known.row, paper.look
    contact = known.view.contact if known.view else None
    who = [row.organisation, row.contact + (", super user" if contact and contact.super_user else "")]
    lines = paper.wrapped(shown(SEPARATOR.join(who), look("text")))
    reach = reached_by(contact) if contact else ""
    return [*lines, *paper.wrapped(shown(reach, look("quiet")))]


def reached_by(contact: Contact) -> str:
    """A contact's number and address, as far as there are any."""
    return SEPARATOR.join(filter(None, (contact.telephone, contact.email))) or "no number, no address"


def _notes(known: Known, paper: Paper) -> Iterator[tuple[str, str]]:
    """What is to be minded, each with the role of its look."""
    if known.view is None:
        return
    ticket, policy, now = known.view.ticket, known.policy, instant(paper.now)

    def when(at: datetime) -> str:
        return words.near_time(at, policy.timezone, now)

    yield _assignment(known, ticket, when(ticket.owned_since) if ticket.owned_since else ""), "quiet"
    if ticket.page is not None and ticket.page_open:
        yield (
            f"{known.name(ticket.page.person)} is to be told since {when(ticket.page.since)}; not acknowledged",
            "at-risk",
        )
    if ticket.rung:
        yield f"Escalated to {policy.ladder[min(ticket.rung, len(policy.ladder)) - 1].name}", "at-risk"
    if ticket.out_of_policy:
        yield f"Out of policy: {'; '.join(ticket.out_of_policy)}", "due-soon"
    if ticket.waiting is not None:
        yield f"Waits on the {ticket.waiting.on} since {when(ticket.waiting.began)}", "quiet"
    if ticket.workaround:
        yield f"Workaround: {ticket.workaround}", "quiet"
    if ticket.fix is not None:
        shipped = f", out since {when(ticket.fix.shipped_at)}" if ticket.fix.shipped_at else ""
        yield f"Fix in {ticket.fix.release}, {words.day(ticket.fix.day)}{shipped}", "quiet"
    if ticket.reopens:
        yield f"Reopened {'once' if ticket.reopens == 1 else f'{ticket.reopens} times'}", "due-soon"
    for link in ticket.links:
        yield f"{link.kind.capitalize()}{' to' if link.kind == 'related' else ''} {link.ref}", "quiet"


def _assignment(known: Known, ticket: Ticket, since: str) -> str:
    team = next((each.name for each in known.policy.teams if each.key == ticket.team), ticket.team)
    if ticket.owner is None:
        return f"With {team}"
    verb = "" if ticket.accepted else "offered to "
    return f"With {team}{SEPARATOR}{verb}{known.name(ticket.owner)}" + (f" since {since}" if since else "")
