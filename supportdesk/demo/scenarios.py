"""Scenarios of the demo's open tickets: each brings a clock to a chosen state at present, whatever the time of day.

Shares are of a clock's target. They are converted to open hours, so that the clocks are right on a Sunday night, too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec

from supportdesk.demo import steps
from supportdesk.demo.script import TicketScript

Band = tuple[float, float]

OK: Band = (0.08, 0.62)
DUE_SOON: Band = (0.77, 0.87)
AT_RISK: Band = (0.915, 0.96)
BREACHED: Band = (1.03, 1.3)
LAST_MINUTES: Band = (0.92, 0.935)
JUST_BREACHED: Band = (1.02, 1.04)
FRESH: Band = (0.02, 0.03)

TIMELESS: Band = (5.0, 55.0)
"""The age, in open hours, of requests whose severity has no time limit."""


class Scenario(msgspec.Struct, frozen=True):
    """A severity and the function that writes its script."""

    severity: str
    write: Callable[[TicketScript], None]


def waiting_for_response(
    script: TicketScript, share: Band, *, offered: bool = False, channel: str = "", asks: str = ""
) -> None:
    """Without a response yet: unassigned, or with `offered` assigned and not accepted."""
    span = script.random.uniform(*share) * script.response_hours
    script.arrive_ago(span, channel, asks=asks)
    if offered:
        steps.acknowledge(script, script.after(0.3 * span))
        steps.offer(script, script.after(0.4 * span))


def extended(script: TicketScript, share: Band) -> None:
    """The page is acknowledged, which is extended with reasons, and the customer has no response yet."""
    span = script.random.uniform(*share) * script.response_hours
    script.arrive_ago(span)
    for place, part in enumerate((0.42, 0.72, 0.9)):
        steps.extend_acknowledgement(script, script.after(part * span), place)


def paged(script: TicketScript, share: Band) -> None:
    """Just logged: the engineer on call is paged, and has not acknowledged."""
    script.is_silent = True
    waiting_for_response(script, share, channel="email")


def in_work(script: TicketScript, share: Band, *, mine: bool = False, supplier: bool = False) -> None:
    """The customer has a response, and the resolution clock runs."""
    span = _answered(script, script.random.uniform(*share) * script.resolution_hours, mine=mine)
    steps.note(script, script.after(0.5 * span))
    steps.progress(script, script.after(0.7 * span))
    if supplier:
        steps.wait_for_supplier(script, script.after(0.8 * span))


def _answered(script: TicketScript, span: float, *, mine: bool = False) -> float:
    """Receive the request `span` open hours ago and respond in time. Returns `span`."""
    if mine:
        script.mine()
    script.arrive_ago(span)
    first_word = min(0.25 * span, script.random.uniform(0.15, 0.7) * script.response_hours)
    if script.random.random() < 0.5:
        steps.claim(script, script.after(first_word / 2))
    steps.answer(script, script.after(first_word))
    return span


def escalated(script: TicketScript, share: Band) -> None:
    """Escalated to the next line, claimed there, and then escalated to the support manager, who acknowledged.

    The first step of its ladder is recorded late.
    """
    script.is_late = True
    span = _answered(script, script.random.uniform(*share) * script.resolution_hours)
    steps.note(script, script.after(0.35 * span))
    steps.to_next_line(script, script.after(0.45 * span))
    script.owner = script.member("technical-support")
    steps.claim(script, script.after(0.5 * span))
    steps.to_manager(script, script.after(0.85 * span))
    steps.acknowledge_as_manager(script, script.after(0.9 * span))


def escalated_twice(script: TicketScript, share: Band) -> None:
    """Escalated up to the head of support, who has not acknowledged yet."""
    span = script.random.uniform(*share) * script.resolution_hours
    script.owner = script.context.duty(script.clock.ago(span))
    _answered(script, span)
    steps.note(script, script.after(0.3 * span))
    steps.to_manager(script, script.after(0.75 * span))
    steps.acknowledge_as_manager(script, script.after(0.8 * span))
    steps.progress(script, script.after(0.9 * span))
    steps.to_manager(script, script.after(0.985 * span))


def with_development(script: TicketScript, share: Band) -> None:
    """Escalated to the next line, and not claimed there."""
    span = _answered(script, script.random.uniform(*share) * script.resolution_hours)
    steps.note(script, script.after(0.6 * span))
    steps.to_next_line(script, script.after(0.8 * span))


def paused(script: TicketScript, *, mine: bool = False) -> None:
    """On hold for the customer."""
    span = _answered(script, script.random.uniform(0.4, 0.9) * script.resolution_hours, mine=mine)
    steps.ask(script, script.after(script.random.uniform(0.4, 0.7) * span))


def handed_back(script: TicketScript, share: Band) -> None:
    """Responded to, then handed back: unassigned."""
    span = _answered(script, script.random.uniform(*share) * script.resolution_hours)
    steps.note(script, script.after(0.5 * span))
    steps.hand_back(script, script.after(0.8 * span))


def reopened(script: TicketScript) -> None:
    """Resolved and reopened, as the problem returned."""
    span = _answered(script, script.random.uniform(0.7, 1.2) * (script.resolution_hours or 30.0))
    keep_promise(script, 0.4 * span)
    steps.resolve(script, script.after(0.45 * span))
    steps.reopen(script, script.after(0.8 * span))


def raised(script: TicketScript, severity: str) -> None:
    """The severity was raised during work: the new target runs from then."""
    span = script.random.uniform(6.0, 9.0)
    _answered(script, span)
    steps.raise_severity(script, script.after(0.6 * span), severity)


def misjudged(script: TicketScript, severity: str) -> None:
    """The severity was too low at triage, and already late when that was corrected."""
    span = script.random.uniform(5.0, 7.0)
    script.arrive_ago(span)
    steps.acknowledge(script, script.after(0.1 * span))
    steps.correct(script, script.after(0.9 * span), severity, "misjudged")


def lowered(script: TicketScript, severity: str) -> None:
    """The severity was lowered during work."""
    span = _answered(script, script.random.uniform(0.3, 0.6) * script.resolution_hours)
    steps.correct(script, script.after(0.5 * span), severity, "lesser")


def in_work_timeless(script: TicketScript, *, mine: bool = False) -> None:
    """Responded to; what the severity needs, which has no time limit, is still missing."""
    span = _answered(script, script.random.uniform(*TIMELESS), mine=mine)
    steps.note(script, script.after(0.5 * span))


def waiting_for_customer(script: TicketScript, *, mine: bool = False, chased: bool = False) -> None:
    """On hold for the customer, without a target time."""
    span = _answered(script, script.random.uniform(12.0, 45.0), mine=mine)
    steps.ask(script, script.after(0.4 * span))
    if chased:
        steps.chase(script, script.after(0.8 * span))


def with_supplier(script: TicketScript) -> None:
    """On hold for a third party."""
    span = _answered(script, script.random.uniform(*TIMELESS))
    steps.wait_for_supplier(script, script.after(0.6 * span))


def promised(script: TicketScript, *, mine: bool = False, waits: bool = False) -> None:
    """A fix is promised for a coming release; the workaround is still missing."""
    span = _answered(script, script.random.uniform(*TIMELESS), mine=mine)
    steps.promise(script, script.after(0.7 * span), script.context.records.releases.following)
    if waits:
        steps.wait_for_release(script, script.after(0.75 * span))


def promise_moved(script: TicketScript) -> None:
    """The release with the promised fix has moved."""
    span = _answered(script, script.random.uniform(20.0, 45.0))
    steps.promise(script, script.after(0.5 * span), script.context.records.releases.moved)


def promise_broken(script: TicketScript) -> None:
    """The release with the promised fix is overdue."""
    span = _answered(script, script.random.uniform(40.0, 55.0))
    steps.promise(script, script.after(0.4 * span), script.context.records.releases.overdue)


def keep_promise(script: TicketScript, hours: float) -> None:
    """Take the steps of the severity's resolution, except for resolving the ticket."""
    at = script.after(hours)
    if script.severity in ("critical", "high"):
        steps.progress(script, at)
    elif script.severity == "change":
        steps.record_contact(script, at)
    elif script.texts.story.article:
        steps.link_article(script, at)
    else:
        steps.propose_workaround(script, at)
        releases = script.context.records.releases
        steps.promise(script, at, releases.shipped if at < releases.shipped_at else releases.following)


def _scenarios(severity: str, *writes: Callable[[TicketScript], None]) -> list[Scenario]:
    return [Scenario(severity, write) for write in writes]


_CRITICAL = _scenarios(
    "critical",
    partial(escalated_twice, share=JUST_BREACHED),
    partial(extended, share=LAST_MINUTES),
    partial(paused),
    partial(in_work, share=DUE_SOON, mine=True, supplier=True),
    partial(paged, share=FRESH),
)
_HIGH = _scenarios(
    "high",
    partial(waiting_for_response, share=DUE_SOON, offered=True),
    partial(escalated, share=BREACHED),
    partial(in_work, share=AT_RISK, mine=True),
    partial(paused, mine=True),
    partial(waiting_for_response, share=OK),
    partial(reopened),
    partial(in_work, share=OK),
    partial(waiting_for_response, share=BREACHED),
    partial(handed_back, share=OK),
    partial(with_development, share=DUE_SOON),
    partial(in_work, share=OK, supplier=True),
    partial(waiting_for_response, share=AT_RISK),
    partial(paused),
    partial(waiting_for_response, share=OK, channel="phone", asks="other"),
)
_MEDIUM = _scenarios(
    "medium",
    partial(promise_broken),
    partial(in_work_timeless, mine=True),
    partial(promised, waits=True),
    partial(waiting_for_customer),
    partial(waiting_for_response, share=OK),
    partial(promise_moved),
    partial(waiting_for_response, share=DUE_SOON),
    partial(with_supplier),
    partial(raised, severity="high"),
    partial(misjudged, severity="high"),
    partial(promised, mine=True),
    partial(waiting_for_response, share=AT_RISK),
    partial(reopened),
    partial(in_work_timeless),
    partial(waiting_for_response, share=OK, offered=True),
    partial(waiting_for_customer, chased=True),
    partial(waiting_for_response, share=BREACHED),
    partial(promised),
    partial(waiting_for_response, share=OK),
    partial(in_work_timeless),
)
_LOW = _scenarios(
    "low",
    partial(waiting_for_response, share=OK, channel="phone"),
    partial(promised),
    partial(waiting_for_response, share=OK),
    partial(in_work_timeless, mine=True),
    partial(waiting_for_response, share=DUE_SOON),
    partial(waiting_for_customer),
    partial(waiting_for_response, share=OK, offered=True),
    partial(promise_moved),
    partial(waiting_for_response, share=AT_RISK),
    partial(in_work_timeless),
    partial(waiting_for_response, share=OK),
    partial(waiting_for_response, share=BREACHED),
)
_CHANGE = _scenarios(
    "change",
    partial(waiting_for_response, share=OK),
    partial(in_work_timeless),
    partial(waiting_for_customer),
    partial(waiting_for_response, share=DUE_SOON),
    partial(in_work_timeless),
    partial(waiting_for_response, share=OK, offered=True),
    partial(in_work_timeless),
    partial(waiting_for_response, share=AT_RISK),
)
_LOWERED = Scenario("high", partial(lowered, severity="medium"))

OPEN: tuple[Scenario, ...] = (*_CRITICAL, *_HIGH, *_MEDIUM, *_LOW, *_CHANGE, _LOWERED)
"""The open tickets of an ordinary desk: every severity, stage and state."""

USUAL: dict[str, tuple[Scenario, ...]] = {
    "critical": (Scenario("critical", partial(in_work, share=OK)), Scenario("critical", paused)),
    "high": tuple(_HIGH),
    "medium": tuple(_MEDIUM),
    "low": tuple(_LOW),
    "change": tuple(_CHANGE),
}
WEIGHTS = {"critical": 1, "high": 18, "medium": 44, "low": 23, "change": 14}
"""Weights of the severities for the further tickets of a larger desk."""
