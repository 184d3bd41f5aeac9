"""The state of a clock at any instant.

No running clock is stored: `project_clock` derives a `ClockProjection` from the ticket's events, the line on which the
clock moves until the next event. `state_at`, `left_at` and `status_at` answer for any instant on it. Rules are cited by
their number among the rules of the clocks.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from supportdesk.sla.calendar import BusinessCalendar

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

BREACHED_EARLIER = "breached earlier"
"""How a clock is described that was breached under another promise and has time left on the present one (rule 9)."""

NEVER = 1 << 40
"""The `run_from` of a clock that is stopped until the ticket changes: later than every instant."""


class Kind(StrEnum):
    """The two clocks of a ticket."""

    RESPONSE = "response"
    RESOLUTION = "resolution"


class State(StrEnum):
    """The state of a clock (rule 16); `open` has no timed promise, `void` ended without a verdict."""

    OK = "ok"
    DUE_SOON = "due soon"
    AT_RISK = "at risk"
    BREACHED = "breached"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    OPEN = "open"
    PROMISED = "promised"
    VOID = "void"

    @property
    def is_verdict(self) -> bool:
        """Whether the clock has met or missed its target for good."""
        return self in (State.MET, State.MISSED)


class Basis(msgspec.Struct, frozen=True):
    """The start of a clock and the severity whose target it runs to.

    `before` is the basis that a raised severity replaced: its due time, on the calendar as it is now, is the latest
    that the new one may be (rule 8). Events of older programs hold that due time as `ceiling`, with `overrun`, the
    seconds already past it when this basis began. `breached_at` is a breach that stays whatever the new target says
    (rule 9). `since` is when this target came into force: no breach of it is dated earlier (rule 5).
    """

    severity: str
    start: datetime
    ceiling: datetime | None = None
    overrun: int = 0
    breached_at: datetime | None = None
    late_when_raised: bool = False
    before: Basis | None = None
    since: datetime | None = None


class Verdict(msgspec.Struct, frozen=True):
    """A clock that has stopped: frozen, whatever changes later. `elapsed` and `allowed` are seconds of its calendar."""

    state: State
    at: datetime
    elapsed: int
    allowed: int | None
    due: datetime | None


class Gap(msgspec.Struct, frozen=True):
    """A span that a clock does not count; `capped` ones end by themselves after the policy's pause cap (rule 6)."""

    began: datetime
    ended: datetime | None
    capped: bool


class ClockProjection(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The line on which one clock moves until the ticket changes.

    All instants are whole UTC epoch seconds, because a queue holds a hundred thousand of these. `target` is what was
    promised and `allowed` what may be used of it, both in open seconds of `calendar`, None without a timed promise.
    The clock had used `elapsed_before_run` seconds at `run_from` and runs from there; before that it is stopped, and
    stays so where `run_from` is `NEVER`. `paused_at` is set while the ticket is on hold for the customer; the pause
    ends by itself at `run_from`.
    """

    kind: Kind
    calendar: str
    target: int | None
    allowed: int | None
    started_at: int
    run_from: int
    elapsed_before_run: int
    due: int | None = None
    due_soon_at: int | None = None
    at_risk_at: int | None = None
    breached_at: int | None = None
    paused_at: int | None = None
    verdict: State | None = None
    stopped_at: int | None = None
    promised: bool = False
    late_when_raised: bool = False


class ClockStatus(msgspec.Struct, frozen=True):
    """The status of a clock at one instant.

    `left` is in seconds of the clock's calendar, negative when over; `due` is None while paused, unless it was passed
    before the pause (rule 7). `stands` is True while a business clock is stopped because its calendar is closed, until
    `opens`. `breached_earlier` is True where it is breached, but not by the present target, on which `left` is left.
    """

    kind: Kind
    state: State
    target: int | None
    elapsed: int
    left: int | None
    due: datetime | None
    stopped_at: datetime | None
    paused: bool
    stands: bool
    opens: datetime | None
    late_when_raised: bool
    breached_earlier: bool = False

    @property
    def wording(self) -> str:
        """Return the state in words, as every surface writes it."""
        return BREACHED_EARLIER if self.breached_earlier else str(self.state)

    @property
    def percent(self) -> int | None:
        """The share of the target that is used, in whole percent, rounded down; None without a timed promise."""
        if self.left is None:
            return None
        allowed = self.left + self.elapsed
        return 100 * self.elapsed // allowed if allowed > 0 else 100


def epoch(at: datetime) -> int:
    """Whole UTC epoch seconds of an instant, a fraction cut off (rule 15); raises TypeError for a naive one."""
    since = at - _EPOCH
    return since.days * 86_400 + since.seconds


def instant(at: int) -> datetime:
    """The aware UTC instant of whole epoch seconds."""
    return _EPOCH + timedelta(seconds=at)


def state_at(course: ClockProjection, now: int) -> State:
    """The state of a clock at `now`, in UTC epoch seconds (rules 1, 7 and 16)."""
    if course.verdict is not None:
        return course.verdict
    if course.breached_at is not None and course.breached_at <= now:
        return State.BREACHED
    return _running_state(course, now)


def breached_earlier(course: ClockProjection, now: int) -> bool:
    """Return whether a running clock was breached under another promise and is in time for the present one (rule 9)."""
    if course.verdict is not None or course.breached_at is None or course.breached_at > now:
        return False
    return course.due is None or course.breached_at < course.due >= now


def target_state_at(course: ClockProjection, now: int) -> State:
    """Return the state of a clock by its present target alone: that of the time left on it, and of its colour."""
    return _running_state(course, now) if breached_earlier(course, now) else state_at(course, now)


def _running_state(course: ClockProjection, now: int) -> State:
    if is_paused(course, now):
        return State.PAUSED
    if course.target is None:
        return State.PROMISED if course.promised else State.OPEN
    if course.at_risk_at is not None and course.at_risk_at <= now:
        return State.AT_RISK
    if course.due_soon_at is not None and course.due_soon_at <= now:
        return State.DUE_SOON
    return State.OK


def elapsed_at(course: ClockProjection, now: int, calendar: BusinessCalendar) -> int:
    """Open seconds used at `now`, which is not before the ticket's last change."""
    if course.verdict is not None or now <= course.run_from:
        return course.elapsed_before_run
    return course.elapsed_before_run + calendar.seconds_between(course.run_from, now)


def left_at(course: ClockProjection, now: int, calendar: BusinessCalendar) -> int | None:
    """Open seconds left at `now`, negative when over; None without a timed promise."""
    if course.allowed is None:
        return None
    return course.allowed - elapsed_at(course, now, calendar)


def next_change_after(course: ClockProjection, now: int) -> int | None:
    """The next instant after `now` at which the state changes by itself, or None when it never will."""
    state = state_at(course, now)
    instants = (course.due_soon_at, course.at_risk_at, course.breached_at, course.run_from)
    ahead = sorted(at for at in instants if at is not None and at > now)
    return next((at for at in ahead if state_at(course, at) is not state), None)


def next_target_change_after(course: ClockProjection, now: int) -> int | None:
    """Return the next instant after `now` at which a clock that was breached earlier stands otherwise on its target."""
    if not breached_earlier(course, now):
        return None
    state = target_state_at(course, now)
    end = course.due + 1 if course.due is not None else None
    instants = (course.due_soon_at, course.at_risk_at, course.run_from, end)
    ahead = sorted(at for at in instants if at is not None and at > now)
    return next((at for at in ahead if target_state_at(course, at) is not state), None)


def is_paused(course: ClockProjection, now: int) -> bool:
    """Whether the clock waits on the customer at `now`; it may be breached all the same (rule 7)."""
    return course.verdict is None and course.paused_at is not None and now < course.run_from


def due_if_resumed(course: ClockProjection, now: int, calendar: BusinessCalendar) -> int | None:
    """The due time, of a paused clock the one that it would have if it went on at `now`; None without one."""
    left = left_at(course, now, calendar)
    if left is None or left <= 0 or not is_paused(course, now):
        return course.due
    return calendar.add_seconds(now, left)


def status_at(course: ClockProjection, now: int, calendar: BusinessCalendar) -> ClockStatus:
    """Where the clock stands at `now`, in UTC epoch seconds."""
    state = state_at(course, now)
    paused = is_paused(course, now)
    passed = course.due is not None and state is State.BREACHED and course.due <= now
    due = course.due if passed or not paused else None
    runs = course.verdict is None and course.target is not None and course.run_from <= now
    stands = runs and not calendar.open_at(now)
    return ClockStatus(
        kind=course.kind,
        state=state,
        target=course.target,
        elapsed=elapsed_at(course, now, calendar),
        left=left_at(course, now, calendar),
        due=instant(due) if due is not None else None,
        stopped_at=instant(course.stopped_at) if course.stopped_at is not None else None,
        paused=paused,
        stands=stands,
        opens=instant(calendar.next_open_at(now)) if stands else None,
        late_when_raised=course.late_when_raised,
        breached_earlier=breached_earlier(course, now),
    )


def stop(course: ClockProjection, at: int, calendar: BusinessCalendar) -> Verdict:
    """The verdict of a clock that stops at `at`.

    Missed only when the time used exceeds what was allowed (rule 1), or a breach stays from before (rules 5 and 9).
    """
    late = course.breached_at is not None and course.breached_at <= at
    return Verdict(
        state=State.MISSED if late else State.MET,
        at=instant(at),
        elapsed=elapsed_at(course, at, calendar),
        allowed=course.allowed,
        due=instant(course.due) if course.due is not None else None,
    )


def leading_clock(response: ClockProjection, resolution: ClockProjection) -> ClockProjection:
    """The clock that the queue shows for a ticket: the response until it is given, then the resolution."""
    return response if response.verdict is None else resolution
