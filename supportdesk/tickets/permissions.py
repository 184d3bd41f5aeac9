"""Who may do what: the one place below the surfaces where it is decided.

Each command names the roles of which one is needed to give it. A rule whose answer hangs on the ticket as well asks for
one of the powers here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supportdesk.tickets.command import Command, Refusal
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Person, Role

SUPERVISORS = frozenset({Role.SUPERVISOR})
"""Who may take a ticket from its owner, and lower a severity whose clock is nearly used up (rule 9)."""

POWERS = (
    ("Reassign a ticket that somebody else owns", SUPERVISORS),
    ("Lower a severity when most of the time is used", SUPERVISORS),
)
"""What a rule allows to some only, depending on the ticket."""

_NAMED = 3
"""The most people shown by name; more are counted."""


def is_supervisor(person: Person) -> bool:
    """Whether this person is a supervisor."""
    return not SUPERVISORS.isdisjoint(person.roles)


def name_supervisors(case: DecisionContext) -> str:
    """Return the supervisors to ask, by role and name."""
    return name_permitted(SUPERVISORS, case.directory.staff.values())


def is_permitted(person: Person, command: type[Command]) -> bool:
    """Whether this person has a role that the command needs."""
    return not command.needs or not command.needs.isdisjoint(person.roles)


def refuse_actor(case: DecisionContext, command: Command) -> Refusal | None:
    """Why this person may not, saying who may; None where they may."""
    return refuse_person(type(command), case.actor, case.directory.staff.values())


def refuse_person(command: type[Command], person: Person, staff: Iterable[Person]) -> Refusal | None:
    """Why a person may not give a command, naming those of the staff who may; surfaces ask this before they offer it.

    None where the person may.
    """
    if is_permitted(person, command):
        return None
    # Who may stands first: on a small screen the end is cut.
    return Refusal(f"only {name_permitted(command.needs, staff)} may do this; {person.name} may not")


def name_permitted(roles: Iterable[Role], staff: Iterable[Person]) -> str:
    """Who is needed, by role and by name: `a supervisor (Kim Reed or Sam Okoro)`; `everybody` where no role is."""
    roles = frozenset(roles)
    if not roles:
        return "everybody"
    holders = sorted(each.name for each in staff if each.active and not roles.isdisjoint(each.roles))
    names = holders[:_NAMED]
    if len(holders) > len(names):
        names.append(f"{len(holders) - len(names)} more")
    return f"{_either(_with_article(roles))} ({_either(names) or 'there is none on the staff'})"


def _with_article(roles: Iterable[Role]) -> list[str]:
    return [f"{'an' if role[0] in 'aeio' else 'a'} {role}" for role in sorted(each.value for each in roles)]


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
