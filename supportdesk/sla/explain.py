"""Explains how the figure of a clock was calculated, span by span, for an answer to a customer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from msgspec.structs import replace

from supportdesk.sla import explanation_text, formatting
from supportdesk.sla.calendar import BusinessCalendar
from supportdesk.sla.clock_projection import Limit, find_end_of_gap, find_limit, project_clock, split_spans
from supportdesk.sla.clocks import Basis, ClockKind, Gap, State, Verdict, elapsed_at, epoch, instant
from supportdesk.sla.explanation import Explanation, ExplanationLine
from supportdesk.sla.opening_hours import WEEKDAYS
from supportdesk.sla.policy import Hours, Policy

__all__ = ["Explanation", "ExplanationLine", "explain"]

COUNTED, CLOSED = "counted", "closed"
LONG = 40
"""The number of lines from which successive ordinary days are joined into one line."""


def explain(
    policy: Policy,
    kind: ClockKind,
    basis: Basis,
    now: datetime,
    *,
    gaps: Iterable[Gap] = (),
    verdict: Verdict | None = None,
    fix_day: date | None = None,
    unless: str = "",
) -> Explanation:
    """Return how the figure of a clock was calculated, up to its verdict or else `now`.

    `unless` is what would take back the verdict, such as `the ticket is reopened`; empty where nothing would. The other
    arguments are those of `project_clock`. The total of the last line is what `clocks.elapsed_at` returns.
    """
    gaps = tuple(gaps)
    clock = project_clock(policy, kind, basis, gaps=gaps, verdict=verdict, fix_day=fix_day)
    until = epoch(verdict.at if verdict else now)
    elapsed = elapsed_at(clock, until, policy.calendar(clock.calendar))
    builder = _LineBuilder(policy, policy.hours(clock.calendar), policy.calendar(clock.calendar))
    limit = find_limit(policy, kind, basis, gaps)
    lines = list(builder.lines(basis, limit, gaps, until))
    lines = _totalled(_shortened(lines) if len(lines) >= LONG else lines, elapsed)
    return Explanation(
        heading=explanation_text.heading(policy, kind, basis, limit),
        lines=tuple(lines),
        verdict=explanation_text.verdict(policy, basis, clock, epoch(now), fix_day=fix_day, unless=unless),
        timezone=policy.timezone,
        end=_end(verdict),
    )


def _end(verdict: Verdict | None) -> str:
    if verdict is None:
        return "now"
    return "ended without a verdict" if verdict.state is State.VOID else f"stopped: {verdict.state}"


class _LineBuilder:
    """Makes the lines of one clock, with `total` still 0 in all of them."""

    def __init__(self, policy: Policy, hours: Hours, calendar: BusinessCalendar) -> None:
        self._policy = policy
        self._hours = hours
        self._calendar = calendar

    def lines(
        self, basis: Basis, limit: Limit | None, gaps: Iterable[Gap], until: int
    ) -> Iterator[ExplanationLine]:
        """Yield the lines from the start of the clock to `until`, in order and without a gap."""
        if limit is not None and limit.overrun:
            yield _line(epoch(basis.start), epoch(basis.start), "already over at that time", limit.overrun)
        for stretch in split_spans(self._policy, basis, gaps):
            end = until if stretch.end is None else min(stretch.end, until)
            if stretch.start >= end:
                continue
            if stretch.gap is not None:
                yield _line(stretch.start, end, self._gap(stretch.gap, end), 0)
            else:
                yield from self._running(stretch.start, end)

    def _gap(self, gap: Gap, until: int) -> str:
        if not gap.capped:
            return "resolved"
        ends = find_end_of_gap(self._policy, gap)
        by_itself = until == ends != find_end_of_gap(self._policy, replace(gap, capped=False))
        if not by_itself:
            return "on hold for the customer"
        by_cap = ends == find_end_of_gap(self._policy, replace(gap, until=None))
        return f"on hold for the customer, until the {'longest pause' if by_cap else 'hold'} ended"

    def _running(self, began: int, ended: int) -> Iterator[ExplanationLine]:
        at = began
        for opening in self._calendar.spans(instant(began), instant(ended)):
            opens, closes = epoch(opening.opens), epoch(opening.closes)
            if opens > at:
                yield _line(at, opens, self._closed(at, opens), 0)
            yield _line(opens, closes, self._open(opens, closes), closes - opens)
            at = closes
        if ended > at:
            yield _line(at, ended, self._closed(at, ended), 0)

    def _open(self, began: int, ended: int) -> str:
        if self._calendar.rule_on(self._calendar.local(began).date()) == "exception":
            return f"{COUNTED}, hours of that day only"
        zone = self._policy.timezone
        first, last = (formatting.local(instant(at), zone).utcoffset() for at in (began, ended))
        if first == last:
            return COUNTED
        assert first is not None
        assert last is not None
        return f"{COUNTED}; the clocks went {'forward' if last > first else 'back'}"

    def _closed(self, began: int, ended: int) -> str:
        """Return `closed` with the reasons beyond ordinary hours: weekends, holidays by name, closures."""
        day, last = (self._calendar.local(at).date() for at in (began, ended - 1))
        reasons: dict[str, None] = {}
        while day <= last:
            reasons.update(dict.fromkeys(self._reasons(day)))
            day += timedelta(days=1)
        return f"{CLOSED}: {', '.join(reasons)}" if reasons else CLOSED

    def _reasons(self, day: date) -> Iterator[str]:
        match self._calendar.rule_on(day):
            case "holiday":
                yield f"holiday {self._hours.holidays[day]}"
            case "closed":
                yield f"closure of {formatting.day(day)}"
            case "exception":
                if not self._hours.exceptions[day]:
                    yield f"closure of {formatting.day(day)}"
            case "hours":
                if not self._hours.hours.get(WEEKDAYS[day.weekday()]):
                    yield (
                        "weekend"
                        if day.weekday() >= 5
                        else f"no hours on {formatting.WEEKDAYS[day.weekday()]}"
                    )


def _line(began: int, ended: int, what: str, counted: int) -> ExplanationLine:
    return ExplanationLine(instant(began), instant(ended), what, counted, 0)


def _shortened(lines: list[ExplanationLine]) -> list[ExplanationLine]:
    """Return the lines with successive ordinary days, counted and closed in turn, joined into one."""
    short: list[ExplanationLine] = []
    for plain, run in groupby(lines, key=lambda line: line.what in (COUNTED, CLOSED)):
        found = list(run)
        openings = [number for number, line in enumerate(found) if line.what == COUNTED]
        if not plain or len(openings) < 2:
            short += found
            continue
        first, last = openings[0], openings[-1]
        one = replace(
            found[first],
            ended=found[last].ended,
            what=f"{COUNTED}, {len(openings)} openings",
            counted=sum(line.counted for line in found),
        )
        short += [*found[:first], one, *found[last + 1 :]]
    return short


def _totalled(lines: list[ExplanationLine], elapsed: int) -> list[ExplanationLine]:
    """Return the lines with running totals; a final line holds any difference from the verdict's own count."""
    total = 0
    totalled = []
    for line in lines:
        total += line.counted
        totalled.append(replace(line, total=total))
    if totalled and total != elapsed:
        end = totalled[-1].ended
        totalled.append(
            ExplanationLine(end, end, "as it was counted when it stopped", elapsed - total, elapsed)
        )
    return totalled
