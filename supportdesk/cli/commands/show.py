"""`supportdesk show`: a ticket with its clocks, customer and timeline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.output import echo, echo_json
from supportdesk.cli.param_types import ReferenceParam
from supportdesk.cli.table import width
from supportdesk.sla.clocks import ClockProjection, State, epoch, instant, status_at
from supportdesk.sla.formatting import duration, full_day, full_time
from supportdesk.sla.policy import FIX, RESTORED, Policy
from supportdesk.store.read_models import TicketView
from supportdesk.store.timeline_lines import list_lines
from supportdesk.tickets.mail_alarm import describe_mail_alarm
from supportdesk.tickets.resolution_steps import STEP_NAMES, find_missing_steps, find_steps_taken
from supportdesk.tickets.ticket import Stage, WaitPeriod

if TYPE_CHECKING:
    from supportdesk.desk_api import TicketQueries

LABEL = 17
"""Width of a label, in columns."""
CONTINUED = "\n    "


@click.command()
@click.argument("ref", type=ReferenceParam())
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object with the timeline.")
@pass_cli_context
def show(context: CliContext, ref: str, as_json: bool) -> None:
    """Show a ticket: its details, clocks and timeline."""
    with context.desk() as desk:
        view, now, policies = desk.ticket(ref), desk.now(), desk.policies
        closes = "" if as_json else _closing(desk, view, now)
    if as_json:
        from supportdesk.cli import json_output

        echo_json(json_output.ticket_view_to_json(view, policies, now))
    else:
        echo("\n".join(ticket_lines(view, policies[view.row.policy], now, closes)))


def _closing(desk: TicketQueries, view: TicketView, now: datetime) -> str:
    """Return whether and when the ticket closes by itself, which its history says too."""
    if view.ticket.stage is not Stage.RESOLVED:
        return ""
    from supportdesk.tickets.housekeeping.closing import describe_closing

    return describe_closing(desk.explain_escalation(view.ticket.ref).case, now)


def ticket_lines(view: TicketView, policy: Policy, now: datetime, closes: str = "") -> Iterator[str]:
    """Yield the ticket as lines; `closes` says when it closes by itself."""
    row, zone = view.row, policy.timezone
    yield f"{row.ref}  {policy.severity(row.severity).name}  {row.stage}"
    yield row.summary
    yield ""
    for label, value in (*_labelled_values(view, policy, now), ("Closes", closes)):
        if value:
            yield f"{label:<{LABEL}}{value}"
    if view.ticket.description:
        yield ""
        yield "    " + view.ticket.description.replace("\n", CONTINUED)
    yield ""
    lines = [*list_lines(view.timeline)]
    widest = max((width(entry.name) for entry in lines), default=0)
    for entry in lines:
        sentence = entry.sentence.replace("\n", CONTINUED)
        name = entry.name + " " * (widest - width(entry.name))
        yield f"{full_time(entry.at, zone)}  {name}  {sentence}"


def _labelled_values(view: TicketView, policy: Policy, now: datetime) -> Iterator[tuple[str, str]]:
    ticket, row = view.ticket, view.row
    yield "Response", describe_clock(row.response, policy, now)
    yield "Resolution", describe_clock(row.resolution, policy, now)
    yield "Still missing", _missing(view, policy)
    yield "Customer", _customer(view)
    yield "Account manager", view.account_manager.name if view.account_manager else ""
    yield (
        "Received",
        f"{full_time(ticket.received_at, policy.timezone)}, {policy.channel(ticket.channel).name}",
    )
    yield "Out of policy", "; ".join(ticket.out_of_policy)
    yield "Team", policy.team(ticket.team).name
    yield "Owner", row.owner_name + ("" if ticket.accepted or not row.owner else ", not yet accepted")
    yield "Page", _page(view, policy.timezone)
    yield "Mail", describe_mail_alarm(ticket)
    yield "On hold for", _hold(ticket.waiting, policy, now) if ticket.waiting else ""
    yield "Escalations", str(ticket.escalations or "")
    yield "Workaround", (ticket.workaround or "").replace("\n", CONTINUED)
    yield "Fix", f"{ticket.fix.release}, {full_day(ticket.fix.day)}" if ticket.fix else ""
    yield "Articles", "; ".join(f"{article.key} {article.title}" for article in view.articles)
    yield "Links", "; ".join(f"{link.kind} {link.ref}" for link in ticket.links)


def _missing(view: TicketView, policy: Policy) -> str:
    """Return what is still missing for the resolution, where the severity asks for more than a fix or a restoration."""
    severity = policy.severity(view.ticket.severity)
    if not view.ticket.is_open or severity.steps & {RESTORED, FIX}:
        return ""
    return ", or ".join(
        " and ".join(STEP_NAMES[step] for step in way)
        for way in find_missing_steps(severity, find_steps_taken(view.ticket))
    )


def _hold(hold: WaitPeriod, policy: Policy, now: datetime) -> str:
    """Return what a ticket is on hold for and until when: `customer; the clock resumes Mon 30 Nov 2026 09:00 GMT`."""
    from supportdesk.tickets.housekeeping.holds import find_end_of_pause

    until = f", until {full_day(hold.until)}" if hold.until else ""
    resumes = find_end_of_pause(policy, hold)
    if resumes is None:
        return f"{hold.on}{until}"
    at = full_time(instant(resumes), policy.timezone)
    clock = f"the clock resumes {at}" if resumes > epoch(now) else f"the clock resumed {at}; chase, or close"
    return f"{hold.on}{until}; {clock}"


def _page(view: TicketView, zone: str) -> str:
    """Return open pages, such as `Priya Nair, paged on Tue 24 Nov 2026 02:58 GMT, not acknowledged`."""
    if not view.row.page_open or not view.row.is_open:
        return ""
    if view.row.nobody_paged:
        return f"nobody paged: {view.pages[-1].why}"
    return "; ".join(
        f"{pages.name}, paged on {full_time(pages.at, zone)}, not acknowledged"
        for pages in view.pages
        if pages.is_open and pages.person
    )


def _customer(view: TicketView) -> str:
    contact = view.contact
    status = "super user" if contact.super_user else "" if contact.registered else "not registered"
    who = (view.organisation.name, contact.name, status, contact.telephone, contact.email)
    return ", ".join(filter(None, who))


def describe_clock(clock: ClockProjection, policy: Policy, now: datetime) -> str:
    """Return a clock's state as text: `due soon, 0:42:10 left, due Tue 24 Nov 2026 10:30 GMT`."""
    status = status_at(clock, epoch(now), policy.calendar(clock.calendar))
    parts = [status.label]
    if status.state.is_verdict and clock.allowed is not None:
        parts[0] += f" in {duration(status.elapsed)} of {duration(clock.allowed)}"
    elif status.left is not None and status.state is not State.VOID:
        parts.append(f"{duration(abs(status.left))} {'over' if status.left < 0 else 'left'}")
    if status.due is not None:
        parts.append(f"due {full_time(status.due, policy.timezone)}")
    if status.opens is not None:
        parts.append(f"out of hours until {full_time(status.opens, policy.timezone)}")
    return ", ".join(parts)
