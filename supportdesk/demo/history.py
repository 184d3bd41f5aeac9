"""Scenarios of the demo's resolved and closed tickets over the last eight weeks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from supportdesk.demo import steps
from supportdesk.demo.scenarios import keep_promise
from supportdesk.demo.script import TicketScript
from supportdesk.tickets.process.linking import MarkDuplicate

OFFICE = "office"
_LATE_EVERY = 7
"""One ticket in this many missed a target."""


def resolved(script: TicketScript) -> None:
    """Resolved in the last four working days, and not confirmed yet."""
    _write_work(script, _choose_resolution(script, 0.5, 38.0))


def confirmed(script: TicketScript) -> None:
    """Closed after the customer confirmed."""
    at = _choose_resolution(script, 8.0, 95.0)
    _write_work(script, at)
    steps.confirm(script, _in_office(script, at, script.random.uniform(0.5, 7.5)))


def earlier(script: TicketScript) -> None:
    """Closed after the customer confirmed, in earlier weeks than all others."""
    at = _choose_resolution(script, 95.0, 385.0)
    _write_work(script, at)
    steps.confirm(script, _in_office(script, at, script.random.uniform(0.5, 7.5)))


def unanswered(script: TicketScript) -> None:
    """Closed by itself after five working days without an answer; if a fix is still to come, confirmed instead."""
    at = _choose_resolution(script, 56.0, 95.0)
    _write_work(script, at)
    end = _in_office(script, at, script.random.uniform(50.2, 55.0))
    releases = script.context.records.releases
    has_shipped = script.promised == releases.shipped and end > releases.shipped_at
    if script.promised is not None and not has_shipped:
        steps.confirm(script, end)


def withdrawn(script: TicketScript) -> None:
    """Withdrawn before it was resolved."""
    script.arrive_ago(script.random.uniform(4.0, 60.0))
    steps.claim(script, script.after(0.3))
    steps.withdraw(script, script.after(script.random.uniform(0.5, 2.5)))


def duplicate(script: TicketScript, original: TicketScript) -> None:
    """Another contact of the same customer reports the same problem a little later."""
    colleagues = [
        each for each in script.context.records.contacts if each.organisation == original.contact.organisation
    ]
    script.contact = next(each for each in colleagues if each != original.contact)
    script.texts = original.texts
    span = script.clock.calendar.between(original.steps[0].at, script.context.now).total_seconds() / 3600
    script.arrive_ago(0.8 * span, "email")
    logged = script.steps[-1].at
    noticed = max(logged, script.after(0.1 * span))
    script.do_with(noticed, script.agent(), original.number, MarkDuplicate)


CLOSED: tuple[tuple[Callable[[TicketScript], None], int], ...] = (
    (confirmed, 70),
    (unanswered, 20),
    (withdrawn, 10),
)
"""How tickets end, with weights in percent."""


def _choose_resolution(script: TicketScript, least: float, most: float) -> datetime:
    """Return an instant between `least` and `most` office hours ago; for a Critical, at any hour."""
    office = script.context.hours(OFFICE)
    if script.severity != "critical":
        return office.ago(script.random.uniform(least, most))
    earliest, latest = office.ago(most), office.ago(least)
    return earliest + (latest - earliest) * script.random.random()


def _in_office(script: TicketScript, start: datetime, hours: float) -> datetime:
    return script.context.hours(OFFICE).after(start, hours)


def _write_work(script: TicketScript, resolved_at: datetime) -> None:
    """Write the steps from receipt to the resolution at `resolved_at`."""
    random, target = script.random, script.resolution_hours
    late = script.number % _LATE_EVERY == 0
    if target:
        span = target * (random.uniform(1.03, 1.3) if late else random.uniform(0.2, 0.92))
        first_word = min(random.uniform(0.1, 0.8) * script.response_hours, 0.4 * span)
    elif late:
        span = random.uniform(1.2, 1.6) * script.response_hours
        first_word = random.uniform(1.03, 1.15) * script.response_hours
    else:
        span = random.uniform(6.0, 36.0)
        first_word = min(random.uniform(0.1, 0.8) * script.response_hours, 0.4 * span)
    script.arrive(script.clock.ago(span, before=resolved_at))
    steps.answer(script, script.after(first_word))
    steps.note(script, script.after(first_word + 0.2 * (span - first_word)))
    if random.random() < 0.3:
        steps.ask(script, script.after(first_word + 0.3 * (span - first_word)))
        steps.receive_answer(script, script.after(first_word + 0.5 * (span - first_word)))
    if random.random() < 0.2 and script.severity in ("high", "medium"):
        steps.to_next_line(script, script.after(first_word + 0.6 * (span - first_word)))
        script.owner = script.member("technical-support")
        steps.claim(script, script.after(first_word + 0.65 * (span - first_word)))
    keep_promise(script, first_word + 0.9 * (span - first_word))
    steps.resolve(script, resolved_at)
