"""Who may do what: the one place below the surfaces where it is decided."""

from __future__ import annotations

from supportdesk.tickets.case import Case
from supportdesk.tickets.command import Command, Refusal
from supportdesk.tickets.people import Person, Role

NEEDS: dict[str, frozenset[Role]] = {
    "RecordContact": frozenset({Role.ACCOUNT_MANAGER, Role.SUPERVISOR}),
    "KeepPerson": frozenset({Role.ADMINISTRATOR}),
    "KeepRelease": frozenset({Role.SUPERVISOR, Role.ENGINEER, Role.ADMINISTRATOR}),
    "KeepRotation": frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    "InstallPolicy": frozenset({Role.ADMINISTRATOR}),
    "ChangeDay": frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    "MoveToPolicy": frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    "TakeInHistory": frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    "TakeInRequest": frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
}
"""The roles of which one is needed, by the command's class; a command that is not here is open to all staff."""


def is_supervisor(person: Person) -> bool:
    """Whether this person answers for the whole queue."""
    return Role.SUPERVISOR in person.roles


def refused(case: Case, command: Command) -> Refusal | None:
    """Why this person may not, saying who may; None where they may."""
    needed = NEEDS.get(type(command).__name__)
    if needed is None or needed & set(case.actor.roles):
        return None
    who = " or ".join(sorted(role.value for role in needed))
    return Refusal(f"{case.actor.name} may not do this; it takes the role {who}")
