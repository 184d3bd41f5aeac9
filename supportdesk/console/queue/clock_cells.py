"""A clock as text in the queue: its timer, the label of its state, and the promise of a group."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from supportdesk.console.queue.columns import TIMER
from supportdesk.sla import formatting
from supportdesk.sla.calendar import BusinessCalendar
from supportdesk.sla.clocks import BREACHED_EARLIER, ClockProjection, Kind, State, instant, left_at
from supportdesk.sla.policy import Amount, Policy, Severity
from supportdesk.store.read_models import QueueRow

HOUR = 3_600
HALF_A_YEAR = 183 * 24 * HOUR
NO_FIGURE = "–"
CLOCK_NAMES = {Kind.RESPONSE: "respond", Kind.RESOLUTION: "resolve"}
STATE_WORDS = {
    State.DUE_SOON: "due soon",
    State.AT_RISK: "at risk",
    State.BREACHED: "breached",
    State.PAUSED: "on hold",
    State.PROMISED: "promised",
    State.MET: "met",
    State.MISSED: "missed",
    State.VOID: "void",
}
WAITS = {"customer": "on hold", "third party": "3rd pty", "release": "release"}
REQUIREMENTS = {
    "workaround": "a workaround",
    "fix date": "a fix date",
    "article": "an article",
    "account manager": "the account manager calls",
}
URGENT_STATES = frozenset({State.DUE_SOON, State.AT_RISK, State.BREACHED})


def timer_text(clock: ClockProjection, now: int, calendar: BusinessCalendar, zone: str) -> str:
    """What stands in the timer's column, right-aligned so that hours and minutes keep their places.

    `now` is in UTC epoch seconds, `calendar` the clock's own, `zone` the time zone in which it is told.
    """
    if clock.verdict is not None:
        return _when(clock.run_from, now, zone).rjust(TIMER)
    if clock.target is None:
        return (
            NO_FIGURE.rjust(TIMER - 3).ljust(TIMER) if clock.due is None else _promised(clock.due, now, zone)
        )
    left = left_at(clock, now, calendar)
    assert left is not None
    told = formatting.duration(left)
    return told.rjust(TIMER) if -HOUR < left < HOUR else told.rjust(TIMER - 3).ljust(TIMER)


def _when(at: int, now: int, zone: str) -> str:
    told, _zone_name = formatting.near_time(instant(at), zone, instant(now)).rsplit(" ", 1)
    return told if len(told) <= TIMER else _day(at, now, zone)


def _promised(due: int, now: int, zone: str) -> str:
    return f"fix {_day(due, now, zone)}".rjust(TIMER)


def _day(at: int, now: int, zone: str) -> str:
    """A day in as much room as the timer has; far away its year is enough."""
    then = instant(at).astimezone(ZoneInfo(zone)).date()
    return formatting.day(then) if abs(at - now) < HALF_A_YEAR else str(then.year)


def state_label(state: State, row: QueueRow, *, out_of_hours: bool, earlier: bool = False) -> str:
    """Return the state in a word; nothing for a clock that simply runs. `out_of_hours` says that its calendar is shut.

    `earlier` says that the clock was breached under another promise (rule 9).
    """
    told = BREACHED_EARLIER if earlier else STATE_WORDS.get(state, "")
    if told or not row.is_open:
        return told
    if row.waiting:
        # The pause on a customer ends by itself (rule 6), and then the owner has to ask again, or close.
        return "chase" if row.waiting == "customer" and state is State.OK else WAITS[row.waiting]
    return "shut" if out_of_hours else ""


def age(seconds: int) -> str:
    """`12 min`, `5 h`, `3 d`: how long ago, in the largest unit that has one."""
    for length, unit in ((24 * HOUR, "d"), (HOUR, "h")):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{max(0, seconds) // 60} min"


def promise_line(policy: Policy, severity: Severity) -> str:
    """What a group promises, in a line: `respond in 3 h, resolve in 24 h of office time`."""
    told = timed_promise(policy, severity)
    return told if severity.resolution is not None else f"{told}, then {_requirements(severity)}"


def timed_promise(policy: Policy, severity: Severity) -> str:
    """The promise as far as it has a time."""
    response, resolution = severity.response, severity.resolution
    if resolution is None:
        return f"respond in {_amount(policy, response)}"
    if resolution.calendar != response.calendar:
        return f"respond in {_amount(policy, response)}, resolve in {_amount(policy, resolution)}"
    return f"respond in {formatting.amount(response.seconds)}, resolve in {_amount(policy, resolution)}"


def _amount(policy: Policy, amount: Amount) -> str:
    hours = policy.hours(amount.calendar)
    return f"{formatting.amount(amount.seconds)}{', ' if hours.always else ' of '}{hours.name}"


def _requirements(severity: Severity) -> str:
    return ", or ".join(
        " and ".join(REQUIREMENTS.get(each, each) for each in way) for way in severity.resolved_by
    )
