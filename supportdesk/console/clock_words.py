"""Where a ticket's promises stand, and what would be promised, as short sentences for a dialog."""

from __future__ import annotations

from datetime import datetime

from supportdesk.sla.clocks import Basis, Course, Kind, Reading, State, epoch, instant, read
from supportdesk.sla.plotting import plot
from supportdesk.sla.policy import Policy
from supportdesk.sla.words import duration, near_time

NAMES = {Kind.RESPONSE: "Answer", Kind.RESOLUTION: "Resolve"}
"""What each clock asks of us."""


def standing(
    course: Course, policy: Policy, now: datetime, *, zone: str | None = None, hours: bool = True
) -> str:
    """`1:47 left, due 14:20 GMT`, `0:12:31 over, due 09:30 GMT`, `met`; for one that has no time `no time promised`.

    With `hours` it also says when a clock that stands still goes on. `zone` is that of the times, without one the
    policy's.
    """
    zone = zone or policy.timezone
    reading = read(course, epoch(now), policy.calendar(course.calendar))
    parts = [_figure(reading)]
    if reading.due is not None and course.verdict is None:
        parts.append(f"due {near_time(reading.due, zone, now)}")
    if hours and reading.opens is not None:
        parts.append(f"stands still, opens {near_time(reading.opens, zone, now)}")
    return ", ".join(filter(None, parts))


def _figure(reading: Reading) -> str:
    if reading.state in (State.MET, State.MISSED, State.VOID):
        return str(reading.state)
    if reading.left is None:
        return {State.PROMISED: "fix promised", State.OPEN: "no time promised"}.get(
            reading.state, str(reading.state)
        )
    figure = f"{duration(abs(reading.left))} {'over' if reading.left < 0 else 'left'}"
    return f"{figure}, paused" if reading.paused else figure


def promised(
    policy: Policy, severity: str, received_at: datetime, now: datetime, *, zone: str | None = None
) -> str:
    """`Answer by 12:42 GMT, resolve by Thu 13:42 GMT`; the deed where a resolution has no time.

    `zone` is that of the times, without one the policy's.
    """
    zone = zone or policy.timezone
    told = policy.severity(severity)
    basis = Basis(severity, received_at)
    answer = instant(_due(plot(policy, Kind.RESPONSE, basis)))
    first = f"Answer by {near_time(answer, zone, now)}"
    if told.resolution is None:
        return f"{first}. {told.promise}"
    resolve = instant(_due(plot(policy, Kind.RESOLUTION, basis)))
    return f"{first}, resolve by {near_time(resolve, zone, now)}"


def _due(course: Course) -> int:
    assert course.due is not None, "a clock with a target has a due time"
    return course.due
