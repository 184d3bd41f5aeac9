"""The two clocks of a ticket, as its page tells them: where each stands, with a bar below the one that leads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from textual.content import Content

from supportdesk.console.text.clock_text import clock_status
from supportdesk.console.ticket.context import LABEL, PageCanvas, TicketContext
from supportdesk.sla import formatting
from supportdesk.sla.clocks import (
    ClockProjection,
    State,
    breached_earlier,
    elapsed_at,
    instant,
    left_at,
    state_at,
    target_state_at,
)

BAR = 20
ROLES = {
    State.DUE_SOON: "due-soon",
    State.AT_RISK: "at-risk",
    State.BREACHED: "breached",
    State.MISSED: "breached",
    State.MET: "met",
    State.PAUSED: "quiet",
    State.VOID: "quiet",
}


def clock_figures(known: TicketContext, now: int) -> tuple[tuple[object, ...], ...]:
    """Return all that time changes in each of the lines; cheaper to compare than the lines are to make."""
    return tuple(
        (target_state_at(clock, now), _percent(clock, known, now), _is_open(clock, known, now))
        if is_bar
        else _figures(clock, known, now)
        for clock, is_bar in _rows(known, now)
    )


def _rows(known: TicketContext, now: int) -> Iterator[tuple[ClockProjection, bool]]:
    """Yield the clock that each line tells, and whether the line is its bar; a bar stands below its own clock."""
    for clock in (known.row.response, known.row.resolution):
        yield clock, False
        if clock is known.row.lead and _percent(clock, known, now) is not None:
            yield clock, True


def _figures(clock: ClockProjection, known: TicketContext, now: int) -> tuple[object, ...]:
    calendar = known.policy.calendar(clock.calendar)
    left = left_at(clock, now, calendar)
    told = "" if left is None else formatting.duration(left)
    return state_at(clock, now), target_state_at(clock, now), told, calendar.open_at(now)


def _is_open(clock: ClockProjection, known: TicketContext, now: int) -> bool:
    return known.policy.calendar(clock.calendar).open_at(now)


def _percent(clock: ClockProjection, known: TicketContext, now: int) -> int | None:
    """Return how much of a running clock's target is used; None without one."""
    if clock.allowed is None or clock.verdict is not None:
        return None
    elapsed = elapsed_at(clock, now, known.policy.calendar(clock.calendar))
    return 100 * elapsed // clock.allowed if clock.allowed else 100


def clock_lines(known: TicketContext, paper: PageCanvas) -> list[Content]:
    """Return both clocks with the bar of the leading one, if it runs; a tick can draw these lines alone."""
    rows = list(_rows(known, paper.now))
    return [clock_line(place, known, paper) for place in range(len(rows))]


def clock_line(place: int, known: TicketContext, paper: PageCanvas) -> Content:
    """Return one of the lines."""
    clock, is_bar = next(islice(_rows(known, paper.now), place, None))
    return _bar(clock, known, paper) if is_bar else _line(clock, known, paper)


def _line(clock: ClockProjection, known: TicketContext, paper: PageCanvas) -> Content:
    state = state_at(clock, paper.now)
    earlier = breached_earlier(clock, paper.now)
    role = ROLES.get(state, "text")
    label = Content.styled(clock.kind.capitalize().ljust(LABEL), paper.look("quiet"))
    text = (
        _verdict(clock)
        if clock.verdict
        else clock_status(clock, known.policy, instant(paper.now), zone=known.zone, hours=False)
    )
    late = ", late when raised" if clock.late_when_raised else ""
    if earlier:
        breach, _, left = text.partition(", ")
        present = paper.look(ROLES.get(target_state_at(clock, paper.now), "text"))
        line = label + Content.styled(f"{_pressing(state, paper)}{breach}", paper.look(role))
        line += Content.styled(f", {left}{late}", present) if left else Content()
    else:
        line = label + Content.styled(f"{_pressing(state, paper)}{text}{late}", paper.look(role))
    return line.truncate(paper.width, ellipsis=True)


def _verdict(clock: ClockProjection) -> str:
    """Return the verdict of a clock that has stopped: `met in 9 min 40 s of 1 h`."""
    if clock.allowed is None or clock.verdict is State.VOID:
        return str(clock.verdict)
    elapsed = formatting.amount(clock.elapsed_before_run)
    return f"{clock.verdict} in {elapsed} of {formatting.amount(clock.allowed)}"


def _pressing(state: State, paper: PageCanvas) -> str:
    """`▲ at risk, `; that something is over is said by its figure."""
    signs = paper.signs
    told = {
        State.DUE_SOON: f"{signs.due_soon} {state}, ",
        State.AT_RISK: f"{signs.at_risk} {state}, ",
        State.BREACHED: f"{signs.breached} ",
    }
    return told.get(state, "")


def _bar(clock: ClockProjection, known: TicketContext, paper: PageCanvas) -> Content:
    """How much of the promise is used, and that the clock stands still while its calendar is closed."""
    percent = _percent(clock, known, paper.now)
    if percent is None:
        return Content()
    filled = min(BAR, percent * BAR // 100)
    role = ROLES.get(target_state_at(clock, paper.now), "quiet")
    signs, look = paper.signs, paper.look
    bar = Content.assemble(
        " " * LABEL,
        (signs.full * filled, look(role)),
        (signs.empty * (BAR - filled), look("faint")),
        (f" {percent} %", look(role)),
    )
    calendar = known.policy.calendar(clock.calendar)
    if calendar.open_at(paper.now):
        return bar
    zone, now = known.zone, instant(paper.now)
    opens = formatting.near_time(instant(calendar.next_open_at(paper.now)), zone, now)
    return (bar + Content.styled(f"  closed to {opens}", look("faint"))).truncate(paper.width, ellipsis=True)
