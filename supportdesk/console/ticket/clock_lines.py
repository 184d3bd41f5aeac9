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
        (target_state_at(course, now), _percent(course, known, now), _is_open(course, known, now))
        if is_bar
        else _figures(course, known, now)
        for course, is_bar in _rows(known, now)
    )


def _rows(known: TicketContext, now: int) -> Iterator[tuple[ClockProjection, bool]]:
    """Yield the clock that each line tells, and whether the line is its bar; a bar stands below its own clock."""
    for course in (known.row.response, known.row.resolution):
        yield course, False
        if course is known.row.lead and _percent(course, known, now) is not None:
            yield course, True


def _figures(course: ClockProjection, known: TicketContext, now: int) -> tuple[object, ...]:
    calendar = known.policy.calendar(course.calendar)
    left = left_at(course, now, calendar)
    told = "" if left is None else formatting.duration(left)
    return state_at(course, now), target_state_at(course, now), told, calendar.open_at(now)


def _is_open(course: ClockProjection, known: TicketContext, now: int) -> bool:
    return known.policy.calendar(course.calendar).open_at(now)


def _percent(course: ClockProjection, known: TicketContext, now: int) -> int | None:
    """Return how much of a running clock's target is used; None without one."""
    if course.allowed is None or course.verdict is not None:
        return None
    elapsed = elapsed_at(course, now, known.policy.calendar(course.calendar))
    return 100 * elapsed // course.allowed if course.allowed else 100


def clock_lines(known: TicketContext, paper: PageCanvas) -> list[Content]:
    """Return both clocks with the bar of the leading one, if it runs; a tick can draw these lines alone."""
    rows = list(_rows(known, paper.now))
    return [clock_line(place, known, paper) for place in range(len(rows))]


def clock_line(place: int, known: TicketContext, paper: PageCanvas) -> Content:
    """Return one of the lines."""
    course, is_bar = next(islice(_rows(known, paper.now), place, None))
    return _bar(course, known, paper) if is_bar else _line(course, known, paper)


def _line(course: ClockProjection, known: TicketContext, paper: PageCanvas) -> Content:
    state = state_at(course, paper.now)
    earlier = breached_earlier(course, paper.now)
    role = ROLES.get(state, "text")
    label = Content.styled(course.kind.capitalize().ljust(LABEL), paper.look("quiet"))
    text = (
        _verdict(course)
        if course.verdict
        else clock_status(course, known.policy, instant(paper.now), zone=known.zone, hours=False)
    )
    late = ", late when raised" if course.late_when_raised else ""
    if earlier:
        breach, _, left = text.partition(", ")
        present = paper.look(ROLES.get(target_state_at(course, paper.now), "text"))
        line = label + Content.styled(f"{_pressing(state, paper)}{breach}", paper.look(role))
        line += Content.styled(f", {left}{late}", present) if left else Content()
    else:
        line = label + Content.styled(f"{_pressing(state, paper)}{text}{late}", paper.look(role))
    return line.truncate(paper.width, ellipsis=True)


def _verdict(course: ClockProjection) -> str:
    """`met in 0:09:40 of 1 h`, of a clock that has stopped."""
    if course.allowed is None or course.verdict is State.VOID:
        return str(course.verdict)
    elapsed = formatting.duration(course.elapsed_before_run)
    return f"{course.verdict} in {elapsed} of {formatting.amount(course.allowed)}"


def _pressing(state: State, paper: PageCanvas) -> str:
    """`▲ at risk, `; that something is over is said by its figure."""
    signs = paper.signs
    told = {
        State.DUE_SOON: f"{signs.due_soon} {state}, ",
        State.AT_RISK: f"{signs.at_risk} {state}, ",
        State.BREACHED: f"{signs.breached} ",
    }
    return told.get(state, "")


def _bar(course: ClockProjection, known: TicketContext, paper: PageCanvas) -> Content:
    """How much of the promise is used, and that the clock stands still while its calendar is closed."""
    percent = _percent(course, known, paper.now)
    if percent is None:
        return Content()
    filled = min(BAR, percent * BAR // 100)
    role = ROLES.get(target_state_at(course, paper.now), "quiet")
    signs, look = paper.signs, paper.look
    bar = Content.assemble(
        " " * LABEL,
        (signs.full * filled, look(role)),
        (signs.empty * (BAR - filled), look("faint")),
        (f" {percent} %", look(role)),
    )
    calendar = known.policy.calendar(course.calendar)
    if calendar.open_at(paper.now):
        return bar
    zone, now = known.zone, instant(paper.now)
    opens = formatting.near_time(instant(calendar.next_open_at(paper.now)), zone, now)
    return (bar + Content.styled(f"  closed to {opens}", look("faint"))).truncate(paper.width, ellipsis=True)
