"""The state of a clock at any instant.

No running clock is stored. `project_clock` derives a `ClockProjection` from the ticket's events, which is valid until
the next event; `state_at`, `left_at` and `status_at` evaluate it at any instant. Numbers of rules are those of
`docs/rules.md`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import msgspec

from supportdesk.sla.calendar import BusinessCalendar

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

BREACHED_EARLIER = "breached earlier"
"""The wording for a clock that was breached under another target and has time left on the present one (rule 9)."""

NEVER = 1 << 40
"""The `run_from` of a clock that is stopped until the ticket changes: later than every instant."""


class ClockKind(StrEnum):
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
        """Whether the clock has met or missed its target."""
        return self in (State.MET, State.MISSED)

    @property
    def label(self) -> str:
        """The state in words for people; its value is its stored and exported name."""
        return _LABELS.get(self, self.value)


_LABELS = {
    State.OK: "on track",
    State.PAUSED: "on hold",
    State.OPEN: "no target time",
    State.VOID: "no longer applies",
}


class Basis(msgspec.Struct, frozen=True):
    """The start of a clock and the severity whose target applies to it.

    `before` is the basis that a raised severity replaced: the new due time is never later than the old one, on the
    calendar as it is now (rule 8). Events of older versions store that due time as `ceiling`, with `overrun`, the
    seconds already past it when this basis began. `breached_at` is a breach that stays whatever the new target is (rule
    9). `since` is when this target came into force: no breach of it is dated earlier (rule 5).
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
    """The result of a stopped clock; it never changes. `elapsed` and `allowed` are seconds of the clock's calendar."""

    state: State
    at: datetime
    elapsed: int
    allowed: int | None
    due: datetime | None


class Gap(msgspec.Struct, frozen=True):
    """A span that a clock does not count; a `capped` one ends by itself after the pause cap (rule 6).

    If it is known `until` which day it lasts, it ends by itself at the opening on that day, if that is sooner.
    """

    began: datetime
    ended: datetime | None
    capped: bool
    until: date | None = None


class ClockProjection(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A clock as it runs until the ticket changes.

    All instants are whole UTC epoch seconds, because a queue holds a hundred thousand of these. `target` is what was
    promised and `allowed` what may be used of it, both in open seconds of `calendar`, None without a timed promise.
    The clock had used `elapsed_before_run` seconds at `run_from` and runs from there; before that it is stopped, and
    stays so where `run_from` is `NEVER`. `paused_at` is set while the ticket is on hold for the customer; the pause
    ends by itself at `run_from`.
    """

    kind: ClockKind
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


def find_running_due(clock: ClockProjection) -> datetime | None:
    """Return when a clock that runs is due; None for one that has stopped, is paused or has no timed promise."""
    if clock.verdict is not None or clock.paused_at is not None or clock.due is None:
        return None
    return instant(clock.due)


class ClockStatus(msgspec.Struct, frozen=True):
    """The status of a clock at one instant.

    `left` is in seconds of the clock's calendar, negative when over; `due` is None while paused, unless it was passed
    before the pause (rule 7). `out_of_hours` is True while the clock is stopped because its calendar is closed, until
    `opens`. `breached_earlier` is True where it is breached, but not by the present target, on which `left` is left.
    """

    kind: ClockKind
    state: State
    target: int | None
    elapsed: int
    left: int | None
    due: datetime | None
    stopped_at: datetime | None
    paused: bool
    out_of_hours: bool
    opens: datetime | None
    late_when_raised: bool
    breached_earlier: bool = False

    @property
    def wording(self) -> str:
        """Return the name of the state, as it is exported and filtered by."""
        return BREACHED_EARLIER if self.breached_earlier else str(self.state)

    @property
    def label(self) -> str:
        """The clock's state in words for people; `wording` is its stored and exported name."""
        return BREACHED_EARLIER if self.breached_earlier else self.state.label

    @property
    def percent(self) -> int | None:
        """The used share of the target in whole percent, rounded down; None without a timed promise."""
        if self.left is None:
            return None
        allowed = self.left + self.elapsed
        return 100 * self.elapsed // allowed if allowed > 0 else 100


def epoch(at: datetime) -> int:
    """Return whole UTC epoch seconds; a fraction is cut off (rule 15). Raises TypeError for a naive datetime."""
    since = at - _EPOCH
    return since.days * 86_400 + since.seconds


def instant(at: int) -> datetime:
    """Return epoch seconds as an aware UTC datetime."""
    return _EPOCH + timedelta(seconds=at)


def instant_or_none(at: int | None) -> datetime | None:
    """Return epoch seconds as an aware UTC datetime; None for None."""
    return None if at is None else instant(at)


def state_at(clock: ClockProjection, now: int) -> State:
    """Return the state of a clock at `now`, in UTC epoch seconds (rules 1, 7 and 16)."""
    if clock.verdict is not None:
        return clock.verdict
    if clock.breached_at is not None and clock.breached_at <= now:
        return State.BREACHED
    return _running_state(clock, now)


def breached_earlier(clock: ClockProjection, now: int) -> bool:
    """Return whether a running clock was breached under another target and meets the present one so far (rule 9)."""
    if clock.verdict is not None or clock.breached_at is None or clock.breached_at > now:
        return False
    return clock.due is None or clock.breached_at < clock.due >= now


def target_state_at(clock: ClockProjection, now: int) -> State:
    """Return the state of a clock by its present target alone; its colour follows from that."""
    return _running_state(clock, now) if breached_earlier(clock, now) else state_at(clock, now)


def _running_state(clock: ClockProjection, now: int) -> State:
    if is_paused(clock, now):
        return State.PAUSED
    if clock.target is None:
        return State.PROMISED if clock.promised else State.OPEN
    if clock.at_risk_at is not None and clock.at_risk_at <= now:
        return State.AT_RISK
    if clock.due_soon_at is not None and clock.due_soon_at <= now:
        return State.DUE_SOON
    return State.OK


def elapsed_at(clock: ClockProjection, now: int, calendar: BusinessCalendar) -> int:
    """Return the open seconds used at `now`, which is not before the ticket's last change."""
    if clock.verdict is not None or now <= clock.run_from:
        return clock.elapsed_before_run
    return clock.elapsed_before_run + calendar.seconds_between(clock.run_from, now)


def left_at(clock: ClockProjection, now: int, calendar: BusinessCalendar) -> int | None:
    """Return the open seconds left at `now`, negative when over; None without a timed promise."""
    if clock.allowed is None:
        return None
    return clock.allowed - elapsed_at(clock, now, calendar)


def next_change_after(clock: ClockProjection, now: int) -> int | None:
    """Return the next instant after `now` at which the state changes by itself; None if it never does."""
    state = state_at(clock, now)
    instants = (clock.due_soon_at, clock.at_risk_at, clock.breached_at, clock.run_from)
    ahead = sorted(at for at in instants if at is not None and at > now)
    return next((at for at in ahead if state_at(clock, at) is not state), None)


def next_target_change_after(clock: ClockProjection, now: int) -> int | None:
    """Return the next instant after `now` at which the present target's state changes.

    None unless the clock was breached earlier, under another target.
    """
    if not breached_earlier(clock, now):
        return None
    state = target_state_at(clock, now)
    end = clock.due + 1 if clock.due is not None else None
    instants = (clock.due_soon_at, clock.at_risk_at, clock.run_from, end)
    ahead = sorted(at for at in instants if at is not None and at > now)
    return next((at for at in ahead if target_state_at(clock, at) is not state), None)


def is_paused(clock: ClockProjection, now: int) -> bool:
    """Return whether the clock is on hold for the customer at `now`; it may be breached nevertheless (rule 7)."""
    return clock.verdict is None and clock.paused_at is not None and now < clock.run_from


def due_if_resumed(clock: ClockProjection, now: int, calendar: BusinessCalendar) -> int | None:
    """Return the due time; of a paused clock, the due time if it resumed at `now`. None without one."""
    left = left_at(clock, now, calendar)
    if left is None or left <= 0 or not is_paused(clock, now):
        return clock.due
    return calendar.add_seconds(now, left)


def status_at(clock: ClockProjection, now: int, calendar: BusinessCalendar) -> ClockStatus:
    """Return the status of a clock at `now`, in UTC epoch seconds."""
    state = state_at(clock, now)
    paused = is_paused(clock, now)
    passed = clock.due is not None and state is State.BREACHED and clock.due <= now
    due = clock.due if passed or not paused else None
    runs = clock.verdict is None and clock.target is not None and clock.run_from <= now
    out_of_hours = runs and not calendar.open_at(now)
    return ClockStatus(
        kind=clock.kind,
        state=state,
        target=clock.target,
        elapsed=elapsed_at(clock, now, calendar),
        left=left_at(clock, now, calendar),
        due=instant_or_none(due),
        stopped_at=instant_or_none(clock.stopped_at),
        paused=paused,
        out_of_hours=out_of_hours,
        opens=instant(calendar.next_open_at(now)) if out_of_hours else None,
        late_when_raised=clock.late_when_raised,
        breached_earlier=breached_earlier(clock, now),
    )


def stop(clock: ClockProjection, at: int, calendar: BusinessCalendar) -> Verdict:
    """Return the verdict of a clock that stops at `at`, in UTC epoch seconds.

    It is missed only if more time was used than allowed (rule 1), or a breach stays from before (rules 5 and 9).
    """
    late = clock.breached_at is not None and clock.breached_at <= at
    return Verdict(
        state=State.MISSED if late else State.MET,
        at=instant(at),
        elapsed=elapsed_at(clock, at, calendar),
        allowed=clock.allowed,
        due=instant_or_none(clock.due),
    )


def leading_clock(response: ClockProjection, resolution: ClockProjection) -> ClockProjection:
    """Return the clock that the queue shows for a ticket: the response clock until it stops, then the resolution."""
    return response if response.verdict is None else resolution
