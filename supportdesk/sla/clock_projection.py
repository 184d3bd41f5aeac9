"""Projects a clock from its basis, the gaps that do not count, and its verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec

from supportdesk.sla.calendar import BusinessCalendar
from supportdesk.sla.clocks import NEVER, Basis, ClockKind, ClockProjection, Gap, Verdict, epoch
from supportdesk.sla.policy import Policy, Severity

WHOLE = 100
"""The whole target in percent; a clock is breached when more than that was used (rule 1)."""


class ClockSpan(msgspec.Struct, frozen=True):
    """A span of a clock's time in UTC epoch seconds; `gap` is why it does not count, None where it counts.

    `end` is None for the last span: it lasts until the ticket changes.
    """

    start: int
    end: int | None
    gap: Gap | None = None


def last_second_of(day: date, timezone: str) -> datetime:
    """Return the last second of a day in the policy's time zone: until then a fix promised for the day is in time."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(timezone))


def split_spans(policy: Policy, basis: Basis, gaps: Iterable[Gap]) -> list[ClockSpan]:
    """Return a clock's time from its start as adjoining spans; a second in two gaps belongs to the first."""
    found: list[ClockSpan] = []
    at = epoch(basis.start)
    for gap in sorted(gaps, key=lambda gap: gap.began):
        began, ended = max(at, epoch(gap.began)), find_end_of_gap(policy, gap)
        if ended is not None and ended <= began:
            continue
        if began > at:
            found.append(ClockSpan(at, began))
        found.append(ClockSpan(began, ended, gap))
        if ended is None:
            return found
        at = ended
    found.append(ClockSpan(at, None))
    return found


def find_end_of_gap(policy: Policy, gap: Gap) -> int | None:
    """Return when a gap ends, in UTC epoch seconds, by itself if that is sooner (rule 6); None while it is open."""
    ended = epoch(gap.ended) if gap.ended is not None else None
    if not gap.capped:
        return ended
    cap = policy.pause_cap
    latest = policy.calendar(cap.calendar).add_seconds(epoch(gap.began), cap.seconds)
    if gap.until is not None:
        latest = min(latest, max(epoch(gap.began), find_opening_on(policy, gap.until)))
    return latest if ended is None else min(ended, latest)


def find_opening_on(policy: Policy, day: date) -> int:
    """Return the first opening from a day on, in UTC epoch seconds, on the calendar of the pause cap.

    Raises CalendarError outside the calendar's years.
    """
    calendar = policy.calendar(policy.pause_cap.calendar)
    return calendar.next_open_at(epoch(datetime.combine(day, time(), calendar.zone)))


class _CountedTime(msgspec.Struct, frozen=True):
    """The counted time of a clock: `pieces` are the starts of its completed counted spans, with their open seconds.

    `used` is the sum of these seconds. A last span runs from `run_from`.
    """

    calendar: BusinessCalendar
    start: int
    pieces: tuple[tuple[int, int], ...]
    used: int
    run_from: int

    def used_until(self, at: int) -> int:
        """Return the seconds used until `at`, in UTC epoch seconds."""
        used = sum(
            min(length, self.calendar.seconds_between(start, at))
            for start, length in self.pieces
            if start < at
        )
        return used + (self.calendar.seconds_between(self.run_from, at) if self.run_from < at else 0)

    def reaches(self, need: int) -> int | None:
        """Return the first instant at which `need` seconds have been used; None where the clock is stopped before."""
        if need <= 0:
            return self.start
        for start, length in self.pieces:
            if need <= length:
                return self.calendar.add_seconds(start, need)
            need -= length
        return self.calendar.add_seconds(self.run_from, need) if self.run_from < NEVER else None


class Limit(msgspec.Struct, frozen=True):
    """The limit for a raised severity (rule 8): `due` in UTC epoch seconds, the others in seconds of the calendar.

    `due` is the old due time, `overrun` what had been used beyond the old target when the new one began, and
    `available` what the new clock can use until the old due time.
    """

    due: int
    overrun: int
    available: int


def find_limit(policy: Policy, kind: ClockKind, basis: Basis, gaps: Iterable[Gap] = ()) -> Limit | None:
    """Return the limit that the old target sets for a raised severity, on the calendar as it is now; None without one.

    `gaps` are those of `project_clock`: a pause moves the old due time too.
    """
    gaps = tuple(gaps)
    calendar = policy.calendar(calendar_of(policy.severity(basis.severity), kind))
    return _find_limit(policy, kind, basis, gaps, _count_time(calendar, split_spans(policy, basis, gaps)))


def _find_limit(
    policy: Policy, kind: ClockKind, basis: Basis, gaps: tuple[Gap, ...], run: _CountedTime
) -> Limit | None:
    start = epoch(basis.start)
    if basis.before is not None:
        old = project_clock(policy, kind, basis.before, gaps=gaps)
        if old.allowed is None or old.due is None:
            return None
        old_run = _count_time(policy.calendar(old.calendar), split_spans(policy, basis.before, gaps))
        limit = _find_limit(policy, kind, basis.before, gaps, old_run)
        used = old_run.used_until(start) + (limit.overrun if limit else 0)
        return Limit(old.due, max(0, used - old.allowed), run.used_until(old.due) if old.due > start else 0)
    if basis.ceiling is not None:
        due = epoch(basis.ceiling)
        return Limit(due, basis.overrun, run.calendar.seconds_between(start, due) if due > start else 0)
    return None


def _count_time(calendar: BusinessCalendar, found: Sequence[ClockSpan]) -> _CountedTime:
    pieces = tuple(
        (each.start, calendar.seconds_between(each.start, each.end))
        for each in found
        if each.gap is None and each.end is not None
    )
    last = found[-1]
    return _CountedTime(
        calendar=calendar,
        start=found[0].start,
        pieces=pieces,
        used=sum(length for _, length in pieces),
        run_from=last.start if last.gap is None else NEVER,
    )


def calendar_of(severity: Severity, kind: ClockKind) -> str:
    """Return the key of the calendar of a clock; where a resolution has no time limit, that of the response."""
    amount = severity.response if kind is ClockKind.RESPONSE else severity.resolution
    return (amount or severity.response).calendar


def project_clock(
    policy: Policy,
    kind: ClockKind,
    basis: Basis,
    *,
    gaps: Iterable[Gap] = (),
    verdict: Verdict | None = None,
    fix_day: date | None = None,
) -> ClockProjection:
    """Return the projected clock of `kind`. Raises CalendarError outside the calendar's years.

    `fix_day` is the day of the release in which a fix is promised, for a clock without a time limit (rule 5).
    """
    severity = policy.severity(basis.severity)
    amount = severity.response if kind is ClockKind.RESPONSE else severity.resolution
    key = calendar_of(severity, kind)
    if verdict is not None:
        return _project_stopped(kind, basis, verdict, key)
    calendar = policy.calendar(key)
    gaps = tuple(gaps)
    run = _count_time(calendar, split_spans(policy, basis, gaps))
    if amount is None:
        return _project_untimed(policy, basis, key, run, fix_day)
    limit = _find_limit(policy, kind, basis, gaps, run)
    allowed = min(amount.seconds, limit.available) if limit else amount.seconds
    overrun = limit.overrun if limit else 0
    due_soon = -(-allowed * policy.thresholds.due_soon // 100)
    at_risk = -(-allowed * policy.thresholds.at_risk // 100)
    waiting = next((gap for gap in gaps if gap.capped and gap.ended is None), None)
    return ClockProjection(
        kind=kind,
        calendar=key,
        target=amount.seconds,
        allowed=allowed,
        started_at=run.start,
        run_from=run.run_from,
        elapsed_before_run=overrun + run.used,
        due=_due(run, basis, limit, allowed),
        due_soon_at=run.reaches(due_soon - overrun),
        at_risk_at=run.reaches(at_risk - overrun),
        breached_at=_breach(run.reaches(allowed + 1 - overrun), basis),
        paused_at=epoch(waiting.began) if waiting else None,
        late_when_raised=basis.late_when_raised,
    )


def find_share_reached(
    policy: Policy, kind: ClockKind, basis: Basis, percent: int, gaps: Iterable[Gap] = ()
) -> int | None:
    """Return when `percent` of the present target has been used, in UTC epoch seconds; for 100, when it is breached.

    None without a timed promise, and where the clock is stopped before then. Unlike `ClockProjection.breached_at`, a
    breach of an earlier target does not count. `gaps` are those of `project_clock`.
    """
    severity = policy.severity(basis.severity)
    amount = severity.response if kind is ClockKind.RESPONSE else severity.resolution
    if amount is None:
        return None
    gaps = tuple(gaps)
    run = _count_time(policy.calendar(amount.calendar), split_spans(policy, basis, gaps))
    limit = _find_limit(policy, kind, basis, gaps, run)
    allowed = min(amount.seconds, limit.available) if limit else amount.seconds
    needed = allowed + 1 if percent == WHOLE else -(-allowed * percent // WHOLE)
    return run.reaches(needed - (limit.overrun if limit else 0))


def _project_stopped(kind: ClockKind, basis: Basis, verdict: Verdict, calendar: str) -> ClockProjection:
    return ClockProjection(
        kind=kind,
        calendar=calendar,
        target=verdict.allowed,
        allowed=verdict.allowed,
        started_at=epoch(basis.start),
        run_from=epoch(verdict.at),
        elapsed_before_run=verdict.elapsed,
        due=epoch(verdict.due) if verdict.due else None,
        verdict=verdict.state,
        stopped_at=epoch(verdict.at),
        late_when_raised=basis.late_when_raised,
    )


def _project_untimed(
    policy: Policy, basis: Basis, calendar: str, run: _CountedTime, fix_day: date | None
) -> ClockProjection:
    due = epoch(last_second_of(fix_day, policy.timezone)) if fix_day else None
    return ClockProjection(
        kind=ClockKind.RESOLUTION,
        calendar=calendar,
        target=None,
        allowed=None,
        started_at=run.start,
        run_from=run.run_from,
        elapsed_before_run=basis.overrun + run.used,
        due=due,
        breached_at=_breach(due + 1 if due is not None else None, basis),
        promised=fix_day is not None,
        late_when_raised=basis.late_when_raised,
    )


def _due(run: _CountedTime, basis: Basis, limit: Limit | None, allowed: int) -> int | None:
    """Return when all that is allowed has been used, never later than the old due time (rule 8)."""
    if limit is None:
        return run.reaches(allowed)
    if limit.due <= run.start:
        return limit.due
    due = run.reaches(allowed - limit.overrun)
    # A `ceiling` does not move with a pause, so only the allowed seconds are taken from it.
    return due if basis.before is None or due is None or limit.available > allowed else limit.due


def _breach(at: int | None, basis: Basis) -> int | None:
    """Return the first instant of a breach, or the earlier breach that stays whatever the target is now (rule 9).

    A target that was past its due time when it came into force is breached from then on (rule 5).
    """
    if at is not None and basis.since is not None:
        at = max(at, epoch(basis.since))
    if basis.breached_at is None:
        return at
    stays = epoch(basis.breached_at)
    return stays if at is None else min(at, stays)
