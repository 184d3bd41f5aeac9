"""The reference data of every decision: the staff, the rota and the policies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from supportdesk.sla.formatting import dated_time
from supportdesk.sla.policy import Policy, Rung, in_force
from supportdesk.tickets.documents import Absence, Handover, Override, Person, Rotation, Swap


class StaffData(msgspec.Struct, frozen=True):
    """The staff by username, including those who have left, the rota, and every version of the policy, by version.

    The rota is its rotations, overrides, swaps and absences, also those that are over; `handovers` are those of shifts.
    `load_methods` looks at the desk's watchers, and returns the methods by which they can send; none if not known.
    """

    staff: Mapping[str, Person] = msgspec.field(default_factory=dict)
    rotations: tuple[Rotation, ...] = ()
    overrides: tuple[Override, ...] = ()
    swaps: tuple[Swap, ...] = ()
    absences: tuple[Absence, ...] = ()
    handovers: tuple[Handover, ...] = ()
    policies: Mapping[str, Policy] = msgspec.field(default_factory=dict)
    load_methods: Callable[[], frozenset[str]] = frozenset

    def find_methods(self) -> frozenset[str]:
        """Return the methods by which those who watch the desk can send; none where that is not known."""
        return self.load_methods()

    def name(self, username: str | None) -> str:
        """Return the name of a member of staff; an unknown username as it is, an empty text for None."""
        if username is None:
            return ""
        person = self.staff.get(username)
        return person.name if person else username

    def policy_name(self, kind: str, key: str) -> str:
        """Return the newest name of a `kind` of the policy's parts, such as `severities`; an unknown key as it is."""
        versions = sorted(self.policies.values(), key=lambda policy: policy.effective, reverse=True)
        return next(
            (each.name for policy in versions for each in getattr(policy, kind) if each.key == key), key
        )

    def local_time(self, at: datetime) -> str:
        """Return an instant in the time zone of the newest policy: `24 Nov 2026 09:42 GMT`; in UTC without a policy."""
        newest = max(self.policies.values(), key=lambda policy: policy.effective, default=None)
        return dated_time(at, newest.timezone if newest is not None else "UTC")

    def ladder_at(self, at: datetime) -> tuple[Rung, ...]:
        """Return the rungs of the policy in force at an instant, the lowest first; none without a policy."""
        policy = in_force(self.policies.values(), at)
        return policy.ladder if policy is not None else ()
