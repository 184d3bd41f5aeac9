"""Finds the roles that a policy's ladders alert and that nobody holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from supportdesk.sla.policy import Policy, Rung, Severity
from supportdesk.tickets.documents import Person


def find_vacant_roles(policy: Policy, staff: Iterable[Person]) -> Iterator[tuple[Rung, list[Severity]]]:
    """Yield each role that no active member of staff holds, with the severities whose ladders alert it.

    A step that finds nobody is skipped; the next one is due at its own time.
    """
    held = _find_held(staff)
    for role in policy.ladder:
        alerting = [
            severity
            for severity in policy.severities
            if any(role.key in rung.to for rung in severity.ladder) and role.key not in held
        ]
        if alerting:
            yield role, alerting


def find_vacant_steps(policy: Policy, staff: Iterable[Person]) -> Iterator[tuple[int, int, list[Rung]]]:
    """Yield the steps that go only to roles that nobody holds: the places of severity and step, and the roles."""
    held = _find_held(staff)
    vacant = {role.key: role for role in policy.ladder if role.key not in held}
    for number, severity in enumerate(policy.severities):
        for place, rung in enumerate(severity.ladder):
            if all(recipient in vacant for recipient in rung.to):
                yield number, place, [vacant[recipient] for recipient in rung.to]


def _find_held(staff: Iterable[Person]) -> set[str]:
    return {role for person in staff if person.active for role in person.rungs}
