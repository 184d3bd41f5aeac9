"""The brief: all that is known of a ticket, in the order in which the engineer who was paged needs it."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.text.names import short_name
from supportdesk.console.ticket.context import PageCanvas, TicketContext
from supportdesk.sla import formatting
from supportdesk.sla.clocks import instant
from supportdesk.sla.policy import ACCOUNT_MANAGER, ARTICLE, FIX, FIX_DATE, RESTORED, WORKAROUND
from supportdesk.store.read_models import TimelineEntry
from supportdesk.tickets import ladder
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.page_history import PageRecord
from supportdesk.tickets.resolution_steps import find_missing_steps, find_steps_taken
from supportdesk.tickets.ticket import Ticket

SEPARATOR = " · "
WORDS = 3
"""How many lines of the customer's words are shown."""
NOTE = 2
"""How many lines of each note and each attempt."""
TRIES = 3
TOLD = 3
VERBS = {WORKAROUND: "workaround", FIX_DATE: "fix", ARTICLE: "article", ACCOUNT_MANAGER: "contacted"}
"""The commands for what a resolution may require."""
TRIED = frozenset(
    {
        "replied",
        "noted",
        "handed over",
        "handed back",
        "severity changed",
        "wait began",
        "article linked",
        "resolved",
        "reopened",
        "closed",
    }
)
"""The events that count as attempts; a workaround has its own line."""


def above_clocks(known: TicketContext, paper: PageCanvas) -> list[Content]:
    """Return the problem, when it was received, the customer, how to reach them, and what to note."""
    look, row, view = paper.look, known.row, known.view
    contact = view.contact if view else None
    who = [row.organisation, row.contact + (", super user" if contact and contact.super_user else "")]
    lines = _broken(view.ticket, paper) if view else []
    lines += paper.labelled("Received", safe(arrival(known, paper), look("text")))
    lines += paper.labelled("Customer", safe(SEPARATOR.join(who), look("text")))
    if contact is not None:
        number, _, rest = reached_by(contact).partition(SEPARATOR)
        more = f"{SEPARATOR}{rest}" if rest else ""
        lines += paper.labelled("Reached on", safe(number, look("strong")) + safe(more, look("text")))
    if view is not None:
        for label, note, role in _notes(known, view.ticket, paper):
            lines += paper.labelled(label, safe(note, look(role)), most=NOTE)
    return lines


def below_clocks(known: TicketContext, paper: PageCanvas) -> list[Content]:
    """Return who was paged, what the resolution still requires, and who is next on the ladder."""
    view = known.view
    if view is None:
        return []
    lines: list[Content] = []
    pages = [told for age, told in enumerate(reversed(view.pages)) if age < TOLD or told.is_open]
    for place, told in enumerate(pages):
        lines += paper.labelled("" if place else "Paged", _page_line(told, known, paper))
    for label, text in (("Missing", _needs(known, view.ticket)), ("Next", _next_up(known, view.ticket))):
        lines += paper.labelled(label, safe(text, paper.look("quiet"))) if text else []
    return lines


def arrival(known: TicketContext, paper: PageCanvas) -> str:
    """`01:29 GMT, by Critical telephone`."""
    row, policy = known.row, known.policy
    channel = next((each.name for each in policy.channels if each.key == row.channel), row.channel)
    at = formatting.near_time(instant(row.received_at), known.zone, instant(paper.now))
    return f"{at}, by {channel}"


def reached_by(contact: Contact) -> str:
    """A contact's number and address, as far as there are any."""
    return (
        SEPARATOR.join(filter(None, (contact.telephone, contact.email)))
        or "no telephone number or email address"
    )


def _broken(ticket: Ticket, paper: PageCanvas) -> list[Content]:
    """The customer's own words; the summary stands in the head."""
    text = " ".join(ticket.description.split())
    return paper.labelled("Problem", safe(text, paper.look("text")), most=WORDS) if text else []


def _notes(known: TicketContext, ticket: Ticket, paper: PageCanvas) -> Iterator[tuple[str, str, str]]:
    """Yield what to note: a label, the text, and the role of its style."""
    now = instant(paper.now)
    yield "Owner", _assignment(known, ticket, paper), "text"
    if ticket.out_of_policy:
        yield "Policy", f"out of policy: {'; '.join(ticket.out_of_policy)}", "due-soon"
    if ticket.reopens:
        yield "Reopened", "once" if ticket.reopens == 1 else f"{ticket.reopens} times", "due-soon"
    if ticket.waiting is not None:
        since = formatting.near_time(ticket.waiting.began, known.zone, now)
        yield "On hold", f"for the {ticket.waiting.on} since {since}", "text"
    if ticket.fix is not None:
        shipped = ticket.fix.shipped_at
        out = f", shipped {formatting.near_time(shipped, known.zone, now)}" if shipped else ""
        yield "Fix", f"in {ticket.fix.release}, {formatting.day(ticket.fix.day)}{out}", "text"
    for place, link in enumerate(ticket.links):
        related = "to " if link.kind == "related" else ""
        yield "" if place else "Linked", f"{link.kind} {related}{link.ref}", "quiet"
    if ticket.workaround:
        yield "Workaround", " ".join(ticket.workaround.split()), "text"


def _assignment(known: TicketContext, ticket: Ticket, paper: PageCanvas) -> str:
    team = next((each.name for each in known.policy.teams if each.key == ticket.team), ticket.team)
    if ticket.owner is None:
        return f"Unassigned{SEPARATOR}{team}"
    verb = "" if ticket.accepted else "offered to "
    began = ticket.owned_since
    since = f" since {formatting.near_time(began, known.zone, instant(paper.now))}" if began else ""
    return f"{verb}{known.name(ticket.owner)}{since}{SEPARATOR}{team}"


def tried_lines(known: TicketContext, paper: PageCanvas, room: int) -> list[Content]:
    """What was done about it, the latest first, in no more than `room` lines, which is at least 1."""
    view = known.view
    if view is None:
        return []
    lines: list[Content] = []
    tries = [each for each in reversed(view.timeline) if each.event in TRIED and not each.is_undone]
    for entry in tries[:TRIES]:
        left = room - len(lines)
        if left > 0:
            told = safe(_describe_event(entry, known, paper), paper.look("text"))
            lines += paper.labelled("" if lines else "Tried", told, most=min(NOTE, left))
    if lines or view.ticket.workaround:
        return lines
    return paper.labelled("Tried", Content.styled("nothing yet", paper.look("faint")))


def _describe_event(entry: TimelineEntry, known: TicketContext, paper: PageCanvas) -> str:
    today = formatting.local(instant(paper.now), known.zone).date()
    then = formatting.local(entry.at, known.zone).date()
    day = "" if then == today else f"{formatting.near_day(then, today)} "
    at = formatting.bare_time(entry.at, known.zone)
    return f"{day}{at} {short_name(entry.name)} {' '.join(entry.sentence.split())}"


def _page_line(told: PageRecord, known: TicketContext, paper: PageCanvas) -> Content:
    """Return who was paged, when, and whether they acknowledged."""
    zone, look = known.zone, paper.look
    at = formatting.near_time(told.at, zone, instant(paper.now))
    if not told.name:
        seen = f"{SEPARATOR}handled by {told.by}" if told.by else ""
        role = "breached" if told.is_last and not told.by else "quiet"
        return safe(f"{at} nobody paged{SEPARATOR}{told.why}{seen}", look(role))
    who = SEPARATOR.join(filter(None, (f"{at} {told.name}", told.telephone)))
    if told.acknowledged_at is None:
        answers = f"not acknowledged ({known.key('acknowledge')})"
        answer = (answers, "at-risk") if told.is_last else ("not acknowledged", "quiet")
    else:
        by = "" if told.by == told.name else f" by {told.by}"
        answer = (f"acknowledged {formatting.bare_time(told.acknowledged_at, zone)}{by}", "quiet")
    return safe(f"{who}{SEPARATOR}", look("text")) + safe(answer[0], look(answer[1]))


def _needs(known: TicketContext, ticket: Ticket) -> str:
    """Return what is missing before the ticket can be resolved; empty where the resolution itself states it."""
    severity = known.policy.severity(ticket.severity)
    if not ticket.is_open or severity.steps & {RESTORED, FIX}:
        return ""
    return ", or ".join(
        " and ".join(f"{deed} ({known.key(VERBS[deed])})" for deed in way)
        for way in find_missing_steps(severity, find_steps_taken(ticket))
    )


def _next_up(known: TicketContext, ticket: Ticket) -> str:
    """Return who an escalation would page; nobody is paged by the passing of time alone."""
    if not ticket.is_open or not (ticket.rung or ticket.page):
        return ""
    step = ladder.find_next_rung(known.policy, ticket, known.staff.values())
    if step is None:
        return "nobody holds a rung above this one"
    reach = f", {step.person.telephone}" if step.person.telephone else ""
    return f"page {step.person.name} ({step.rung.name}){reach}: escalate ({known.key('escalate')})"
