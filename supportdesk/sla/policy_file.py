"""A policy read from its file, checked, with its holidays expanded; the only place that knows the file's format."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from supportdesk.sla.calendar import CalendarError
from supportdesk.sla.policy import Hours, Policy
from supportdesk.sla.policy_checks import Fault, faults_of
from supportdesk.sla.toml_place import line_of

_PLACED = re.compile(r"(?P<reason>.*) - at `(?P<place>[^`]*)`", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_MISSING = re.compile(r"Object missing required field `(.*)`")
_LINED = re.compile(r"(?P<reason>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.DOTALL)


class PolicyError(ValueError):
    """A policy that is refused; its text names the file, and for each fault the line, the place and what to do."""

    def __init__(self, path: Path, faults: Sequence[Fault], text: str = "") -> None:
        self.path = path
        self.faults = tuple(faults)
        super().__init__("\n".join(_told(path, fault, text) for fault in faults))


def _told(path: Path, fault: Fault, text: str) -> str:
    line = line_of(text, fault.place)
    where = f"{path}, line {line}" if line else f"{path}"
    return f"{where}: {fault.place}: {fault.reason}" if fault.place else f"{where}: {fault.reason}"


def load_policy(path: Path) -> Policy:
    """The policy in a TOML file; raises PolicyError with everything that is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PolicyError(path, [Fault("", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise PolicyError(
            path, [Fault("", f"is not UTF-8 text: {error.reason} at byte {error.start}")]
        ) from error
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(path, [_misspelt(text, error)]) from error
    try:
        policy = msgspec.convert(document, Policy, str_keys=True)
    except msgspec.ValidationError as error:
        raise PolicyError(path, [_misplaced(error)], text) from error
    faults = faults_of(policy)
    policy, unknown = _with_holidays(policy)
    if faults or unknown:
        raise PolicyError(path, [*faults, *unknown], text)
    return policy


def _misspelt(text: str, error: tomllib.TOMLDecodeError) -> Fault:
    found = _LINED.fullmatch(str(error))
    if found is None:
        return Fault("", f"is no TOML: {error}")
    line = found["line"] or text.count("\n") + 1
    return Fault("", f"is no TOML at line {line}: {found['reason']}")


def _misplaced(error: msgspec.ValidationError) -> Fault:
    found = _PLACED.fullmatch(str(error))
    place, reason = (found["place"], found["reason"]) if found else ("$", str(error))
    if unknown := _UNKNOWN.fullmatch(reason):
        return Fault(
            f"{place}.{unknown[1]}", "is a word that policies do not have here; correct or remove it"
        )
    if missing := _MISSING.fullmatch(reason):
        return Fault(place, f"{missing[1]} is missing; write it")
    return Fault(place, f"{reason[0].lower()}{reason[1:]}; correct it")


def _with_holidays(policy: Policy) -> tuple[Policy, list[Fault]]:
    """The policy with the holidays of each calendar's country as dates, and the countries that are not known."""
    calendars: list[Hours] = []
    faults: list[Fault] = []
    for number, hours in enumerate(policy.calendars):
        try:
            calendars.append(_expanded(hours))
        except CalendarError as error:
            faults.append(Fault(f"$.calendars[{number}].country", str(error)))
    return msgspec.structs.replace(policy, calendars=tuple(calendars)), faults


def _expanded(hours: Hours) -> Hours:
    """A file's own `holidays` stand beside those of the country; its `holidays_until` can only end them sooner."""
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
