"""`supportdesk doctor`: check the desk, its database and its reference data."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from supportdesk import __version__
from supportdesk.cli import desk_address
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import FAILURE
from supportdesk.cli.outbox_text import MOST, list_unsent
from supportdesk.cli.output import count_noun, echo, echo_error
from supportdesk.cli.refusal_text import refusal_message
from supportdesk.cli.rota_text import gap_sentences
from supportdesk.cli.watcher_status import describe_watcher
from supportdesk.heartbeat import ALIVE_SECONDS
from supportdesk.sla.formatting import dated, dated_time, full_time, sentence
from supportdesk.sla.opening_hours import within_years
from supportdesk.sla.policy import find_unnumbered
from supportdesk.store.location import find_heartbeat
from supportdesk.tickets.documents import Line
from supportdesk.tickets.escalation.vacancies import find_vacant_roles
from supportdesk.tickets.housekeeping.notices import describe_horizon, find_ending_calendars
from supportdesk.tickets.person_addresses import list_addresses
from supportdesk.tickets.rota.data import name_of
from supportdesk.tickets.rota.duty import find_duty_gaps
from supportdesk.tickets.rota.gap_text import uncovered_sentence
from supportdesk.tickets.rota.gaps import GAP_NOTICE, GapCause, find_gaps
from supportdesk.tickets.rota.notices.monthly_test import PREFIX, find_unanswered

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskReader, Queries
    from supportdesk.store.diagnostics import Diagnosis
    from supportdesk.tickets.rota.duty import Duty

AHEAD = timedelta(days=366)
"""How far ahead the holidays should be known."""
DRIFT = timedelta(minutes=5)
"""How far the clocks of machines may differ."""
SHOWN = 10
"""How many references are listed."""
LABEL = 12


@click.command()
@click.pass_context
@pass_cli_context
def doctor(context: CliContext, ctx: click.Context, /) -> None:
    """Check the desk and say what needs attention.

    The exit code is 1 if something must be done at once.
    """
    _echo_line("Program", f"supportdesk {__version__}, Python {platform.python_version()}")
    _echo_line("Desk", desk_address.display(context.address))
    from supportdesk.store.diagnostics import examine

    with context.database() as database:
        condition = examine(database, within_years(context.clock.now()) + DRIFT)
    watched, watcher = describe_watcher(find_heartbeat(context.address))
    with context.desk() as desk:
        for label, fact in (*_database(condition), *_desk(desk, context.username)):
            _echo_line(label, fact)
        _echo_line("Watcher", watcher)
        unsent = list_unsent(desk.outbox(MOST), desk.policy_at(desk.now()).timezone, desk.now())
        for advice in (*condition.advice, *_advice(desk), *unsent):
            _echo_line("Advice", advice)
        overdue = [*_overdue(desk, watcher if not watched else "")]
        zone = desk.policy_at(desk.now()).timezone
    faults = [
        *condition.faults,
        *_login(condition, context.username),
        *_traces(condition),
        *_dates(condition, context.clock.now(), zone),
        *overdue,
    ]
    for fault in faults:
        echo_error(fault)
    if faults:
        ctx.exit(FAILURE)


def _echo_line(label: str, fact: str) -> None:
    echo(f"{label:<{LABEL}}{fact}")


def _database(condition: Diagnosis) -> Iterator[tuple[str, str]]:
    yield "Database", condition.summary
    yield from condition.details
    yield "Search", condition.search
    yield "Schema", condition.schema
    yield "Ledger", f"{count_noun(condition.events, 'event')}; `supportdesk verify` checks them"


def _desk(desk: Queries, username: str) -> Iterator[tuple[str, str]]:
    now = desk.now()
    policy = desk.policy_at(now)
    yield "Time", full_time(now, policy.timezone)
    yield (
        "Policy",
        f"{policy.name}, version {policy.version}, from {full_time(policy.effective, policy.timezone)}",
    )
    for calendar in policy.calendars:
        if calendar.holidays_until is not None:
            yield "Holidays", f"{calendar.name}: known until {dated(calendar.holidays_until)}"
    roster = desk.roster()
    yield "Staff", count_noun(sum(person.active for person in roster.staff), "member")
    yield "On call", _on_call(roster.duty, policy.timezone)
    person = desk.person(username)
    yield (
        "You",
        f"{person.name} ({username}): {', '.join(person.roles)}"
        if person
        else f"{username}, not on the staff",
    )


def _on_call(duty: Duty, zone: str) -> str:
    until = f" until {full_time(duty.ends, zone)}" if duty.ends is not None else ""
    if duty.on_call is not None:
        return f"{duty.on_call.name}{until}"
    if duty.person is not None and duty.rung is not None:
        return f"nobody{until}; last resort: {duty.person.name}, {duty.rung.name}"
    return f"nobody{until}"


def _login(condition: Diagnosis, username: str) -> Iterator[str]:
    """Yield that the server refuses what this person writes, because it knows them by another name."""
    if condition.writes_as not in (None, username):
        yield (
            f"You act as {username}, but the login {condition.writes_as} writes in its own name only: give --as"
            f" {condition.writes_as}, or log in as {username}."
        )


def _traces(condition: Diagnosis) -> Iterator[str]:
    """Yield what an erasure has left to be done."""
    if condition.traces:
        yield (
            "An erasure was interrupted, and free space of the desk still contains traces of the person: run"
            " `supportdesk erase --finish`."
        )


def _dates(condition: Diagnosis, now: datetime, zone: str) -> Iterator[str]:
    """Yield what a wrong clock caused, and what to do about it."""
    from supportdesk.store.date_guard import find_clock_fault, is_in_calendar_years

    fault = find_clock_fault(now, condition.last_event_at, DRIFT, lambda at: dated_time(at, zone))
    if fault is not None:
        yield sentence(refusal_message(fault))
    if not is_in_calendar_years(now):
        yield "Until the clock is set, the desk is read-only."
        return
    if condition.ahead:
        refs = ", ".join(condition.ahead[:SHOWN]) + (", ..." if len(condition.ahead) > SHOWN else "")
        yield (
            f"{count_noun(len(condition.ahead), 'ticket')} dated in the future by a wrong clock: {refs}. A supervisor"
            " corrects each with `supportdesk correct-time REF --reason TEXT`."
        )


def _overdue(desk: DeskReader, unwatched: str) -> Iterator[str]:
    """Yield which tickets should have been escalated; `unwatched` says that nobody watches."""
    now = desk.now()
    overdue = desk.overdue_steps(now - timedelta(seconds=ALIVE_SECONDS), SHOWN + 1)
    if overdue:
        since = min(each.due for each in overdue)
        refs = ", ".join(each.ref for each in overdue[:SHOWN]) + (", ..." if len(overdue) > SHOWN else "")
        yield (
            f"Nobody was alerted for {refs}, where something is due since"
            f" {full_time(since, desk.policy_at(now).timezone)}. {unwatched}".rstrip()
        )


def _advice(desk: DeskReader) -> Iterator[str]:
    """Yield what should be done soon."""
    now, roster = desk.now(), desk.roster()
    for calendar in find_ending_calendars(desk.policy_at(now), now.date(), AHEAD):
        yield describe_horizon(calendar)
    paging = " and ".join(each.name for each in desk.policy_at(now).severities if each.pages)
    if paging and roster.duty.person is None:
        yield f"nobody would be paged for {paging}; put somebody on call with `supportdesk rota set`"
    for channel in find_unnumbered(desk.policy_at(now)):
        yield (
            f"the policy gives no number for {channel.name}, so that customers cannot be told what to ring; add"
            " `number` to that channel of your policy file, and install it with `supportdesk policy install`"
        )
    data, zone = roster.reference_data, desk.policy_at(now).timezone
    gaps = [
        gap
        for gap in find_duty_gaps(data, now)
        if gap.person is not None or (gap.began is not None and gap.began > now)
    ]
    for uncovered_time in gap_sentences(data, gaps, zone, now):
        yield f"{uncovered_time}; set the rota with `supportdesk rota set`"
    for uncovered in find_gaps(data, now, now + GAP_NOTICE):
        if uncovered.line is not Line.FIRST or uncovered.cause is GapCause.NO_ADDRESS:
            yield f"{uncovered_sentence(data, uncovered, zone)}; set the rota with `supportdesk rota set`"
    on_call = roster.duty.person
    if on_call is not None and not list_addresses(on_call) and not data.find_methods():
        yield (
            f"{on_call.name} is on call, and pages reach them in an open console only; add an address with "
            f"`supportdesk staff change {on_call.username} --address`"
        )
    for test in find_unanswered(data, desk.notices(f"{PREFIX} "), now):
        names = " and ".join(name_of(data, person) for person in test.people)
        yield (
            f"{names} did not acknowledge the test page of {full_time(test.made_at, zone)}; check how pages reach them,"
            " and let them try `supportdesk acknowledge --test`"
        )
    policy = desk.policy_at(now)
    if not any(severity.ladder for severity in policy.severities):
        yield (
            f"version {policy.version} of the policy has no ladder, so that nobody is alerted as time passes; add one"
            " to your policy file, or install the policy that comes with the program:"
            " `supportdesk policy install --built-in --new-version VERSION`"
        )
    if not any(person.rungs and person.active for person in roster.staff):
        yield (
            "nobody is on the escalation ladder; give somebody a rung with"
            " `supportdesk staff change USERNAME --rung RUNG`"
        )
        return
    for role, severities in find_vacant_roles(desk.policy_at(now), roster.staff):
        names = " and ".join(each.name for each in severities)
        yield (
            f"nobody is {role.name}, and a step for {names} would be skipped; give somebody the rung with "
            f"`supportdesk staff change USERNAME --rung {role.key}`"
        )
