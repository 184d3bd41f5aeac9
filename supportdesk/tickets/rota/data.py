"""What the rota depends on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from supportdesk.sla.policy import Rung
from supportdesk.tickets.documents import Absence, Handover, Override, Person, Rotation, Swap
from supportdesk.tickets.person_addresses import list_addresses

D = TypeVar("D", Override, Swap, Absence, Handover)


class RotaData(Protocol):
    """The reference data that the rota depends on."""

    @property
    def staff(self) -> Mapping[str, Person]:
        """The staff by username, including those who have left."""

    @property
    def rotations(self) -> Sequence[Rotation]:
        """Every rotation that was set, one for each line, layer and start."""

    @property
    def overrides(self) -> Sequence[Override]:
        """Every override, also those that are over."""

    @property
    def swaps(self) -> Sequence[Swap]:
        """Every swap, in any state."""

    @property
    def absences(self) -> Sequence[Absence]:
        """Every absence, also those that are over."""

    @property
    def handovers(self) -> Sequence[Handover]:
        """Every handover of a shift, also those that are over."""

    def find_methods(self) -> Collection[str]:
        """Return the methods by which those who watch the desk can send; none where that is not known."""

    def ladder_at(self, at: datetime) -> Sequence[Rung]:
        """Return the rungs of the policy in force at an instant, the lowest first."""


def name_of(data: RotaData, username: str) -> str:
    """Return the name of a member of staff; an unknown username as it is."""
    person = data.staff.get(username)
    return person.name if person is not None else username


def has_address(person: Person, methods: Collection[str]) -> bool:
    """Return whether a page can reach a person outside the console: at an address of one of the methods (rule 18).

    Where no method is known, as nobody sends, any address counts, and so does a telephone number: the operator rings.
    """
    if methods:
        return any(each.method in methods for each in list_addresses(person))
    return bool(list_addresses(person) or person.telephone)


def describe_lack(methods: Collection[str]) -> str:
    """Return what a person lacks whom no page can reach, to follow `has`."""
    if methods:
        return f"no address for {' or '.join(sorted(methods))}, by which pages are sent here"
    return "neither a telephone number nor an email address"


def with_document(documents: Iterable[D], document: D) -> tuple[D, ...]:
    """Return overrides, swaps or absences by number, with one added or replaced."""
    numbered = {each.number: each for each in documents}
    numbered[document.number] = document
    return tuple(numbered[number] for number in sorted(numbered))


def people_on_rota(data: RotaData) -> frozenset[str]:
    """Return the usernames of everybody that any part of the rota names."""
    named = [username for each in data.rotations for username in each.members]
    named += [each.person for each in data.overrides]
    for swap in data.swaps:
        named += filter(None, (swap.offered_by, swap.asked, swap.taken_by))
    for absence in data.absences:
        named += filter(None, (absence.person, absence.deputy))
    return frozenset(named)
