"""The details of one record of the directory: labelled lines, with the labels of its form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from supportdesk.console.directory.record_types import RecordEntry
from supportdesk.console.search.searches import describe_days_until
from supportdesk.sla import formatting
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import Roster
from supportdesk.tickets.addresses import format_addresses, format_quiet_hours
from supportdesk.tickets.documents import Article, Contact, Organisation, Person, Release, Rotation
from supportdesk.tickets.person_addresses import list_addresses
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.duty import Duty, next_shift
from supportdesk.tickets.rota.layers import find_rotation
from supportdesk.tickets.wanted_mail import MAIL_NAMES, describe_wanted_mail

Details = Iterator[tuple[str, str]]
"""Pairs of label and text; a pair with an empty text is not shown."""


def details(entry: RecordEntry, roster: Roster, policy: Policy, zone: str, now: datetime) -> Details:
    """Return the details of a record; `zone` is the time zone in which its times are shown."""
    document = entry.document
    match document:
        case Person():
            return _person(document, roster, policy, zone)
        case Organisation():
            return _organisation(document, roster)
        case Contact():
            return _contact(document, entry.company)
        case Release():
            return _release(document, zone, now)
        case Article():
            return iter((("Number", document.key), ("Text", document.text)))
        case Duty():
            return _gap(document, roster, zone, now)
        case _:
            return _rota_member(entry, roster, zone, now)


def _person(person: Person, roster: Roster, policy: Policy, zone: str) -> Details:
    teams = {team.key: team.name for team in policy.teams}
    rungs = {rung.key: rung.name for rung in policy.ladder}
    yield "Username", person.username
    yield "", "" if person.active else "has left; can no longer use this desk"
    yield "Team", teams.get(person.team, person.team)
    yield "Roles", ", ".join(person.roles)
    yield "Telephone", person.telephone
    yield "Email", person.email
    yield "Pages reach", format_addresses(list_addresses(person)) if person.active else ""
    yield "Quiet hours", format_quiet_hours(person.quiet_hours)
    yield "Rungs", ", ".join(rungs.get(key, key) for key in person.rungs)
    duty = roster.duty
    if duty.on_call is not None and duty.on_call.username == person.username and duty.ends is not None:
        yield "On call", f"until {formatting.weekday_time(duty.ends, zone)}"


def _organisation(organisation: Organisation, roster: Roster) -> Details:
    manager = next((each for each in roster.staff if each.username == organisation.account_manager), None)
    yield "Key", organisation.key
    yield (
        "Account",
        f"{manager.name}, account manager"
        if manager
        else organisation.account_manager or "no account manager yet",
    )
    yield "", " · ".join(filter(None, (manager.telephone, manager.email))) if manager else ""
    yield "Mail", describe_wanted_mail(organisation.unwanted_mails, MAIL_NAMES)


def _contact(contact: Contact, company: str) -> Details:
    yield "Customer", company
    yield "Super user", "yes, may call" if contact.super_user else "no"
    yield "Telephone", contact.telephone
    yield "Email", contact.email
    yield "Mail", describe_wanted_mail(contact.unwanted_mails, MAIL_NAMES)
    yield "Registered", "yes" if contact.registered else "no: added with a request, to be checked"
    yield "Key", contact.key


def _release(release: Release, zone: str, now: datetime) -> Details:
    yield "Planned", formatting.full_day(release.day)
    if release.shipped_at is not None:
        yield "Shipped", formatting.full_time(release.shipped_at, zone)
        return
    yield "", describe_days_until(release.day, formatting.local(now, zone).date())


def _rota_member(entry: RecordEntry, roster: Roster, zone: str, now: datetime) -> Details:
    data = roster.reference_data
    person = data.staff.get(entry.key)
    if person is not None:
        yield "", "" if person.active else "has left; holds no shift"
        yield "Telephone", person.telephone or "none: they cannot be called"
    shift = next_shift(data, entry.key, now)
    yield _shift(shift, zone, now) if shift is not None else ("Next shift", "none")
    rotation = find_rotation(data.rotations, now)
    if rotation is not None:
        yield "Handover", f"every {_handover(rotation, now)}"
    for planned in data.rotations:
        if planned.starts > now and planned.members:
            names = ", ".join(_name(data, username) for username in planned.members)
            yield "Planned", f"from {formatting.date_time(planned.starts, zone)}: {names}"


def _gap(gap: Duty, roster: Roster, zone: str, now: datetime) -> Details:
    if gap.began is None:
        yield "From", "now: no rotation has started"
    else:
        yield "From", formatting.date_time(gap.began, zone) if gap.began > now else "now"
    yield "Until", formatting.date_time(gap.ends, zone) if gap.ends is not None else "further notice"
    why = "is away without a deputy" if gap.away else "has left"
    yield "Why", f"{_name(roster.reference_data, gap.left)} {why}" if gap.left else ""
    paged = f"{gap.person.name}, {gap.rung.name}" if gap.person and gap.rung else "nobody"
    yield "Pages go to", paged


def _name(data: RotaData, username: str) -> str:
    person = data.staff.get(username)
    return person.name if person is not None else username


def _shift(shift: Duty, zone: str, now: datetime) -> tuple[str, str]:
    ends = formatting.date_time(shift.ends, zone) if shift.ends is not None else "further notice"
    if shift.began is None or shift.began <= now:
        return "On call", f"now, until {ends}"
    return "Next shift", f"{formatting.date_time(shift.began, zone)} until {ends}"


def _handover(rotation: Rotation, now: datetime) -> str:
    """Return the handover's weekday and local time, and the zone's present name."""
    at, zone = formatting.local(rotation.starts, rotation.timezone), rotation.timezone
    return f"{formatting.WEEKDAYS[at.weekday()]} {formatting.bare_time(at, zone)} {formatting.zone_name(now, zone)}"
