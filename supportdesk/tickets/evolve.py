"""Applies events to a ticket: one small function for each event, without decisions.

Replaying a ticket's events through `evolve` must always give the same ticket: nothing here may depend on a policy, the
present, or anything but the ticket and the event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from supportdesk.sla.clocks import Basis, ClockKind
from supportdesk.tickets import events
from supportdesk.tickets.events import Event, Logged
from supportdesk.tickets.ticket import (
    Fix,
    LaterResponse,
    Link,
    Page,
    ResolvedPeriod,
    Stage,
    Ticket,
    WaitPeriod,
)
from supportdesk.tickets.undo_state import with_previous_values


def evolve(ticket: Ticket | None, event: Event, *, ref: str, at: datetime, actor: str) -> Ticket:
    """Return the ticket after an event that `actor` caused at `at`.

    Raises ValueError for an event that cannot follow: a second `Logged`, or any other event before the first `Logged`.
    """
    if isinstance(event, Logged):
        if ticket is not None:
            raise ValueError(f"{ref} was logged twice")
        return _logged(event, ref, at)
    if ticket is None:
        raise ValueError(f"{ref} begins with {type(event).__name__}, not with Logged")
    changed = _STEPS[type(event)](ticket, event, at, actor)
    return replace(changed, version=ticket.version + 1, changed_at=at)


def build_ticket(ref: str, history: Iterable[tuple[Event, datetime, str]]) -> Ticket:
    """Return the ticket after a history of (event, instant, actor). Raises ValueError for an empty history."""
    ticket: Ticket | None = None
    for event, at, actor in history:
        ticket = evolve(ticket, event, ref=ref, at=at, actor=actor)
    if ticket is None:
        raise ValueError(f"{ref} has no events")
    return ticket


def _logged(event: Logged, ref: str, at: datetime) -> Ticket:
    basis = Basis(event.severity, event.received_at)
    return Ticket(
        ref=ref,
        version=1,
        policy=event.policy,
        received_at=event.received_at,
        logged_at=at,
        changed_at=at,
        channel=event.channel,
        severity=event.severity,
        summary=event.summary,
        description=event.description,
        organisation=event.organisation,
        contact=event.contact,
        stage=Stage.TRIAGE,
        team=event.team,
        response=basis,
        resolution=basis,
        out_of_policy=event.out_of_policy,
        source=event.source,
    )


def _same(ticket: Ticket, event: Event, at: datetime, actor: str) -> Ticket:
    return ticket


def _acknowledged(ticket: Ticket, event: events.Acknowledged, at: datetime, actor: str) -> Ticket:
    return replace(ticket, stage=Stage.ASSIGNMENT if ticket.stage is Stage.TRIAGE else ticket.stage)


def _paged(ticket: Ticket, event: events.Paged, at: datetime, actor: str) -> Ticket:
    passed_on = (None, event.person, actor)
    others = tuple(each for each in ticket.open_pages if event.beside and each.person not in passed_on)
    shown = tuple(each for each in ticket.pages_shown if each != event.person)
    return replace(ticket, page=Page(event.person, at), earlier_pages=others, pages_shown=shown)


def _page_shown(ticket: Ticket, event: events.PageShown, at: datetime, actor: str) -> Ticket:
    return replace(ticket, pages_shown=(*ticket.pages_shown, event.person))


def _page_acknowledged(ticket: Ticket, event: events.PageAcknowledged, at: datetime, actor: str) -> Ticket:
    others = tuple(each for each in ticket.earlier_pages if each.person != event.person)
    if len(others) < len(ticket.earlier_pages):
        return replace(ticket, earlier_pages=others)
    page = ticket.page
    return replace(ticket, page=replace(page, acknowledged_by=actor, acknowledged_at=at) if page else None)


def _assigned(ticket: Ticket, event: events.Assigned | events.HandedOver, at: datetime, actor: str) -> Ticket:
    return replace(
        ticket,
        stage=Stage.ASSIGNMENT,
        team=event.team,
        owner=event.owner,
        owned_since=at if event.owner else None,
        accepted=False,
    )


def _claimed(ticket: Ticket, event: events.Claimed, at: datetime, actor: str) -> Ticket:
    return replace(
        ticket, stage=Stage.RESOLUTION, team=event.team, owner=event.owner, owned_since=at, accepted=True
    )


def _handed_back(ticket: Ticket, event: events.HandedBack, at: datetime, actor: str) -> Ticket:
    return replace(ticket, stage=Stage.ASSIGNMENT, owner=None, owned_since=None, accepted=False)


def _replied(ticket: Ticket, event: events.Replied, at: datetime, actor: str) -> Ticket:
    return replace(ticket, last_reply_at=at, undelivered="")


def _wait_began(ticket: Ticket, event: events.WaitBegan, at: datetime, actor: str) -> Ticket:
    return replace(ticket, waits=(*ticket.waits, WaitPeriod(event.on, at, until=event.until)))


def _wait_ended(ticket: Ticket, event: events.WaitEnded, at: datetime, actor: str) -> Ticket:
    return replace(ticket, waits=(*ticket.waits[:-1], replace(ticket.waits[-1], ended=at)))


def _hold_day_changed(ticket: Ticket, event: events.HoldDayChanged, at: datetime, actor: str) -> Ticket:
    return replace(ticket, waits=(*ticket.waits[:-1], replace(ticket.waits[-1], until=event.until)))


def _severity_changed(ticket: Ticket, event: events.SeverityChanged, at: datetime, actor: str) -> Ticket:
    return replace(
        ticket,
        severity=event.severity,
        response=event.response or ticket.response,
        resolution=event.resolution or ticket.resolution,
    )


def _workaround(ticket: Ticket, event: events.WorkaroundProposed, at: datetime, actor: str) -> Ticket:
    return replace(ticket, workaround=event.text, last_reply_at=at, undelivered="")


def _fix_promised(ticket: Ticket, event: events.FixPromised, at: datetime, actor: str) -> Ticket:
    return replace(
        ticket, fix=Fix(event.release, event.day), resolution=_broken(ticket.resolution, event.broken_since)
    )


def _fix_moved(ticket: Ticket, event: events.FixDateMoved, at: datetime, actor: str) -> Ticket:
    return replace(
        ticket, fix=Fix(event.release, event.day), resolution=_broken(ticket.resolution, event.broken_since)
    )


def _broken(basis: Basis, since: datetime | None) -> Basis:
    if since is None or (basis.breached_at is not None and basis.breached_at <= since):
        return basis
    return replace(basis, breached_at=since)


def _fix_shipped(ticket: Ticket, event: events.FixShipped, at: datetime, actor: str) -> Ticket:
    shipped_at = event.shipped_at or at
    return replace(ticket, fix=replace(ticket.fix, shipped_at=shipped_at) if ticket.fix else None)


def _article_linked(ticket: Ticket, event: events.ArticleLinked, at: datetime, actor: str) -> Ticket:
    return replace(ticket, articles=(*ticket.articles, event.article))


def _account_manager(
    ticket: Ticket, event: events.AccountManagerContacted, at: datetime, actor: str
) -> Ticket:
    return replace(ticket, account_manager_at=at, last_reply_at=at, undelivered="")


def _escalated(ticket: Ticket, event: events.Escalated, at: datetime, actor: str) -> Ticket:
    higher = replace(ticket, escalations=ticket.escalations + 1, rung=event.rung or ticket.rung)
    if event.team is None:
        return higher
    return replace(
        higher, team=event.team, stage=Stage.ASSIGNMENT, owner=None, owned_since=None, accepted=False
    )


def _clock_stopped(ticket: Ticket, event: events.ClockStopped, at: datetime, actor: str) -> Ticket:
    if event.kind is ClockKind.RESPONSE:
        return replace(ticket, response_verdict=event.verdict, response_mail=event.mail)
    stopped = replace(ticket, resolution_verdict=event.verdict)
    if ticket.first_resolution is not None:
        return stopped
    return replace(stopped, first_resolution=event.verdict, first_basis=ticket.resolution)


def _mail_undelivered(ticket: Ticket, event: events.MailUndelivered, at: datetime, actor: str) -> Ticket:
    """The response that rested on the mail was none: a later one counts, or the clock runs on (rule 3)."""
    later = tuple(each for each in ticket.later_responses if each.mail != event.delivery)
    warned = replace(ticket, undelivered=event.name, later_responses=later)
    if not event.withdraws:
        return warned
    if not later:
        return replace(warned, response_verdict=None, response_mail="")
    first, *rest = later
    return replace(
        warned, response_verdict=first.verdict, response_mail=first.mail, later_responses=tuple(rest)
    )


def _retry_requested(ticket: Ticket, event: events.RetryRequested, at: datetime, actor: str) -> Ticket:
    """Somebody has seen to the mail that did not arrive: if it fails again, that is another alarm."""
    return replace(ticket, undelivered="") if event.ends_alarm else ticket


def _response_confirmed(ticket: Ticket, event: events.ResponseConfirmed, at: datetime, actor: str) -> Ticket:
    later = (*ticket.later_responses, LaterResponse(event.verdict, event.mail))
    return replace(ticket, later_responses=later)


def _resolved(ticket: Ticket, event: events.Resolved, at: datetime, actor: str) -> Ticket:
    return replace(
        ticket,
        stage=Stage.RESOLVED,
        resolved_how=event.how,
        resolved_at=at,
        last_reply_at=at,
        undelivered="",
        stood=(*ticket.stood, ResolvedPeriod(at)),
    )


def _reopened(ticket: Ticket, event: events.Reopened, at: datetime, actor: str) -> Ticket:
    """The clocks continue; a response verdict stays unless it was void, where nobody had responded yet."""
    response = ticket.response_verdict
    return replace(
        ticket,
        stage=Stage.RESOLUTION if ticket.accepted else Stage.ASSIGNMENT,
        reopens=ticket.reopens + 1,
        closed_as=None,
        resolved_how=None,
        response_verdict=response if response and response.state.is_verdict else None,
        resolution_verdict=None,
        stood=(*ticket.stood[:-1], replace(ticket.stood[-1], ended=at)),
    )


def _closed(ticket: Ticket, event: events.Closed, at: datetime, actor: str) -> Ticket:
    was_resolved = ticket.stage is Stage.RESOLVED
    return replace(
        ticket,
        stage=Stage.CLOSED,
        closed_as=event.reason,
        resolved_at=ticket.resolved_at if was_resolved else at,
        stood=ticket.stood if was_resolved else (*ticket.stood, ResolvedPeriod(at)),
    )


def _linked(ticket: Ticket, event: events.Linked, at: datetime, actor: str) -> Ticket:
    others = (link for link in ticket.links if link.ref != event.ref)
    return replace(ticket, links=(*others, Link(event.kind, event.ref)))


def _due_moved(ticket: Ticket, event: events.DueMoved, at: datetime, actor: str) -> Ticket:
    if event.since is None:
        return ticket
    if event.kind is ClockKind.RESPONSE:
        return replace(ticket, response=replace(ticket.response, since=event.since))
    return replace(ticket, resolution=replace(ticket.resolution, since=event.since))


def _policy_moved(ticket: Ticket, event: events.PolicyMoved, at: datetime, actor: str) -> Ticket:
    return replace(
        ticket,
        policy=event.policy,
        response=event.response or ticket.response,
        resolution=event.resolution or ticket.resolution,
    )


def _undone(ticket: Ticket, event: events.Undone, at: datetime, actor: str) -> Ticket:
    return with_previous_values(ticket, event.was)


def _time_corrected(ticket: Ticket, event: events.TimeCorrected, at: datetime, actor: str) -> Ticket:
    fields = {name: getattr(event.times, name) for name in event.times.__struct_fields__}
    return replace(ticket, **{name: value for name, value in fields.items() if value is not UNSET})


_STEPS: dict[type[Event], Callable[[Ticket, Any, datetime, str], Ticket]] = {
    events.Acknowledged: _acknowledged,
    events.Paged: _paged,
    events.PageAcknowledged: _page_acknowledged,
    events.PageShown: _page_shown,
    events.AcknowledgementExtended: _same,
    events.StepTaken: _same,
    events.Assigned: _assigned,
    events.Claimed: _claimed,
    events.HandedOver: _assigned,
    events.HandedBack: _handed_back,
    events.Replied: _replied,
    events.Called: _same,
    events.CustomerWrote: _same,
    events.Noted: _same,
    events.SendAttempted: _same,
    events.RetryRequested: _retry_requested,
    events.PageUnsent: _same,
    events.MailPlanned: _same,
    events.MailWithheld: _same,
    events.MailUndelivered: _mail_undelivered,
    events.WaitBegan: _wait_began,
    events.HoldDayChanged: _hold_day_changed,
    events.WaitEnded: _wait_ended,
    events.SeverityChanged: _severity_changed,
    events.WorkaroundProposed: _workaround,
    events.FixPromised: _fix_promised,
    events.FixDateMoved: _fix_moved,
    events.FixShipped: _fix_shipped,
    events.ArticleLinked: _article_linked,
    events.AccountManagerContacted: _account_manager,
    events.Escalated: _escalated,
    events.ClockStopped: _clock_stopped,
    events.ResponseConfirmed: _response_confirmed,
    events.Resolved: _resolved,
    events.Reopened: _reopened,
    events.Closed: _closed,
    events.Linked: _linked,
    events.DueMoved: _due_moved,
    events.PolicyMoved: _policy_moved,
    events.TextCut: _same,
    events.Undone: _undone,
    events.TimeCorrected: _time_corrected,
}
