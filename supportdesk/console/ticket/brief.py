"""The brief of a ticket: its facts in the order in which a paged engineer needs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import Enum, auto

from textual.content import Content

from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.text.names import short_name
from supportdesk.console.ticket.context import PageCanvas, TicketContext
from supportdesk.console.ticket.next_step import (
    describe_closing,
    describe_next_step,
    describe_stop,
    is_stopped,
)
from supportdesk.sla import formatting
from supportdesk.sla.clocks import instant
from supportdesk.sla.policy import ACCOUNT_MANAGER, ARTICLE, FIX, FIX_DATE, RESTORED, WORKAROUND
from supportdesk.store.read_models import TimelineEntry
from supportdesk.tickets import ladder
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.mail_alarm import describe_mail_alarm
from supportdesk.tickets.page_history import PageAttempt, PageRecord
from supportdesk.tickets.resolution_steps import STEP_NAMES, find_missing_steps, find_steps_taken
from supportdesk.tickets.ticket import HOLDS, Ticket, WaitPeriod

SEPARATOR = " · "
WORDS = 3
"""The most lines of the customer's description."""
NOTE = 2
"""The most lines of each note and each attempt."""
TRIES = 3
"""The most attempts that are shown."""
PAGES = 3
"""The most closed pages that are shown; open ones are always shown."""
FEWEST = 2
"""The most pages that are shown where room is shortest; the others are counted."""


class PageDetail(Enum):
    """What the lines of the pages tell of how each was shown and sent."""

    ALL = auto()
    """Of every page."""
    LAST = auto()
    """Of the last page, and earlier pages only where they are open."""
    NONE = auto()
    """Of no page, and earlier pages only where they are open."""


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


def above_clocks(context: TicketContext, canvas: PageCanvas) -> list[Content]:
    """Return the problem, when it was received, the customer, how to reach them, and what to note."""
    style, row, view = canvas.style, context.row, context.view
    contact = view.contact if view else None
    who = [row.organisation, row.contact + (", super user" if contact and contact.super_user else "")]
    lines = _problem_lines(view.ticket, canvas) if view else []
    lines += canvas.labelled("Received", safe(arrival(context, canvas), style("text")))
    lines += canvas.labelled("Customer", safe(SEPARATOR.join(who), style("text")))
    if contact is not None:
        number, _, rest = reached_by(contact).partition(SEPARATOR)
        more = f"{SEPARATOR}{rest}" if rest else ""
        lines += canvas.labelled("Reached on", safe(number, style("strong")) + safe(more, style("text")))
    if view is not None:
        for label, note, style_name in _notes(context, view.ticket, canvas):
            lines += canvas.labelled(label, safe(note, style(style_name)), most=NOTE)
    return lines


def below_clocks(
    context: TicketContext, canvas: PageCanvas, detail: PageDetail = PageDetail.ALL
) -> list[Content]:
    """Return who was paged, what the resolution still requires, the next step of the ladder, and who is above."""
    view = context.view
    if view is None:
        return []
    lines: list[Content] = []
    pages, more = _pages_shown(view.pages, detail)
    stop, is_quiet = describe_stop(context, canvas), is_stopped(context, canvas)
    given = max((page.acknowledged_at for page in pages if page.acknowledged_at is not None), default=None)
    for place, page in enumerate(pages):
        is_detailed = detail is PageDetail.ALL or (detail is PageDetail.LAST and place == 0)
        lasts = stop if page.acknowledged_at == given else ""
        line = _page_line(page, context, canvas, lasts, is_detailed=is_detailed, is_quiet=is_quiet)
        if more and place == len(pages) - 1:
            line += safe(f"{SEPARATOR}{more} more paged", canvas.style("quiet"))
        lines += canvas.labelled("" if place else "Paged", line)
    following = describe_next_step(context, canvas)
    for label, text, style_name in (
        ("Missing", _needs(context, view.ticket), "quiet"),
        ("Next", *(following or ("", "quiet"))),
        ("Closes", describe_closing(context, canvas), "quiet"),
        ("Escalate", _next_up(context, view.ticket), "quiet"),
    ):
        lines += canvas.labelled(label, safe(text, canvas.style(style_name))) if text else []
    return lines


def arrival(context: TicketContext, canvas: PageCanvas) -> str:
    """Return when and by which channel a ticket came in: `01:29 GMT, by Critical telephone`."""
    row, policy = context.row, context.policy
    channel = next((each.name for each in policy.channels if each.key == row.channel), row.channel)
    at = formatting.near_time(instant(row.received_at), context.zone, instant(canvas.now))
    return f"{at}, by {channel}"


def reached_by(contact: Contact) -> str:
    """Return the telephone number and email address of a contact, or that there are none."""
    return (
        SEPARATOR.join(filter(None, (contact.telephone, contact.email)))
        or "no telephone number or email address"
    )


def _problem_lines(ticket: Ticket, canvas: PageCanvas) -> list[Content]:
    """Return the customer's description; none for an empty one."""
    text = " ".join(ticket.description.split())
    return canvas.labelled("Problem", safe(text, canvas.style("text")), most=WORDS) if text else []


def _notes(context: TicketContext, ticket: Ticket, canvas: PageCanvas) -> Iterator[tuple[str, str, str]]:
    """Yield what to note: a label, the text, and the name of its style."""
    now = instant(canvas.now)
    yield "Owner", _assignment(context, ticket, canvas), "text"
    if alarm := describe_mail_alarm(ticket):
        yield "Mail", alarm, "breached"
    if ticket.out_of_policy:
        yield "Policy", f"out of policy: {'; '.join(ticket.out_of_policy)}", "due-soon"
    if ticket.reopens:
        yield "Reopened", "once" if ticket.reopens == 1 else f"{ticket.reopens} times", "due-soon"
    if ticket.waiting is not None:
        yield "On hold", _hold(ticket.waiting, context, now), "text"
    if ticket.fix is not None:
        shipped = ticket.fix.shipped_at
        out = f", shipped {formatting.near_time(shipped, context.zone, now)}" if shipped else ""
        yield "Fix", f"in {ticket.fix.release}, {formatting.day(ticket.fix.day)}{out}", "text"
    for place, link in enumerate(ticket.links):
        related = "to " if link.kind == "related" else ""
        yield "" if place else "Linked", f"{link.kind} {related}{link.ref}", "quiet"
    if ticket.workaround:
        yield "Workaround", " ".join(ticket.workaround.split()), "text"


def _hold(hold: WaitPeriod, context: TicketContext, now: datetime) -> str:
    """Return what a ticket is on hold for, since when, and the day on which that ends by itself."""
    since = formatting.near_time(hold.began, context.zone, now)
    until = f", until {formatting.full_day(hold.until)}" if hold.until else ""
    return f"for {HOLDS.get(hold.on, hold.on)} since {since}{until}"


def _assignment(context: TicketContext, ticket: Ticket, canvas: PageCanvas) -> str:
    team = next((each.name for each in context.policy.teams if each.key == ticket.team), ticket.team)
    if ticket.owner is None:
        return f"Unassigned{SEPARATOR}{team}"
    verb = "" if ticket.accepted else "offered to "
    began = ticket.owned_since
    since = f" since {formatting.near_time(began, context.zone, instant(canvas.now))}" if began else ""
    return f"{verb}{context.name(ticket.owner)}{since}{SEPARATOR}{team}"


def tried_lines(context: TicketContext, canvas: PageCanvas, room: int) -> list[Content]:
    """Return what has been tried, the latest first, in at most `room` lines (at least 1)."""
    view = context.view
    if view is None:
        return []
    lines: list[Content] = []
    tries = [each for each in reversed(view.timeline) if each.event in TRIED and not each.is_undone]
    for entry in tries[:TRIES]:
        left = room - len(lines)
        if left > 0:
            text = safe(_describe_event(entry, context, canvas), canvas.style("text"))
            lines += canvas.labelled("" if lines else "Tried", text, most=min(NOTE, left))
    if lines or view.ticket.workaround:
        return lines
    return canvas.labelled("Tried", Content.styled("nothing yet", canvas.style("faint")))


def _describe_event(entry: TimelineEntry, context: TicketContext, canvas: PageCanvas) -> str:
    today = formatting.local(instant(canvas.now), context.zone).date()
    then = formatting.local(entry.at, context.zone).date()
    day = "" if then == today else f"{formatting.near_day(then, today)} "
    at = formatting.bare_time(entry.at, context.zone)
    return f"{day}{at} {short_name(entry.name)} {' '.join(entry.sentence.split())}"


def _pages_shown(pages: Sequence[PageRecord], detail: PageDetail) -> tuple[list[PageRecord], int]:
    """Return the pages of the brief, and how many open ones are left out.

    Shown are those that are open, the last ones, and first the one acknowledged last, if no page followed that.
    """
    last = 1 if detail is not PageDetail.ALL else PAGES
    answered = [page for page in pages if page.acknowledged_at is not None and not page.left]
    latest = max(answered, key=lambda page: page.acknowledged_at or page.at, default=None)
    shown = [page for age, page in enumerate(reversed(pages)) if age < last or page.is_open or page is latest]
    fewest = FEWEST
    if latest is not None and latest.acknowledged_at is not None and latest.acknowledged_at >= pages[-1].at:
        shown.sort(key=lambda page: page is not latest)
        fewest = 1
    most = fewest if detail is PageDetail.NONE else len(shown)
    return shown[:most], sum(page.is_open for page in shown[most:])


def _page_line(
    page: PageRecord,
    context: TicketContext,
    canvas: PageCanvas,
    stop: str,
    *,
    is_detailed: bool,
    is_quiet: bool,
) -> Content:
    """Return who was paged, when, and whether they acknowledged; `stop` is until when that stops the escalation.

    With details, also when it was shown to them, and what became of it by each method. It is quiet where the
    escalation is stopped.
    """
    zone, style = context.zone, canvas.style
    at = formatting.near_time(page.at, zone, instant(canvas.now))
    if not page.name:
        seen = f"{SEPARATOR}handled by {page.by}" if page.by else ""
        style_name = "breached" if page.is_last and not page.by else "quiet"
        return safe(f"{at} nobody paged{SEPARATOR}{page.why}{seen}", style(style_name))
    who = SEPARATOR.join(filter(None, (f"{at} {page.name}", page.telephone)))
    if page.acknowledged_at is None:
        hint = context.key_hint("acknowledge") if page.is_last else ""
        answer = (f"not acknowledged{hint}", "at-risk" if page.is_last and not is_quiet else "quiet")
    elif page.left:
        answer = (f"ended {formatting.bare_time(page.acknowledged_at, zone)}, has left", "quiet")
    else:
        by = "" if page.by == page.name else f" by {page.by}"
        lasts = f", {stop}" if stop else ""
        answer = (f"acknowledged {formatting.bare_time(page.acknowledged_at, zone)}{by}{lasts}", "quiet")
    line = safe(f"{who}{SEPARATOR}", style("text")) + safe(answer[0], style(answer[1]))
    details = [_describe_attempt(each, zone) for each in page.attempts] if is_detailed else []
    if is_detailed and page.shown_at is not None:
        details.insert(0, f"shown {formatting.bare_time(page.shown_at, zone)}")
    return line + safe("".join(f"{SEPARATOR}{each}" for each in details), style("text"))


def _describe_attempt(attempt: PageAttempt, zone: str) -> str:
    """Return what became of a page by one method, such as `sms delivered 09:31`."""
    again = f", again {formatting.bare_time(attempt.retry_at, zone)}" if attempt.retry_at is not None else ""
    return f"{attempt.method} {attempt.outcome} {formatting.bare_time(attempt.at, zone)}{again}"


def _needs(context: TicketContext, ticket: Ticket) -> str:
    """Return what is missing before the ticket can be resolved; empty where the resolution itself states it."""
    severity = context.policy.severity(ticket.severity)
    if not ticket.is_open or severity.steps & {RESTORED, FIX}:
        return ""
    return ", or ".join(
        " and ".join(f"{STEP_NAMES[step]}{context.key_hint(VERBS[step])}" for step in way)
        for way in find_missing_steps(severity, find_steps_taken(ticket))
    )


def _next_up(context: TicketContext, ticket: Ticket) -> str:
    """Return who the operator can escalate to now: the next rung of the hierarchy that somebody holds."""
    if not ticket.is_open or not (ticket.rung or ticket.page):
        return ""
    step = ladder.find_next_rung(context.policy, ticket, context.staff.values())
    if step is None:
        return "nobody holds a rung above this one"
    reach = f", {step.person.telephone}" if step.person.telephone else ""
    return f"{step.person.name} ({step.rung.name}){reach}{context.key_hint('escalate')}"
