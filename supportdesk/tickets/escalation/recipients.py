"""Whom a rung of a ladder reaches, at the moment that is asked about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from supportdesk.sla.ladder import (
    ACCOUNT_MANAGER,
    ACKNOWLEDGEMENT,
    ON_CALL,
    OWNER,
    SECOND_ON_CALL,
    SUPERVISORS,
    TEAM,
    EscalationRung,
)
from supportdesk.tickets.documents import Line, Person, Role
from supportdesk.tickets.escalation.case import EscalationCase
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.duty import duty

MISSED_FOR = timedelta(minutes=2)
"""For how long steps without acknowledgement pass over a person whose page could not be sent, while it is tried on."""


class Recipients(msgspec.Struct, frozen=True):
    """The people whom a rung reaches, in its order; `missing` are the reasons why others are not reached."""

    people: tuple[Person, ...]
    missing: tuple[str, ...] = ()


class RecipientData(msgspec.Struct, frozen=True):
    """The staff and the rota, and the username of the account manager of the ticket's customer."""

    rota: RotaData
    account_manager: str | None = None


def resolve_recipients(
    case: EscalationCase, rung: EscalationRung, data: RecipientData, at: datetime
) -> Recipients:
    """Return whom a rung reaches at an instant: the first recipient who can be found, or each of them."""
    found: dict[str, Person] = {}
    missing: list[str] = []
    for recipient in rung.to:
        people = tuple(_find_people(case, recipient, data, at))
        if not people:
            missing.append(_describe_missing(case, recipient))
        if rung.clock == ACKNOWLEDGEMENT:
            missed = {
                person.username: why for person in people if (why := _describe_missed(case, person, at))
            }
            missing += missed.values()
            people = tuple(person for person in people if person.username not in missed)
        found |= {person.username: person for person in people}
        if found and not rung.each:
            return Recipients(tuple(found.values())[:1], tuple(missing))
    return Recipients(tuple(found.values()), tuple(missing))


def _describe_missed(case: EscalationCase, person: Person, at: datetime) -> str:
    """Return why the next page is for somebody else: one to this person came to nothing just before (rule 24)."""
    for each in reversed(case.progress.unsent):
        if each.person == person.username and at - each.at < MISSED_FOR:
            return f"{person.name} {'passed the page on' if each.passed_on else 'could not be reached by any method'}"
    return ""


def _find_people(case: EscalationCase, recipient: str, data: RecipientData, at: datetime) -> Iterator[Person]:
    """Yield the active members of staff for whom a recipient stands, by username."""
    active = (person for person in data.rota.staff.values() if person.active)
    staff = sorted(active, key=lambda person: person.username)
    if recipient == ON_CALL:
        # The last resort included, where nobody has the shift (rule 18).
        person = duty(data.rota, at).person
        yield from [person] if person is not None else []
    elif recipient == SECOND_ON_CALL:
        second = duty(data.rota, at, Line.SECOND).on_call
        yield from [second] if second is not None else []
    elif recipient == OWNER:
        yield from (each for each in staff if each.username == case.ticket.owner)
    elif recipient == TEAM:
        yield from (each for each in staff if each.team == case.ticket.team)
    elif recipient == SUPERVISORS:
        yield from (each for each in staff if Role.SUPERVISOR in each.roles)
    elif recipient == ACCOUNT_MANAGER:
        yield from (each for each in staff if each.username == data.account_manager)
    else:
        yield from (each for each in staff if recipient in each.rungs)


def _describe_missing(case: EscalationCase, recipient: str) -> str:
    """Return why a recipient stands for nobody."""
    reasons = {
        ON_CALL: "nobody is on call",
        SECOND_ON_CALL: "nobody is second on call",
        OWNER: "it has no owner" if case.ticket.owner is None else "its owner has left",
        TEAM: f"nobody is in {case.policy.team(case.ticket.team).name}",
        SUPERVISORS: "there is no supervisor",
        ACCOUNT_MANAGER: "the customer has no account manager",
    }
    if recipient in reasons:
        return reasons[recipient]
    return f"nobody is {next(role.name for role in case.policy.ladder if role.key == recipient)}"
