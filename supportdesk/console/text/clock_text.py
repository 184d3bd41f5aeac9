"""The clocks of a ticket as short sentences: their status, and the due times of a new ticket."""

from __future__ import annotations

from datetime import datetime

from supportdesk.sla.clock_projection import project_clock
from supportdesk.sla.clocks import (
    Basis,
    ClockKind,
    ClockProjection,
    ClockStatus,
    State,
    epoch,
    instant,
    status_at,
)
from supportdesk.sla.formatting import duration, near_time, said_time, zone_name
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import QueueRow

NAMES = {ClockKind.RESPONSE: "Response", ClockKind.RESOLUTION: "Resolution"}
"""The name of each clock."""


def clock_status(
    clock: ClockProjection, policy: Policy, now: datetime, *, zone: str | None = None, hours: bool = True
) -> str:
    """Return `1:47 left, due 14:20 GMT`, `0:12:31 over, due 09:30 GMT` or `met`; without a target `no target time`.

    With `hours` it also says when a clock that is closed opens again. `zone` is the time zone of the text, by default
    the policy's.
    """
    zone = zone or policy.timezone
    status = status_at(clock, epoch(now), policy.calendar(clock.calendar))
    parts = [_figure(status)]
    if status.due is not None and clock.verdict is None:
        parts.append(f"due {near_time(status.due, zone, now)}")
    if hours and status.opens is not None:
        parts.append(f"out of hours until {near_time(status.opens, zone, now)}")
    return ", ".join(filter(None, parts))


def _figure(status: ClockStatus) -> str:
    if status.state in (State.MET, State.MISSED, State.VOID):
        return status.label
    if status.breached_earlier:
        left = f", {duration(status.left)} left" if status.left is not None else ""
        return f"{status.wording}{left}{', on hold' if status.paused else ''}"
    if status.left is None:
        return "fix promised" if status.state is State.PROMISED else status.label
    figure = f"{duration(abs(status.left))} {'over' if status.left < 0 else 'left'}"
    return f"{figure}, on hold" if status.paused else figure


def promise_text(
    policy: Policy, severity: str, received_at: datetime, now: datetime, *, zone: str | None = None
) -> str:
    """`Respond by 12:42 GMT, resolve by Thu 13:42 GMT`; the policy's sentence if the resolution has no target time.

    `zone` is the time zone of the text, by default the policy's.
    """
    zone = zone or policy.timezone
    answer, resolve = _due_times(policy, severity, received_at)
    first = f"Respond by {near_time(answer, zone, now)}{_passed(answer, now)}"
    if resolve is None:
        return f"{first}. {policy.severity(severity).promise}"
    return f"{first}, resolve by {near_time(resolve, zone, now)}{_passed(resolve, now)}"


def _passed(due: datetime, now: datetime) -> str:
    return " (already passed)" if due < now else ""


def promise_speech(row: QueueRow, policy: Policy, now: datetime) -> str:
    """Return the due times of a logged ticket for reading out: `We will respond by 12:42 today, and resolve it by ...`.

    The due times are the ticket's own, so that the caller hears what the ledger holds; one that has passed is said to
    have passed. It is for the customer: the times are in the policy's zone, whatever zone the desk is shown in.
    """
    zone = policy.timezone
    answered = row.response.verdict is not None and row.response.verdict.is_verdict
    answer, resolve = row.response.due, row.resolution.due
    response, name = "We have responded", ""
    if not answered and answer is not None:
        will = "should have responded" if instant(answer) < now else "will respond"
        response = f"We {will} by {said_time(instant(answer), zone, now)}"
        name = zone_name(instant(answer), zone)
    if resolve is None:
        return f"{response}{f' ({name})' if name else ''}. {policy.severity(row.severity).promise}"
    last = zone_name(instant(resolve), zone)
    middle = f" ({name})" if name not in ("", last) else ""
    if instant(resolve) < now:
        late = not answered and answer is not None and instant(answer) < now
        will = "resolved" if late else "should have resolved"
    else:
        late = answered or (answer is not None and instant(answer) < now)
        will = "will resolve" if late else "resolve"
    return f"{response}{middle}, and {will} it by {said_time(instant(resolve), zone, now)} ({last})."


def _due_times(policy: Policy, severity: str, received_at: datetime) -> tuple[datetime, datetime | None]:
    """Return when the response is due, and the resolution if it has a target time."""
    basis = Basis(severity, received_at)
    answer = instant(_due(project_clock(policy, ClockKind.RESPONSE, basis)))
    if policy.severity(severity).resolution is None:
        return answer, None
    return answer, instant(_due(project_clock(policy, ClockKind.RESOLUTION, basis)))


def _due(clock: ClockProjection) -> int:
    assert clock.due is not None, "a clock with a target has a due time"
    return clock.due
