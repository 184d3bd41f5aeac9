"""The two clocks of a ticket on its page: the status of each, with a bar below the leading one."""

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
STATE_STYLES = {
    State.DUE_SOON: "due-soon",
    State.AT_RISK: "at-risk",
    State.BREACHED: "breached",
    State.MISSED: "breached",
    State.MET: "met",
    State.PAUSED: "quiet",
    State.VOID: "quiet",
}


def clock_figures(
    context: TicketContext, now: int, *, has_bar: bool = True
) -> tuple[tuple[object, ...], ...]:
    """Return the values in each of the lines that change with time: cheaper to compare than to draw the lines."""
    return tuple(
        (target_state_at(clock, now), _percent(clock, context, now), _is_open(clock, context, now))
        if is_bar
        else _figures(clock, context, now)
        for clock, is_bar in _rows(context, now, has_bar=has_bar)
    )


def _rows(context: TicketContext, now: int, *, has_bar: bool) -> Iterator[tuple[ClockProjection, bool]]:
    """Yield for each line its clock, and whether the line is the bar; the bar is below its own clock."""
    for clock in (context.row.response, context.row.resolution):
        yield clock, False
        if has_bar and clock is context.row.lead and _percent(clock, context, now) is not None:
            yield clock, True


def _figures(clock: ClockProjection, context: TicketContext, now: int) -> tuple[object, ...]:
    calendar = context.policy.calendar(clock.calendar)
    left = left_at(clock, now, calendar)
    text = "" if left is None else formatting.duration(left)
    return state_at(clock, now), target_state_at(clock, now), text, calendar.open_at(now)


def _is_open(clock: ClockProjection, context: TicketContext, now: int) -> bool:
    return context.policy.calendar(clock.calendar).open_at(now)


def _percent(clock: ClockProjection, context: TicketContext, now: int) -> int | None:
    """Return how much of a running clock's target is used; None without one."""
    if clock.allowed is None or clock.verdict is not None:
        return None
    elapsed = elapsed_at(clock, now, context.policy.calendar(clock.calendar))
    return 100 * elapsed // clock.allowed if clock.allowed else 100


def clock_lines(context: TicketContext, canvas: PageCanvas, *, has_bar: bool = True) -> list[Content]:
    """Return both clocks with the bar of the leading one, if it runs; a tick can draw these lines alone.

    Without a bar, as where room is short, the line of the clock itself says when its calendar opens.
    """
    rows = list(_rows(context, canvas.now, has_bar=has_bar))
    return [clock_line(place, context, canvas, has_bar=has_bar) for place in range(len(rows))]


def clock_line(place: int, context: TicketContext, canvas: PageCanvas, *, has_bar: bool = True) -> Content:
    """Return one of the lines."""
    clock, is_bar = next(islice(_rows(context, canvas.now, has_bar=has_bar), place, None))
    if is_bar:
        return _bar(clock, context, canvas)
    return _line(clock, context, canvas, hours=not has_bar and clock is context.row.lead)


def _line(clock: ClockProjection, context: TicketContext, canvas: PageCanvas, *, hours: bool) -> Content:
    state = state_at(clock, canvas.now)
    earlier = breached_earlier(clock, canvas.now)
    style_name = STATE_STYLES.get(state, "text")
    label = Content.styled(clock.kind.capitalize().ljust(LABEL), canvas.style("quiet"))
    text = (
        _verdict(clock)
        if clock.verdict
        else clock_status(clock, context.policy, instant(canvas.now), zone=context.zone, hours=hours)
    )
    late = ", late when raised" if clock.late_when_raised else ""
    if earlier:
        breach, _, left = text.partition(", ")
        present = canvas.style(STATE_STYLES.get(target_state_at(clock, canvas.now), "text"))
        line = label + Content.styled(f"{_state_prefix(state, canvas)}{breach}", canvas.style(style_name))
        line += Content.styled(f", {left}{late}", present) if left else Content()
    else:
        line = label + Content.styled(f"{_state_prefix(state, canvas)}{text}{late}", canvas.style(style_name))
    return line.truncate(canvas.width, ellipsis=True)


def _verdict(clock: ClockProjection) -> str:
    """Return the verdict of a clock that has stopped: `met in 0:09:40 of 1:00`."""
    assert clock.verdict is not None, "a clock that runs has no verdict"
    if clock.allowed is None or clock.verdict is State.VOID:
        return clock.verdict.label
    elapsed = formatting.duration(clock.elapsed_before_run)
    return f"{clock.verdict} in {elapsed} of {formatting.duration(clock.allowed)}"


def _state_prefix(state: State, canvas: PageCanvas) -> str:
    """Return the symbol and name of an urgent state: `▲ at risk, `; a breach only has its symbol."""
    symbols = canvas.symbols
    text = {
        State.DUE_SOON: f"{symbols.due_soon} {state}, ",
        State.AT_RISK: f"{symbols.at_risk} {state}, ",
        State.BREACHED: f"{symbols.breached} ",
    }
    return text.get(state, "")


def _bar(clock: ClockProjection, context: TicketContext, canvas: PageCanvas) -> Content:
    """Return a bar with the percentage of the target used, and when a closed calendar opens."""
    percent = _percent(clock, context, canvas.now)
    if percent is None:
        return Content()
    filled = min(BAR, percent * BAR // 100)
    style_name = STATE_STYLES.get(target_state_at(clock, canvas.now), "quiet")
    symbols, style = canvas.symbols, canvas.style
    bar = Content.assemble(
        " " * LABEL,
        (symbols.full * filled, style(style_name)),
        (symbols.empty * (BAR - filled), style("faint")),
        (f" {percent} %", style(style_name)),
    )
    calendar = context.policy.calendar(clock.calendar)
    if calendar.open_at(canvas.now):
        return bar
    zone, now = context.zone, instant(canvas.now)
    opens = formatting.near_time(instant(calendar.next_open_at(canvas.now)), zone, now)
    return (bar + Content.styled(f"  out of hours until {opens}", style("faint"))).truncate(
        canvas.width, ellipsis=True
    )
