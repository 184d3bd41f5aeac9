"""A rota as it would be after a change, to look at it before the change is made."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from supportdesk.sla.policy import Rung
from supportdesk.tickets.documents import Absence, Handover, Override, Person, Rotation, Swap
from supportdesk.tickets.rota.data import RotaData


class ChangedRota(msgspec.Struct, frozen=True):
    """The data of a rota, of which some was replaced; the ladder is that of `base`."""

    base: RotaData
    staff: Mapping[str, Person]
    rotations: Sequence[Rotation]
    overrides: Sequence[Override]
    swaps: Sequence[Swap]
    absences: Sequence[Absence]

    @property
    def handovers(self) -> Sequence[Handover]:
        """The handovers of shifts, which no change of the rota changes."""
        return self.base.handovers

    def find_methods(self) -> Collection[str]:
        """Return the methods by which those who watch the desk can send."""
        return self.base.find_methods()

    def ladder_at(self, at: datetime) -> Sequence[Rung]:
        """Return the rungs of the policy in force at an instant, the lowest first."""
        return self.base.ladder_at(at)


def with_rotations(data: RotaData, rotations: Sequence[Rotation]) -> RotaData:
    """Return the same data with other rotations, as they would be after a change."""
    return ChangedRota(data, data.staff, rotations, data.overrides, data.swaps, data.absences)
