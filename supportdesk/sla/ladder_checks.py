"""Checks the ladders of a policy's severities: what could never fire, reaches nobody or is covered by another rung.

Which people hold a role is not in the policy, so that is checked where the staff are known: `policy install` refuses a
step for a role that nobody holds, and `doctor` says which roles are vacant later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from supportdesk.sla.ladder import (
    ACKNOWLEDGEMENT,
    ACTIONS,
    ARRIVAL,
    BREACH,
    FIX_DATE,
    LADDER_CLOCKS,
    MINUTE,
    NOTIFY,
    OWNER,
    PAGE,
    REASSIGN,
    RECIPIENTS,
    RESOLUTION,
    EscalationRung,
    Repeat,
)
from supportdesk.sla.policy import Policy, Severity
from supportdesk.toml_file.document import Fault

MOST_REPEATS = 100
"""How often a rung may be repeated."""

_MEASURES = {ACKNOWLEDGEMENT: "minutes", FIX_DATE: "days_before", ARRIVAL: None}
"""The field that says when a rung on a clock is due; `percent` for the others."""


def find_ladder_faults(policy: Policy) -> Iterator[Fault]:
    """Yield what is wrong with the ladders of the severities, and with the settings of acknowledgements."""
    settings = policy.escalation
    if not 0 < settings.acknowledged_percent <= 100:
        yield Fault(
            "$.escalation.acknowledged_percent",
            f"{settings.acknowledged_percent} is not a percentage; write a number above 0, up to 100",
        )
    for name in ("acknowledged_minutes", "stale_minutes"):
        if getattr(settings, name) < 1:
            yield Fault(f"$.escalation.{name}", "is not a positive time; give at least 1 minute")
    for number, severity in enumerate(policy.severities):
        place = f"$.severities[{number}].ladder"
        for position, rung in enumerate(severity.ladder):
            yield from _rung(policy, severity, rung, f"{place}[{position}]")
        yield from _repeated_keys(severity.ladder, place)
        yield from _shadowed(severity.ladder, place)
    if any(severity.ladder for severity in policy.severities):
        for number, role in enumerate(policy.ladder):
            if role.key in RECIPIENTS:
                yield Fault(
                    f"$.ladder[{number}].key", f"{role.key!r} is the name of another recipient; rename it"
                )


def _rung(policy: Policy, severity: Severity, rung: EscalationRung, place: str) -> Iterator[Fault]:
    if not rung.key or rung.key != rung.key.strip() or "/" in rung.key:
        yield Fault(f"{place}.key", f"{rung.key!r} is not a key; write a word without spaces and slashes")
    yield from _one_of(f"{place}.action", rung.action, ACTIONS, "action")
    if rung.calendar:
        yield from _one_of(
            f"{place}.calendar", rung.calendar, [each.key for each in policy.calendars], "calendar"
        )
    yield from _recipients(policy, rung, place)
    if rung.repeat is not None:
        yield from _repeat(rung, rung.repeat, f"{place}.repeat")
    faults = list(_one_of(f"{place}.clock", rung.clock, LADDER_CLOCKS, "clock"))
    yield from faults or _time(rung, place) or _reachable(severity, rung, place)


def _recipients(policy: Policy, rung: EscalationRung, place: str) -> Iterator[Fault]:
    known = [*RECIPIENTS, *(role.key.strip() for role in policy.ladder)]
    if not rung.to:
        yield Fault(f"{place}.to", "is empty; name at least one recipient")
    for number, recipient in enumerate(rung.to):
        yield from _one_of(f"{place}.to[{number}]", recipient, known, "recipient")
        if recipient in rung.to[:number]:
            yield Fault(f"{place}.to[{number}]", f"{recipient!r} is listed twice; remove one")
    if rung.action == REASSIGN:
        if rung.each:
            yield Fault(f"{place}.each", "a ticket has one owner; remove it, or notify each of them")
        if OWNER in rung.to:
            yield Fault(f"{place}.to", "the ticket is the owner's already; name somebody else")


def _repeat(rung: EscalationRung, repeat: Repeat, place: str) -> Iterator[Fault]:
    if repeat.minutes < 1:
        yield Fault(f"{place}.minutes", "is not a positive time; give at least 1 minute")
    if not 0 < repeat.times <= MOST_REPEATS:
        yield Fault(
            f"{place}.times", f"{repeat.times} is not a limit; write a number from 1 to {MOST_REPEATS}"
        )
    if rung.clock in (ARRIVAL, FIX_DATE) or rung.action == REASSIGN:
        why = "a reassignment" if rung.action == REASSIGN else f"the {rung.clock}"
        yield Fault(place, f"{why} happens once; remove it")


def _time(rung: EscalationRung, place: str) -> list[Fault]:
    """Return what is wrong with when a rung is due."""
    wanted = _MEASURES.get(rung.clock, "percent")
    faults = []
    for name in ("percent", "minutes", "days_before"):
        value = getattr(rung, name)
        if name != wanted and value is not None:
            faults.append(Fault(f"{place}.{name}", f"has no effect on the clock {rung.clock!r}; remove it"))
        elif name == wanted and value is None:
            faults.append(Fault(place, f"{name} is missing; add it"))
        elif name == wanted and name == "percent" and not 0 < value <= BREACH:
            faults.append(Fault(f"{place}.percent", f"{value} is not a share; write 1 to 100 (the breach)"))
        elif name == wanted and value < 0:
            faults.append(Fault(f"{place}.{name}", f"{value} is negative; write 0 or more"))
    return faults


def _reachable(severity: Severity, rung: EscalationRung, place: str) -> list[Fault]:
    """Return why a rung could never be due for a severity."""
    if rung.clock == RESOLUTION and severity.resolution is None:
        if FIX_DATE not in severity.steps:
            why = f"could never be due: the resolution of {severity.name} has no time limit; remove it"
            return [Fault(f"{place}.clock", why)]
        if rung.percent != BREACH:
            why = f"could never be due: the fix date of {severity.name} has no length; write 100, the breach"
            return [Fault(f"{place}.percent", why)]
    return []


def _repeated_keys(ladder: tuple[EscalationRung, ...], place: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for position, rung in enumerate(ladder):
        if rung.key in seen:
            why = f"{rung.key!r} is used by an earlier rung of this ladder; rename or remove one"
            yield Fault(f"{place}[{position}].key", why)
        seen.add(rung.key)


def _shadowed(ladder: tuple[EscalationRung, ...], place: str) -> Iterator[Fault]:
    """Yield the rungs that never alert anybody whom other rungs do not alert at the same time."""
    shadowed: set[int] = set()
    for position, rung in reversed(list(enumerate(ladder))):
        others = [each for number, each in enumerate(ladder) if number not in (position, *shadowed)]
        covering = [_find_cover(rung, delay, others) for delay in rung.delays]
        if covering and all(covering):
            shadowed.add(position)
            names = ", ".join(dict.fromkeys(repr(each.key) for each in covering if each is not None))
            why = f"is shadowed by {names}, which alerts the same people at the same time; remove one"
            yield Fault(f"{place}[{position}]", why)


def _find_cover(rung: EscalationRung, delay: int, others: Iterable[EscalationRung]) -> EscalationRung | None:
    """Return a rung that alerts the same people, at least as loudly, when a step of `rung` is due."""
    for other in others:
        same_measure = (other.clock, other.calendar) == (rung.clock, rung.calendar)
        reaches = {*rung.to} <= {*other.to} if other.each else rung.to == other.to and not rung.each
        loud = other.action == rung.action or (other.action == PAGE and rung.action == NOTIFY)
        if same_measure and reaches and loud and _moment(rung, delay) in _moments(other):
            return other
    return None


def _moments(rung: EscalationRung) -> set[tuple[int | None, int]]:
    return {_moment(rung, delay) for delay in rung.delays}


def _moment(rung: EscalationRung, delay: int) -> tuple[int | None, int]:
    """Return what says when a step is due: a share or a day, and the seconds on the clock after that."""
    share_or_day = rung.percent if rung.percent is not None else rung.days_before
    return share_or_day, delay + (rung.minutes or 0) * MINUTE


def _one_of(place: str, key: str, known: Iterable[str], noun: str) -> Iterator[Fault]:
    if key not in known:
        yield Fault(place, f"there is no {noun} {key!r}; write one of: {', '.join(known)}")
