"""The JSON of `queue --json`, `show --json`, `log --json` and `due --json`.

These shapes are stable. A field may be added; none is renamed, removed or given another meaning.

A ticket is an object of
    ref, severity, stage, summary, organisation, owner, channel, received_at
    response    {due, state, left_seconds, met_at}
    resolution  {due, state, left_seconds, paused, met_at}
    contact, team, owner_name, waiting, out_of_policy, page_open, paged, also_paged, paged_since,
    nobody_paged, mail_undelivered, policy
where `severity`, `channel`, `team` are keys of the policy, `stage` one of triage, assignment, resolution, resolved,
closed, `organisation` and `contact` names, `owner` a username or null, `waiting` one of customer, third party,
release or null. `page_open` says that a page has not been acknowledged; `paged` is the username of the person
paged last, or null; `also_paged` are those paged before who have not acknowledged either, the longest paged first;
`paged_since` is when the last open page was sent, or null; `nobody_paged` says that a page of an open ticket reached
nobody; `mail_undelivered` that a mail did not reach the contact, who was told nothing since. `state` is one of ok,
due soon, at risk, breached, paused, met, missed, open (a promise without a time),
promised (a fix has a date), void; a clock that was breached under another promise and is in time for the present one
is `breached earlier`, and its `left_seconds` are those of the present one. `left_seconds` counts the open seconds of
the clock's calendar, negative when over, and stands still where the clock does; null for a promise without a time.
`due` is null while the clock is paused and where nothing is timed. `met_at` is when the clock stopped with a verdict,
in time or not.

Instants are ISO 8601 in UTC: `2026-11-24T09:42:00Z`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from supportdesk.cli.param_types import utc
from supportdesk.sla.clock_projection import project_clock
from supportdesk.sla.clocks import (
    Basis,
    ClockKind,
    ClockProjection,
    ClockStatus,
    State,
    epoch,
    instant,
    status_at,
)
from supportdesk.sla.policy import Amount, Policy
from supportdesk.store.read_models import QueueRow, TicketView, TimelineEntry
from supportdesk.tickets.reference import spell
from supportdesk.tickets.ticket import Ticket, WaitPeriod

Json = dict[str, Any]


def ticket_to_json(row: QueueRow, policies: Mapping[str, Policy], now: datetime) -> Json:
    """Return a ticket as in the queue at `now`."""
    policy = policies[row.policy]
    return {
        "ref": row.ref,
        "severity": row.severity,
        "stage": str(row.stage),
        "summary": row.summary,
        "organisation": row.organisation,
        "owner": row.owner,
        "channel": row.channel,
        "received_at": utc(instant(row.received_at)),
        "response": response_to_json(row.response, policy, now),
        "resolution": resolution_to_json(row.resolution, policy, now),
        "contact": row.contact,
        "team": row.team,
        "owner_name": row.owner_name or None,
        "waiting": row.waiting or None,
        "out_of_policy": row.out_of_policy,
        "page_open": row.page_open,
        "paged": row.paged[-1] if row.paged else None,
        "also_paged": list(row.paged[:-1]),
        "paged_since": utc(instant(row.paged_since)) if row.paged_since is not None else None,
        "nobody_paged": row.nobody_paged,
        "mail_undelivered": row.is_undelivered,
        "policy": row.policy,
    }


def response_to_json(clock: ClockProjection, policy: Policy, now: datetime) -> Json:
    """Return the response clock at `now`."""
    status = status_at(clock, epoch(now), policy.calendar(clock.calendar))
    return {
        "due": _utc(status.due),
        "state": status.wording,
        "left_seconds": status.left,
        "met_at": _met_at(status),
    }


def resolution_to_json(clock: ClockProjection, policy: Policy, now: datetime) -> Json:
    """Return the resolution clock at `now`."""
    status = status_at(clock, epoch(now), policy.calendar(clock.calendar))
    return {
        "due": _utc(status.due),
        "state": status.wording,
        "left_seconds": status.left,
        "paused": status.paused,
        "met_at": _met_at(status),
    }


def _met_at(status: ClockStatus) -> str | None:
    return _utc(status.stopped_at) if status.state in (State.MET, State.MISSED) else None


def _utc(at: datetime | None) -> str | None:
    return utc(at) if at is not None else None


def logged_to_json(row: QueueRow, policies: Mapping[str, Policy], now: datetime) -> Json:
    """Return a request that was just logged: as `ticket_to_json`, with `spelled`, the reference spelled out.

    `log --json` adds who is paged and what to tell the caller, see `read_back_to_json`, and `same_request`: the
    reference of an open ticket of the same caller with the same summary, or null.
    """
    return {**ticket_to_json(row, policies, now), "spelled": spell(row.ref)}


def promises_to_json(policy: Policy, severity: str, received_at: datetime) -> Json:
    """Return what the policy promises for a request received at an instant:

    severity, at, policy, response {due, target_seconds, calendar}, resolution {due, target_seconds, calendar, promise};
    the resolution's first three are null where the promise has no time.
    """
    wanted = policy.severity(severity)
    basis = Basis(severity, received_at)
    return {
        "severity": severity,
        "at": utc(received_at),
        "policy": policy.version,
        "response": _promised(policy, ClockKind.RESPONSE, basis, wanted.response),
        "resolution": {
            **_promised(policy, ClockKind.RESOLUTION, basis, wanted.resolution),
            "promise": wanted.promise,
        },
    }


def _promised(policy: Policy, kind: ClockKind, basis: Basis, target: Amount | None) -> Json:
    due = project_clock(policy, kind, basis).due
    return {
        "due": utc(instant(due)) if due is not None else None,
        "target_seconds": target.seconds if target else None,
        "calendar": target.calendar if target else None,
    }


def ticket_view_to_json(view: TicketView, policies: Mapping[str, Policy], now: datetime) -> Json:
    """Return a ticket with all its details: what `ticket_to_json` gives, and

    description, accepted, logged_at, changed_at, out_of_policy_reasons, waits [{on, began, ended, until}], rung,
    escalations, workaround, fix {release, day, shipped_at}, articles [{key, title}], links [{kind, ref}], reopens,
    resolved_how, closed_as, source, customer {organisation, contact, telephone, email, super_user, registered,
    account_manager}, timeline [{seq, at, actor, name, event, sentence}]. `customer` holds keys, the account manager's
    username. `until` is the day on which a hold ends by itself.
    """
    known = view.ticket
    return {
        **ticket_to_json(view.row, policies, now),
        "description": known.description,
        "accepted": known.accepted,
        "logged_at": utc(known.logged_at),
        "changed_at": utc(known.changed_at),
        "out_of_policy_reasons": list(known.out_of_policy),
        "waits": [_wait(wait) for wait in known.waits],
        "rung": known.rung,
        "escalations": known.escalations,
        "workaround": known.workaround,
        "fix": _fix(known),
        "articles": [{"key": article.key, "title": article.title} for article in view.articles],
        "links": [{"kind": link.kind, "ref": link.ref} for link in known.links],
        "reopens": known.reopens,
        "resolved_how": known.resolved_how,
        "closed_as": known.closed_as,
        "source": known.source,
        "customer": _customer(view),
        "timeline": [_entry(entry) for entry in view.timeline],
    }


def _wait(wait: WaitPeriod) -> Json:
    until = wait.until.isoformat() if wait.until is not None else None
    return {"on": wait.on, "began": utc(wait.began), "ended": _utc(wait.ended), "until": until}


def _fix(known: Ticket) -> Json | None:
    if known.fix is None:
        return None
    return {
        "release": known.fix.release,
        "day": known.fix.day.isoformat(),
        "shipped_at": _utc(known.fix.shipped_at),
    }


def _customer(view: TicketView) -> Json:
    manager = view.account_manager
    return {
        "organisation": view.organisation.key,
        "contact": view.contact.key,
        "telephone": view.contact.telephone,
        "email": view.contact.email,
        "super_user": view.contact.super_user,
        "registered": view.contact.registered,
        "account_manager": manager.username if manager else None,
    }


def _entry(entry: TimelineEntry) -> Json:
    return {
        "seq": entry.seq,
        "at": utc(entry.at),
        "actor": entry.actor,
        "name": entry.name,
        "event": entry.event,
        "sentence": entry.sentence,
    }
