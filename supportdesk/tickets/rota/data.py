"""What the rota depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from supportdesk.sla.policy import Rung
from supportdesk.tickets.documents import Absence, Override, Person, Rotation, Swap


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

    def ladder_at(self, at: datetime) -> Sequence[Rung]:
        """Return the rungs of the policy in force at an instant, the lowest first."""


def name_of(data: RotaData, username: str) -> str:
    """Return the name of a member of staff; an unknown username as it is."""
    person = data.staff.get(username)
    return person.name if person is not None else username


def has_address(person: Person) -> bool:
    """Return whether a page can reach a person outside the console: by telephone or by email."""
    return bool(person.telephone or person.email)
