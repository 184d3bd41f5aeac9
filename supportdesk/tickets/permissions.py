"""Who may do what: the one place below the surfaces where it is decided. Each command names the roles that it needs."""

from __future__ import annotations

from supportdesk.tickets.case import Case
from supportdesk.tickets.command import Command, Refusal
from supportdesk.tickets.people import Person, Role


def is_supervisor(person: Person) -> bool:
    """Whether this person answers for the whole queue."""
    return Role.SUPERVISOR in person.roles


def may(person: Person, command: type[Command]) -> bool:
    """Whether this person has a role that the command needs."""
    return not command.needs or not command.needs.isdisjoint(person.roles)


def refused(case: Case, command: Command) -> Refusal | None:
    """Why this person may not, saying who may; None where they may."""
    if may(case.actor, type(command)):
        return None
    return Refusal(f"{case.actor.name} may not do this; it takes the role {who_may(type(command))}")


def who_may(command: type[Command]) -> str:
    """The roles that a command needs, as words: `administrator or supervisor`."""
    return " or ".join(sorted(role.value for role in command.needs))
