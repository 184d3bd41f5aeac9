"""A clock as text in the queue: its timer, the label of its state, and the targets of a group."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from supportdesk.console.queue.columns import TIMER
from supportdesk.sla import formatting
from supportdesk.sla.calendar import BusinessCalendar
from supportdesk.sla.clocks import BREACHED_EARLIER, ClockKind, ClockProjection, State, instant, left_at
from supportdesk.sla.policy import Amount, Policy, Severity
from supportdesk.store.read_models import QueueRow

HOUR = 3_600
HALF_A_YEAR = 183 * 24 * HOUR
NO_FIGURE = "–"
CLOCK_NAMES = {ClockKind.RESPONSE: "respond", ClockKind.RESOLUTION: "resolve"}
STATE_WORDS = {
    State.DUE_SOON: "due soon",
    State.AT_RISK: "at risk",
    State.BREACHED: "breached",
    State.PAUSED: "on hold",
    State.PROMISED: "promised",
    State.MET: "met",
    State.MISSED: "missed",
    State.VOID: "ended",
}
WAIT_LABELS = {"customer": "on hold", "third party": "3rd party", "release": "release"}
REQUIREMENTS = {
    "workaround": "a workaround",
    "fix date": "a fix date",
    "article": "an article",
    "account manager": "the account manager calls",
}
URGENT_STATES = frozenset({State.DUE_SOON, State.AT_RISK, State.BREACHED})


def timer_text(clock: ClockProjection, now: int, calendar: BusinessCalendar, zone: str) -> str:
    """Return the text of the timer's column, in `TIMER` cells, aligned at the colon.

    `now` is in UTC epoch seconds, `calendar` is that of the clock, `zone` the time zone of the text.
    """
    if clock.verdict is not None:
        return _stopped_text(clock.run_from, now, zone).rjust(TIMER)
    if clock.target is None:
        return (
            NO_FIGURE.rjust(TIMER - 3).ljust(TIMER) if clock.due is None else _fix_text(clock.due, now, zone)
        )
    left = left_at(clock, now, calendar)
    assert left is not None
    text = formatting.duration(left)
    return text.rjust(TIMER) if -HOUR < left < HOUR else text.rjust(TIMER - 3).ljust(TIMER)


def _stopped_text(at: int, now: int, zone: str) -> str:
    text, _zone_name = formatting.near_time(instant(at), zone, instant(now)).rsplit(" ", 1)
    return text if len(text) <= TIMER else _day_text(at, now, zone)


def _fix_text(due: int, now: int, zone: str) -> str:
    return f"fix {_day_text(due, now, zone)}".rjust(TIMER)


def _day_text(at: int, now: int, zone: str) -> str:
    """Return a day as short as the column needs: `9 Dec`, or its year if it is over half a year away."""
    then = instant(at).astimezone(ZoneInfo(zone)).date()
    return formatting.day(then) if abs(at - now) < HALF_A_YEAR else str(then.year)


def state_label(state: State, row: QueueRow, *, out_of_hours: bool, earlier: bool = False) -> str:
    """Return the label of the leading clock's state; empty if it is running. `out_of_hours`: its calendar is closed.

    `earlier`: the clock was breached under an earlier target (rule 9).
    """
    text = BREACHED_EARLIER if earlier else STATE_WORDS.get(state, "")
    if text or not row.is_open:
        return text
    if row.waiting == "customer":
        # The pause ends by itself (rule 6), and then the owner has to ask again, or close. The response never pauses.
        if row.lead.paused_at is not None:
            return "chase"
    elif row.waiting:
        return WAIT_LABELS[row.waiting]
    return "off hours" if out_of_hours else ""


def age(seconds: int) -> str:
    """Return a duration in its largest unit: `12 min`, `5 h`, `3 d`."""
    for length, unit in ((24 * HOUR, "d"), (HOUR, "h")):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{max(0, seconds) // 60} min"


def targets_line(policy: Policy, severity: Severity) -> str:
    """Return the targets of a group: `respond in 3 h, resolve in 24 h of office hours`."""
    text = timed_targets(policy, severity)
    return text if severity.resolution is not None else f"{text}, then {_requirements(severity)}"


def timed_targets(policy: Policy, severity: Severity) -> str:
    """Return the targets that have a time."""
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
