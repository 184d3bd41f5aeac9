"""What an explanation says before and after its sum, in words that a customer understands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from supportdesk.sla import formatting
from supportdesk.sla.clock_projection import Limit
from supportdesk.sla.clocks import (
    NEVER,
    Basis,
    ClockProjection,
    ClockStatus,
    Kind,
    State,
    epoch,
    instant,
    status_at,
)
from supportdesk.sla.policy import Amount, Policy


def heading(policy: Policy, kind: Kind, basis: Basis, limit: Limit | None = None) -> str:
    """Return what was promised, from when, and what a change of severity made of it.

    `limit` is what the old target allows at most to a raised severity.
    """
    severity = policy.severity(basis.severity)
    amount = severity.response if kind is Kind.RESPONSE else severity.resolution
    told = [
        f"{kind.capitalize()} of a {severity.name}: {target(policy, amount) if amount else severity.promise}"
    ]
    began = formatting.exact_time(basis.start, policy.timezone)
    if amount:
        told = [f"{told[0]}, from {began}.", *_ceiling(policy, basis, amount, limit)]
    else:
        told.append(f"Counted in {policy.hours(severity.response.calendar).name}, from {began}.")
    if basis.late_when_raised:
        told.append(
            "Severity was wrong at triage, so this counts from the arrival; it was already late when raised."
        )
    return " ".join(told)


def target(policy: Policy, amount: Amount) -> str:
    """`3 h of office time`, `8 h round the clock`."""
    hours = policy.hours(amount.calendar)
    return f"{formatting.amount(amount.seconds)}{'' if hours.always else ' of'} {hours.name}"


def _ceiling(policy: Policy, basis: Basis, amount: Amount, limit: Limit | None) -> Iterator[str]:
    if limit is None:
        return
    old = formatting.exact_time(instant(limit.due), policy.timezone)
    start = epoch(basis.start)
    if limit.due <= start:
        over = f"{formatting.spoken(limit.overrun)} over" if limit.overrun else "at its end"
        yield f"Raised at that time, when it was {over}; it stays due {old}."
        return
    due = policy.calendar(amount.calendar).add_seconds(start, amount.seconds)
    if due > limit.due:
        new = formatting.exact_time(instant(due), policy.timezone)
        yield f"Raised at that time: the new target would end {new}, but no later than the old due time, {old}."
    else:
        yield f"Raised at that time: the new target ends no later than the old due time, {old}."


def verdict(policy: Policy, basis: Basis, course: ClockProjection, now: int, fix_day: date | None) -> str:
    """Where the clock stands at `now`, or how it stopped."""
    reading = status_at(course, now, policy.calendar(course.calendar))
    if course.verdict is not None:
        told = _stopped(policy, reading)
    elif course.target is None:
        told = _deed(course, reading, now, fix_day)
    else:
        told = _timed(policy, course, reading, now)
    return " ".join([*told, *_stays(policy, basis, reading)])


def _stopped(policy: Policy, reading: ClockStatus) -> Iterator[str]:
    assert reading.stopped_at is not None
    at = formatting.exact_time(reading.stopped_at, policy.timezone)
    if reading.state is State.VOID:
        yield f"It ended {at} without a verdict, after {formatting.spoken(reading.elapsed)}."
        return
    name = reading.state.capitalize()
    if reading.left is None:
        yield f"{name} {at}, after {formatting.spoken(reading.elapsed)}."
    else:
        yield f"{name} {at}: {_used(reading)}."
    if reading.due is not None:
        yield f"It was due {formatting.exact_time(reading.due, policy.timezone)}."
    yield "This verdict is final."


def _deed(course: ClockProjection, reading: ClockStatus, now: int, fix_day: date | None) -> Iterator[str]:
    stands = ", and it is resolved" if course.run_from == NEVER else ""
    so_far = f"{formatting.spoken(reading.elapsed)} so far{stands}"
    if fix_day is None or course.due is None:
        earlier = f"; {reading.wording}" if reading.breached_earlier else ""
        yield f"It has no time limit, and no fix is promised yet: {so_far}{earlier}."
    elif course.due < now:
        yield f"The fix was promised for {formatting.full_day(fix_day)} and has not shipped: breached; {so_far}."
    else:
        earlier = f"; {reading.wording}" if reading.breached_earlier else ""
        yield f"The fix is promised for {formatting.full_day(fix_day)}, to the end of that day: {so_far}{earlier}."


def _timed(policy: Policy, course: ClockProjection, reading: ClockStatus, now: int) -> Iterator[str]:
    zone = policy.timezone
    yield f"{_used(reading).capitalize()}: {reading.wording}."
    if reading.due is not None:
        passed = epoch(reading.due) < now
        yield f"It {'was' if passed else 'is'} due {formatting.exact_time(reading.due, zone)}."
        if passed and reading.left == 0:
            yield f"Nothing of {policy.hours(course.calendar).name} has passed since, so it is in time."
    if reading.paused:
        goes_on = formatting.exact_time(instant(course.run_from), zone)
        cap = target(policy, policy.pause_cap)
        yield f"On hold for the customer; the clock resumes {goes_on} at the latest, after {cap}."
    elif reading.opens is not None:
        yield f"The clock is stopped now, and resumes {formatting.exact_time(reading.opens, zone)}."


def _stays(policy: Policy, basis: Basis, reading: ClockStatus) -> Iterator[str]:
    """Rule 9: a breach that was recorded under another promise."""
    if basis.breached_at is not None and reading.state in (State.BREACHED, State.MISSED):
        since = formatting.exact_time(basis.breached_at, policy.timezone)
        yield f"It was breached {since}, and a breach stays when the target changes."


def _used(reading: ClockStatus) -> str:
    assert reading.left is not None
    allowed = reading.left + reading.elapsed
    rest = f"{formatting.spoken(reading.left)} {'over' if reading.left < 0 else 'left'}"
    return (
        f"{formatting.spoken(reading.elapsed)} of {formatting.spoken(allowed)} used, {rest}"
        if allowed
        else rest
    )
