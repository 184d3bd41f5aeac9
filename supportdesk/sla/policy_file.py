"""Reads a policy from its TOML file, checks it and expands its holidays; no other module knows the file's format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from supportdesk.sla.calendar import CalendarError
from supportdesk.sla.policy import Hours, Policy
from supportdesk.sla.policy_checks import find_faults
from supportdesk.toml_file.document import (
    Fault,
    UnreadableError,
    describe_fault,
    fault_of_validation,
    read_toml,
)


class PolicyError(ValueError):
    """A policy is refused. The message names the file, and for each fault the line, the position and what to do."""

    def __init__(self, path: Path, faults: Sequence[Fault], text: str = "") -> None:
        self.path = path
        self.faults = tuple(faults)
        super().__init__("\n".join(describe_fault(path, fault, text) for fault in faults))


def load_policy(path: Path) -> Policy:
    """Return the policy in a TOML file. Raises PolicyError with all its faults."""
    try:
        text, document = read_toml(path)
    except UnreadableError as error:
        raise PolicyError(path, [error.fault]) from error
    try:
        policy = msgspec.convert(document, Policy, str_keys=True)
    except msgspec.ValidationError as error:
        raise PolicyError(path, [fault_of_validation(error, "policies")], text) from error
    faults = find_faults(policy)
    policy, unknown = _with_holidays(policy)
    if faults or unknown:
        raise PolicyError(path, [*faults, *unknown], text)
    return policy


def _with_holidays(policy: Policy) -> tuple[Policy, list[Fault]]:
    """Return the policy with the holidays of each calendar's country as dates, and faults for unknown countries."""
    calendars: list[Hours] = []
    faults: list[Fault] = []
    for number, hours in enumerate(policy.calendars):
        try:
            calendars.append(_expanded(hours))
        except CalendarError as error:
            faults.append(Fault(f"$.calendars[{number}].country", str(error)))
    return msgspec.structs.replace(policy, calendars=tuple(calendars)), faults


def _expanded(hours: Hours) -> Hours:
    """Return a calendar with the holidays of its country added to its own; its `holidays_until` can only be sooner."""
    if hours.country is None or hours.always:
        return hours
    from supportdesk.sla.holidays import expand_holidays, known_years

    country, subdivision = hours.country
    first, last = known_years(country, subdivision or None)
    known: dict[date, str] = expand_holidays(country, subdivision or None, first, last)
    until = date(last, 12, 31)
    changes: dict[str, Any] = {
        "holidays": {**known, **hours.holidays},
        "holidays_until": min(until, hours.holidays_until) if hours.holidays_until else until,
    }
    return msgspec.structs.replace(hours, **changes)
