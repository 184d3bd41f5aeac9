"""The sentences of an explanation, before and after its table, in words that a customer understands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from supportdesk.sla import formatting
from supportdesk.sla.clock_projection import Limit, find_end_of_gap
from supportdesk.sla.clocks import (
    NEVER,
    Basis,
    ClockKind,
    ClockProjection,
    ClockStatus,
    Gap,
    State,
    epoch,
    instant,
    status_at,
)
from supportdesk.sla.policy import Amount, Policy


def heading(policy: Policy, kind: ClockKind, basis: Basis, limit: Limit | None = None) -> str:
    """Return the target, its start and the effect of a change of severity.

    `limit` is what the old target allows at most after the severity was raised (rule 8).
    """
    severity = policy.severity(basis.severity)
    amount = severity.response if kind is ClockKind.RESPONSE else severity.resolution
    sentences = [
        f"{kind.capitalize()} of a {severity.name}: {target(policy, amount) if amount else severity.promise}"
    ]
    began = formatting.exact_time(basis.start, policy.timezone)
    if amount:
        sentences = [f"{sentences[0]}, from {began}.", *_ceiling(policy, basis, amount, limit)]
    else:
        sentences.append(f"Counted in {policy.hours(severity.response.calendar).name}, from {began}.")
    if basis.late_when_raised:
        sentences.append(
            "Severity was wrong at triage, so this counts from the arrival; it was already late when raised."
        )
    return " ".join(sentences)


def target(policy: Policy, amount: Amount) -> str:
    """Return a target with its hours: `3 h of office hours`, `8 h round the clock`."""
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


def verdict(
    policy: Policy, basis: Basis, clock: ClockProjection, now: int, *, fix_day: date | None, unless: str
) -> str:
    """Return the state of the clock at `now`, in UTC epoch seconds, or how it stopped.

    `unless` is what would take back how it stopped; empty where nothing would.
    """
    status = status_at(clock, now, policy.calendar(clock.calendar))
    if clock.verdict is not None:
        sentences = _stopped(policy, status, unless)
    elif clock.target is None:
        sentences = _untimed(clock, status, now, fix_day)
    else:
        sentences = _timed(policy, clock, status, now)
    return " ".join([*sentences, *_stays(policy, basis, status)])


def _stopped(policy: Policy, status: ClockStatus, unless: str) -> Iterator[str]:
    assert status.stopped_at is not None
    at = formatting.exact_time(status.stopped_at, policy.timezone)
    if status.state is State.VOID:
        yield f"It ended {at} without a result, after {formatting.spoken(status.elapsed)}."
        return
    name = status.state.capitalize()
    if status.left is None:
        yield f"{name} {at}, after {formatting.spoken(status.elapsed)}."
    else:
        yield f"{name} {at}: {_used(status)}."
    if status.due is not None:
        yield f"It was due {formatting.exact_time(status.due, policy.timezone)}."
    yield f"This result is final, unless {unless}." if unless else "This result is final."


def _untimed(clock: ClockProjection, status: ClockStatus, now: int, fix_day: date | None) -> Iterator[str]:
    resolved = ", and it is resolved" if clock.run_from == NEVER else ""
    so_far = f"{formatting.spoken(status.elapsed)} so far{resolved}"
    if fix_day is None or clock.due is None:
        earlier = f"; {status.wording}" if status.breached_earlier else ""
        yield f"It has no time limit, and no fix is promised yet: {so_far}{earlier}."
    elif clock.due < now:
        yield f"The fix was promised for {formatting.full_day(fix_day)} and has not shipped: breached; {so_far}."
    else:
        earlier = f"; {status.wording}" if status.breached_earlier else ""
        yield f"The fix is promised for {formatting.full_day(fix_day)}, to the end of that day: {so_far}{earlier}."


def _timed(policy: Policy, clock: ClockProjection, status: ClockStatus, now: int) -> Iterator[str]:
    zone = policy.timezone
    yield f"{_used(status).capitalize()}: {status.label}."
    if status.due is not None:
        passed = epoch(status.due) < now
        yield f"It {'was' if passed else 'is'} due {formatting.exact_time(status.due, zone)}."
        if passed and status.left == 0:
            yield "No time has counted since, so it is in time."
    if status.paused:
        assert clock.paused_at is not None
        goes_on = formatting.exact_time(instant(clock.run_from), zone)
        longest = Gap(instant(clock.paused_at), None, capped=True)
        by_cap = clock.run_from == find_end_of_gap(policy, longest)
        why = f"after {target(policy, policy.pause_cap)}" if by_cap else "as the hold ends then"
        yield f"On hold for the customer; the clock resumes {goes_on} at the latest, {why}."
    elif status.opens is not None:
        yield f"The clock is stopped now, and resumes {formatting.exact_time(status.opens, zone)}."


def _stays(policy: Policy, basis: Basis, status: ClockStatus) -> Iterator[str]:
    """Yield that a breach under another target stays (rule 9)."""
    if basis.breached_at is not None and status.state in (State.BREACHED, State.MISSED):
        since = formatting.exact_time(basis.breached_at, policy.timezone)
        yield f"It was breached {since}, and a breach stays when the target changes."


def _used(status: ClockStatus) -> str:
    assert status.left is not None
    allowed = status.left + status.elapsed
    rest = f"{formatting.spoken(status.left)} {'over' if status.left < 0 else 'left'}"
    return (
        f"{formatting.spoken(status.elapsed)} of {formatting.spoken(allowed)} used, {rest}"
        if allowed
        else rest
    )
