"""Decides which commands an actor may give, once for every surface.

Each command names the roles of which a member of staff needs one, and says whether contacts and services may give it.
What depends on the ticket as well is decided by the command's rule, with `is_supervisor` here: who may take a ticket
from its owner (`process/teams.py`, `process/assignment.py`) or lower its severity (`process/severity.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

from supportdesk.tickets.actors import (
    SERVICES,
    Actor,
    ContactActor,
    ServiceActor,
    StaffActor,
    contact_key,
)
from supportdesk.tickets.command import Command
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Contact, Person, Role
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.wording import either

SUPERVISORS = frozenset({Role.SUPERVISOR})
"""Who may take a ticket from its owner, and lower a severity whose clock is nearly used up (rule 9)."""

IMPORTERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
"""Who may import the states of a ticket that came from another system, even of others (a server's guard, too)."""

POWERS = (
    ("Reassign a ticket that somebody else owns", SUPERVISORS),
    ("Lower a severity when most of the time is used", SUPERVISORS),
)
"""What a rule allows to some only, depending on the ticket."""

_NAMED = 3
"""The most people shown by name; more are counted."""


def find_actor(
    key: str, staff: Mapping[str, Person], find_contact: Callable[[str], Contact | None]
) -> Actor | Refusal:
    """Return the actor with a key, or why there is none who can act. `find_contact` returns the contact with a key."""
    person = staff.get(key)
    if person is not None and not person.active:
        return Refusal(f"{person.name} is not on the staff any more; an administrator can change that")
    if person is not None:
        return StaffActor(person)
    named = contact_key(key)
    contact = find_contact(named) if named is not None else None
    if contact is not None:
        return ContactActor(contact)
    if key in SERVICES:
        return SERVICES[key]
    return Refusal(
        f"{key!r} is not on the staff: give the username of a member of staff with --as, "
        "or have an administrator add this one"
    )


def is_permitted(actor: Actor, command: type[Command]) -> bool:
    """Return whether an actor may give a command: staff by their roles, others where the command is open to them."""
    match actor:
        case StaffActor():
            return not command.needs or not command.needs.isdisjoint(actor.roles)
        case ContactActor():
            return command.open_to_contacts
        case ServiceActor():
            return actor.key in command.open_to_services
        case _:
            assert_never(actor)


def refuse_actor(case: DecisionContext, command: type[Command]) -> Refusal | None:
    """Return why the actor may not give a command, naming those of the staff who may; None where the actor may."""
    return _refuse(case.actor, command, case.records.staff.values())


def refuse_person(command: type[Command], person: Person, staff: Iterable[Person]) -> Refusal | None:
    """Return why a member of staff may not give a command; surfaces ask this before they offer it."""
    return _refuse(StaffActor(person), command, staff)


def _refuse(actor: Actor, command: type[Command], staff: Iterable[Person]) -> Refusal | None:
    if is_permitted(actor, command):
        return None
    needed = name_permitted(command.needs, staff) if command.needs else "a member of staff"
    # Who may stands first: on a small screen the end is cut.
    return Refusal(f"only {needed} may do this; {_describe_lack(actor)}")


def _describe_lack(actor: Actor) -> str:
    match actor:
        case StaffActor():
            return f"{actor.name} may not"
        case ContactActor():
            return f"{actor.name} is a contact of a customer"
        case ServiceActor():
            return f"{actor.name} is not on the staff"
        case _:
            assert_never(actor)


def is_supervisor(actor: Actor) -> bool:
    """Return whether an actor is a supervisor."""
    return not SUPERVISORS.isdisjoint(actor.roles)


def name_supervisors(case: DecisionContext) -> str:
    """Return the supervisors to ask, by role and name."""
    return name_permitted(SUPERVISORS, case.records.staff.values())


def name_permitted(roles: Iterable[Role], staff: Iterable[Person]) -> str:
    """Return who is needed, by role and by name: `a supervisor (Kim Reed or Sam Okoro)`; `everybody` without a role."""
    roles = frozenset(roles)
    if not roles:
        return "everybody"
    holders = sorted(each.name for each in staff if each.active and not roles.isdisjoint(each.roles))
    names = holders[:_NAMED]
    if len(holders) > len(names):
        names.append(f"{len(holders) - len(names)} more")
    return f"{either(_with_article(roles))} ({either(names) or 'there is none on the staff'})"


def _with_article(roles: Iterable[Role]) -> list[str]:
    return [f"{'an' if role[0] in 'aeio' else 'a'} {role}" for role in sorted(each.value for each in roles)]
