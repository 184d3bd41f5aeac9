"""Where each promise stands.

A clock is never kept running anywhere: `plot` derives from what happened a `Course`, the line on which a clock moves
until something else happens, and `state_at`, `left_at` and `read` answer for any instant on it. Source of the rules:
the sixteen rules of the clocks, named where they bear.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from supportdesk.sla.calendar import BusinessCalendar
from supportdesk.sla.policy import Policy


class Kind(StrEnum):
    """The two clocks of a ticket."""

    RESPONSE = "response"
    RESOLUTION = "resolution"


class State(StrEnum):
    """Where a clock stands (rule 16); `open` has no timed promise, `void` ended without a verdict."""

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
        """Whether the clock has kept or failed its promise for good."""
        return self in (State.MET, State.MISSED)


@dataclass(frozen=True, slots=True)
class Basis:
    """From where, and to which severity's promise, a clock runs.

    `ceiling` is a due time that the new one may not pass (rule 8), `overrun` the seconds already past it when this
    basis began, `breached_at` a breach that stays whatever the new target says (rule 9).
    """

    severity: str
    start: datetime
    ceiling: datetime | None = None
    overrun: int = 0
    breached_at: datetime | None = None
    late_when_raised: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """A clock that has stopped: frozen, whatever changes later. `elapsed` and `allowed` are seconds of its calendar."""

    state: State
    at: datetime
    elapsed: int
    allowed: int | None
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch that a clock does not count; `capped` ones end by themselves after the policy's pause cap (rule 6)."""

    began: datetime
    ended: datetime | None
    capped: bool


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch that counts, in UTC epoch seconds; `end` is None for the one that is still running."""

    start: int
    end: int | None


class Course(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The line on which one clock moves until the ticket changes.

    All instants are whole UTC epoch seconds, because a queue holds a hundred thousand of these. `target` is what was
    promised and `allowed` what may be used of it, both in open seconds of `calendar`, None without a timed promise.
    The clock had used `carried` seconds at `run_from` and runs from there; before `run_from` it stands. `paused_at` is
    set while it waits on the customer; the pause ends by itself at `run_from`.
    """

    kind: Kind
    calendar: str
    target: int | None
    allowed: int | None
    started_at: int
    run_from: int
    carried: int
    due: int | None = None
    due_soon_at: int | None = None
    at_risk_at: int | None = None
    breached_at: int | None = None
    paused_at: int | None = None
    verdict: State | None = None
    stopped_at: int | None = None
    promised: bool = False
    late_when_raised: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a clock stands at one instant.

    `left` is in seconds of the clock's calendar, negative when over; `due` is None while paused (rule 7). `stands`
    says that a business clock stands still because its calendar is closed, until `opens`.
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

    @property
    def percent(self) -> int | None:
        """The share of the target that is used, in whole percent, rounded down; None without a timed promise."""
        if self.left is None:
            return None
        allowed = self.left + self.elapsed
        return 100 * self.elapsed // allowed if allowed > 0 else 100


def epoch(at: datetime) -> int:
    """Whole UTC epoch seconds of an aware instant; a fraction is cut off (rule 15)."""
    return int(at.timestamp() // 1)


def instant(at: int) -> datetime:
    """The aware UTC instant of whole epoch seconds."""
    return _EPOCH + timedelta(seconds=at)


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def last_second_of(day: date, timezone: str) -> datetime:
    """The last second of a day, as the policy's time zone has it: until then a fix promised for it is in time."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(timezone))


def intervals(policy: Policy, basis: Basis, gaps: Iterable[Gap]) -> list[Interval]:
    """The stretches since the basis began that count, in order; the last one has no end.

    Raises ValueError for a gap that never ends and has no cap: such a clock has stopped and has a verdict instead.
    """
    counted: list[Interval] = []
    at = epoch(basis.start)
    cap = policy.pause_cap
    for gap in sorted(gaps, key=lambda gap: gap.began):
        began = epoch(gap.began)
        ended = epoch(gap.ended) if gap.ended is not None else None
        if gap.capped:
            latest = policy.calendar(cap.calendar).add_seconds(began, cap.seconds)
            ended = latest if ended is None else min(ended, latest)
        if ended is None:
            raise ValueError("a stretch that never ends cannot be plotted; stop the clock with a verdict")
        if ended <= at:
            continue
        if began > at:
            counted.append(Interval(at, began))
        at = ended
    counted.append(Interval(at, None))
    return counted


def plot(
    policy: Policy,
    kind: Kind,
    basis: Basis,
    *,
    gaps: Iterable[Gap] = (),
    verdict: Verdict | None = None,
    fix_day: date | None = None,
) -> Course:
    """The course of one clock.

    `fix_day` is the day of the release in which a fix is promised, for a clock whose promise is a deed (rule 5).
    """
    severity = policy.severity(basis.severity)
    amount = severity.response if kind is Kind.RESPONSE else severity.resolution
    if verdict is not None:
        return _stopped(kind, basis, verdict, amount.calendar if amount else severity.response.calendar)
    if amount is None:
        return _deed(policy, kind, basis, severity.response.calendar, fix_day)

    calendar = policy.calendar(amount.calendar)
    gaps = tuple(gaps)
    counted = intervals(policy, basis, gaps)
    allowed = _allowed(calendar, basis, amount.seconds)
    due_soon = -(-allowed * policy.thresholds.due_soon // 100)
    at_risk = -(-allowed * policy.thresholds.at_risk // 100)
    breached = _locate(calendar, counted, allowed + 1 - basis.overrun)
    if basis.breached_at is not None:
        breached = min(breached, epoch(basis.breached_at))
    due = _locate(calendar, counted, allowed - basis.overrun)
    if basis.ceiling is not None:
        due = min(due, epoch(basis.ceiling)) if basis.overrun or allowed == 0 else due
    waiting = max((gap for gap in gaps if gap.ended is None), key=lambda gap: gap.began, default=None)
    return Course(
        kind=kind,
        calendar=amount.calendar,
        target=amount.seconds,
        allowed=allowed,
        started_at=epoch(basis.start),
        run_from=counted[-1].start,
        carried=basis.overrun + _used(calendar, counted[:-1]),
        due=due,
        due_soon_at=_locate(calendar, counted, due_soon - basis.overrun),
        at_risk_at=_locate(calendar, counted, at_risk - basis.overrun),
        breached_at=breached,
        paused_at=epoch(waiting.began) if waiting else None,
        late_when_raised=basis.late_when_raised,
    )


def _stopped(kind: Kind, basis: Basis, verdict: Verdict, calendar: str) -> Course:
    return Course(
        kind=kind,
        calendar=calendar,
        target=verdict.allowed,
        allowed=verdict.allowed,
        started_at=epoch(basis.start),
        run_from=epoch(verdict.at),
        carried=verdict.elapsed,
        due=epoch(verdict.due) if verdict.due else None,
        verdict=verdict.state,
        stopped_at=epoch(verdict.at),
        late_when_raised=basis.late_when_raised,
    )


def _deed(policy: Policy, kind: Kind, basis: Basis, calendar: str, fix_day: date | None) -> Course:
    due = epoch(last_second_of(fix_day, policy.timezone)) if fix_day else None
    breached = due + 1 if due is not None else None
    if basis.breached_at is not None:
        sticky = epoch(basis.breached_at)
        breached = min(breached, sticky) if breached is not None else sticky
    return Course(
        kind=kind,
        calendar=calendar,
        target=None,
        allowed=None,
        started_at=epoch(basis.start),
        run_from=epoch(basis.start),
        carried=0,
        due=due,
        breached_at=breached,
        promised=fix_day is not None,
        late_when_raised=basis.late_when_raised,
    )


def _allowed(calendar: BusinessCalendar, basis: Basis, target: int) -> int:
    if basis.ceiling is None:
        return target
    start, ceiling = epoch(basis.start), epoch(basis.ceiling)
    return min(target, calendar.seconds_between(start, ceiling)) if ceiling > start else 0


def _used(calendar: BusinessCalendar, counted: Iterable[Interval]) -> int:
    return sum(calendar.seconds_between(each.start, each.end) for each in counted if each.end is not None)


def _locate(calendar: BusinessCalendar, counted: list[Interval], need: int) -> int:
    """The first instant at which `need` seconds are used; the start of the clock where none are needed."""
    if need <= 0:
        return counted[0].start
    for each in counted[:-1]:
        assert each.end is not None
        length = calendar.seconds_between(each.start, each.end)
        if need <= length:
            return calendar.add_seconds(each.start, need)
        need -= length
    return calendar.add_seconds(counted[-1].start, need)


def state_at(course: Course, now: int) -> State:
    """The state of a clock at `now`, in UTC epoch seconds (rules 1, 7 and 16)."""
    if course.verdict is not None:
        return course.verdict
    if course.breached_at is not None and course.breached_at <= now:
        return State.BREACHED
    if course.paused_at is not None and now < course.run_from:
        return State.PAUSED
    if course.target is None:
        return State.PROMISED if course.promised else State.OPEN
    if course.at_risk_at is not None and course.at_risk_at <= now:
        return State.AT_RISK
    if course.due_soon_at is not None and course.due_soon_at <= now:
        return State.DUE_SOON
    return State.OK


def elapsed_at(course: Course, now: int, calendar: BusinessCalendar) -> int:
    """Open seconds used at `now`."""
    if course.verdict is not None or now <= course.run_from:
        return course.carried
    return course.carried + calendar.seconds_between(course.run_from, now)


def left_at(course: Course, now: int, calendar: BusinessCalendar) -> int | None:
    """Open seconds left at `now`, negative when over; None without a timed promise."""
    if course.allowed is None:
        return None
    return course.allowed - elapsed_at(course, now, calendar)


def next_change_after(course: Course, now: int) -> int | None:
    """The next instant after `now` at which the state changes by itself, or None when it never will."""
    if course.verdict is not None:
        return None
    instants = (course.due_soon_at, course.at_risk_at, course.breached_at, course.run_from)
    return min((at for at in instants if at is not None and at > now), default=None)


def read(course: Course, now: int, calendar: BusinessCalendar) -> Reading:
    """Where the clock stands at `now`, in UTC epoch seconds."""
    state = state_at(course, now)
    running = course.verdict is None
    paused = running and course.paused_at is not None and now < course.run_from
    stands = running and not paused and course.target is not None and not calendar.open_at(now)
    shown_due = None if paused and state is not State.BREACHED else course.due
    return Reading(
        kind=course.kind,
        state=state,
        target=course.target,
        elapsed=elapsed_at(course, now, calendar),
        left=left_at(course, now, calendar),
        due=instant(shown_due) if shown_due is not None else None,
        stopped_at=instant(course.stopped_at) if course.stopped_at is not None else None,
        paused=paused,
        stands=stands,
        opens=instant(calendar.next_open_at(now)) if stands else None,
        late_when_raised=course.late_when_raised,
    )


def stop(course: Course, at: int, calendar: BusinessCalendar) -> Verdict:
    """The verdict of a clock that stops at `at`: missed only when the time used exceeds the target (rule 1)."""
    late = course.breached_at is not None and course.breached_at <= at
    return Verdict(
        state=State.MISSED if late else State.MET,
        at=instant(at),
        elapsed=elapsed_at(course, at, calendar),
        allowed=course.allowed,
        due=instant(course.due) if course.due is not None else None,
    )


def leading(response: Course, resolution: Course) -> Course:
    """The clock that the queue shows for a ticket: the response until it is given, then the resolution."""
    return response if response.verdict is None else resolution
