"""What the open tickets of the demonstration are: each plot leads a clock to where it stands now, at any hour.

Shares are of a clock's target. A business clock is led there by open hours, so that it stands where it should on a
Sunday night too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from supportdesk.demo import steps
from supportdesk.demo.script import Script

Band = tuple[float, float]

OK: Band = (0.08, 0.62)
DUE_SOON: Band = (0.77, 0.87)
AT_RISK: Band = (0.915, 0.96)
BREACHED: Band = (1.03, 1.3)
LAST_MINUTES: Band = (0.92, 0.935)
JUST_BREACHED: Band = (1.02, 1.04)

DEED: Band = (5.0, 55.0)
"""How many open hours ago a request arrived whose promise is a deed."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A severity, and how a script of it is written."""

    severity: str
    write: Callable[[Script], None]


def unanswered(
    script: Script, share: Band, *, offered: bool = False, channel: str = "", asks: str = ""
) -> None:
    """Nobody has spoken to the customer yet; either nobody has looked, or somebody was given it."""
    span = script.random.uniform(*share) * script.response_hours
    script.arrive_ago(span, channel, asks=asks)
    if offered:
        steps.acknowledge(script, script.after(0.3 * span))
        steps.offer(script, script.after(0.4 * span))


def acknowledged(script: Script, share: Band) -> None:
    """The page has reached the engineer, and the customer waits for a word."""
    span = script.random.uniform(*share) * script.response_hours
    script.arrive_ago(span)
    steps.acknowledge(script, script.after(0.2 * span))


def in_work(script: Script, share: Band, *, mine: bool = False, supplier: bool = False) -> None:
    """The owner works against the resolution clock."""
    span = _answered(script, script.random.uniform(*share) * script.resolution_hours, mine=mine)
    steps.note(script, script.after(0.5 * span))
    steps.progress(script, script.after(0.7 * span))
    if supplier:
        steps.wait_for_supplier(script, script.after(0.8 * span))


def _answered(script: Script, span: float, *, mine: bool = False) -> float:
    """The request arrived `span` open hours ago, and the owner has answered in time."""
    if mine:
        script.mine()
    script.arrive_ago(span)
    first_word = min(0.25 * span, script.random.uniform(0.15, 0.7) * script.response_hours)
    if script.random.random() < 0.5:
        steps.claim(script, script.after(first_word / 2))
    steps.answer(script, script.after(first_word))
    return span


def escalated(script: Script, share: Band) -> None:
    """Both ladders: to the next line, where it was taken, and then to the support manager, who knows."""
    span = _answered(script, script.random.uniform(*share) * script.resolution_hours)
    steps.note(script, script.after(0.35 * span))
    steps.to_next_line(script, script.after(0.45 * span))
    script.owner = script.member("technical-support")
    steps.claim(script, script.after(0.5 * span))
    steps.to_manager(script, script.after(0.85 * span))
    steps.take_notice(script, script.after(0.9 * span))


def escalated_twice(script: Script, share: Band) -> None:
    """Up to the head of support, whom nobody has reached yet."""
    span = script.random.uniform(*share) * script.resolution_hours
    script.owner = script.world.duty(script.clock.ago(span))
    _answered(script, span)
    steps.note(script, script.after(0.3 * span))
    steps.to_manager(script, script.after(0.75 * span))
    steps.take_notice(script, script.after(0.8 * span))
    steps.progress(script, script.after(0.9 * span))
    steps.to_manager(script, script.after(0.985 * span))


def with_development(script: Script, share: Band) -> None:
    """It went to the next line, and nobody there has taken it."""
    span = _answered(script, script.random.uniform(*share) * script.resolution_hours)
    steps.note(script, script.after(0.6 * span))
    steps.to_next_line(script, script.after(0.8 * span))


def paused(script: Script, *, mine: bool = False) -> None:
    """The clock stands while the customer is asked."""
    span = _answered(script, script.random.uniform(0.4, 0.9) * script.resolution_hours, mine=mine)
    steps.ask(script, script.after(script.random.uniform(0.4, 0.7) * span))


def handed_back(script: Script, share: Band) -> None:
    """Answered, and then given back: nobody owns it."""
    span = _answered(script, script.random.uniform(*share) * script.resolution_hours)
    steps.note(script, script.after(0.5 * span))
    steps.hand_back(script, script.after(0.8 * span))


def reopened(script: Script) -> None:
    """Resolved once, and not for good."""
    span = _answered(script, script.random.uniform(0.7, 1.2) * (script.resolution_hours or 30.0))
    keep_promise(script, 0.4 * span)
    steps.resolve(script, script.after(0.45 * span))
    steps.reopen(script, script.after(0.8 * span))


def raised(script: Script, severity: str) -> None:
    """It grew graver while it was worked: the new target runs from then."""
    span = script.random.uniform(6.0, 9.0)
    _answered(script, span)
    steps.grow_graver(script, script.after(0.6 * span), severity)


def misjudged(script: Script, severity: str) -> None:
    """Taken for less at triage, and too late already when that was seen."""
    span = script.random.uniform(5.0, 7.0)
    script.arrive_ago(span)
    steps.acknowledge(script, script.after(0.1 * span))
    steps.correct(script, script.after(0.9 * span), severity, "misjudged")


def lowered(script: Script, severity: str) -> None:
    """Not as grave as it was taken for."""
    span = _answered(script, script.random.uniform(0.3, 0.6) * script.resolution_hours)
    steps.correct(script, script.after(0.5 * span), severity, "lesser")


def at_deed(script: Script, *, mine: bool = False) -> None:
    """Answered; the deed that the severity promises is still to do."""
    span = _answered(script, script.random.uniform(*DEED), mine=mine)
    steps.note(script, script.after(0.5 * span))


def asked(script: Script, *, mine: bool = False, chased: bool = False) -> None:
    """Waits on the customer, on a promise that has no time."""
    span = _answered(script, script.random.uniform(12.0, 45.0), mine=mine)
    steps.ask(script, script.after(0.4 * span))
    if chased:
        steps.chase(script, script.after(0.8 * span))


def with_supplier(script: Script) -> None:
    """Waits on a third party."""
    span = _answered(script, script.random.uniform(*DEED))
    steps.wait_for_supplier(script, script.after(0.6 * span))


def promised(script: Script, *, mine: bool = False, waits: bool = False) -> None:
    """A fix is promised in a release to come; the workaround is still missing."""
    span = _answered(script, script.random.uniform(*DEED), mine=mine)
    steps.promise(script, script.after(0.7 * span), script.world.cast.releases.following)
    if waits:
        steps.wait_for_release(script, script.after(0.75 * span))


def promise_moved(script: Script) -> None:
    """The release that holds the promised fix has moved."""
    span = _answered(script, script.random.uniform(20.0, 45.0))
    steps.promise(script, script.after(0.5 * span), script.world.cast.releases.moved)


def promise_broken(script: Script) -> None:
    """The release that holds the promised fix is overdue."""
    span = _answered(script, script.random.uniform(40.0, 55.0))
    steps.promise(script, script.after(0.4 * span), script.world.cast.releases.overdue)


def keep_promise(script: Script, hours: float) -> None:
    """The deeds by which the severity's promise is kept, but for the word that it is resolved."""
    at = script.after(hours)
    if script.severity in ("critical", "high"):
        steps.progress(script, at)
    elif script.severity == "change":
        steps.record_contact(script, at)
    elif script.telling.story.article:
        steps.link_article(script, at)
    else:
        steps.propose_workaround(script, at)
        releases = script.world.cast.releases
        steps.promise(script, at, releases.shipped if at < releases.shipped_at else releases.following)


def _plots(severity: str, *writes: Callable[[Script], None]) -> list[Scenario]:
    return [Scenario(severity, write) for write in writes]


_CRITICAL = _plots(
    "critical",
    partial(escalated_twice, share=JUST_BREACHED),
    partial(acknowledged, share=LAST_MINUTES),
    partial(paused),
    partial(in_work, share=DUE_SOON, mine=True, supplier=True),
    partial(unanswered, share=OK, channel="email"),
)
_HIGH = _plots(
    "high",
    partial(unanswered, share=DUE_SOON, offered=True),
    partial(escalated, share=BREACHED),
    partial(in_work, share=AT_RISK, mine=True),
    partial(paused, mine=True),
    partial(unanswered, share=OK),
    partial(reopened),
    partial(in_work, share=OK),
    partial(unanswered, share=BREACHED),
    partial(handed_back, share=OK),
    partial(with_development, share=DUE_SOON),
    partial(in_work, share=OK, supplier=True),
    partial(unanswered, share=AT_RISK),
    partial(paused),
    partial(unanswered, share=OK, channel="phone", asks="other"),
)
_MEDIUM = _plots(
    "medium",
    partial(promise_broken),
    partial(at_deed, mine=True),
    partial(promised, waits=True),
    partial(asked),
    partial(unanswered, share=OK),
    partial(promise_moved),
    partial(unanswered, share=DUE_SOON),
    partial(with_supplier),
    partial(raised, severity="high"),
    partial(misjudged, severity="high"),
    partial(promised, mine=True),
    partial(unanswered, share=AT_RISK),
    partial(reopened),
    partial(at_deed),
    partial(unanswered, share=OK, offered=True),
    partial(asked, chased=True),
    partial(unanswered, share=BREACHED),
    partial(promised),
    partial(unanswered, share=OK),
    partial(at_deed),
)
_LOW = _plots(
    "low",
    partial(unanswered, share=OK, channel="phone"),
    partial(promised),
    partial(unanswered, share=OK),
    partial(at_deed, mine=True),
    partial(unanswered, share=DUE_SOON),
    partial(asked),
    partial(unanswered, share=OK, offered=True),
    partial(promise_moved),
    partial(unanswered, share=AT_RISK),
    partial(at_deed),
    partial(unanswered, share=OK),
    partial(unanswered, share=BREACHED),
)
_CHANGE = _plots(
    "change",
    partial(unanswered, share=OK),
    partial(at_deed),
    partial(asked),
    partial(unanswered, share=DUE_SOON),
    partial(at_deed),
    partial(unanswered, share=OK, offered=True),
    partial(at_deed),
    partial(unanswered, share=AT_RISK),
)
_LOWERED = Scenario("high", partial(lowered, severity="medium"))

OPEN: tuple[Scenario, ...] = (*_CRITICAL, *_HIGH, *_MEDIUM, *_LOW, *_CHANGE, _LOWERED)
"""The open tickets of a desk of ordinary size: every severity, stage and state."""

USUAL: dict[str, tuple[Scenario, ...]] = {
    "critical": (Scenario("critical", partial(in_work, share=OK)), Scenario("critical", paused)),
    "high": tuple(_HIGH),
    "medium": tuple(_MEDIUM),
    "low": tuple(_LOW),
    "change": tuple(_CHANGE),
}
WEIGHTS = {"critical": 1, "high": 18, "medium": 44, "low": 23, "change": 14}
"""What a larger desk has more of, by severity."""
