"""Attainment: the share of the targets settled in a month that were met, against the policy's own target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from supportdesk.reports.figure import Figure, Item, combine_figures
from supportdesk.reports.outcomes import Promise, TargetOutcome
from supportdesk.reports.periods import Period
from supportdesk.sla.clocks import ClockKind
from supportdesk.sla.policy import Policy


class Attainment(msgspec.Struct, frozen=True):
    """The targets of a month, for one severity and clock or for all. `target` is in percent."""

    target: int
    met: Figure
    missed: Figure
    running: Figure

    @property
    def settled(self) -> int:
        """How many targets were met or missed."""
        return self.met.value + self.missed.value

    @property
    def percent(self) -> int | None:
        """The share of targets met in whole percent, rounded down so that it never claims too much.

        None where nothing was settled.
        """
        return 100 * self.met.value // self.settled if self.settled else None

    @property
    def on_target(self) -> bool:
        """Whether the share reaches the target, as it does while nothing has been settled."""
        return self.percent is None or self.percent >= self.target

    @property
    def margin(self) -> int:
        """How many more targets may be missed before the month is; below zero, how many too many were.

        Running targets count as met in the month.
        """
        promised = self.settled + self.running.value
        return promised * (100 - self.target) // 100 - self.missed.value


class SeverityAttainment(msgspec.Struct, frozen=True):
    """The attainment of a severity's two clocks."""

    severity: str
    name: str
    response: Attainment
    resolution: Attainment


class MonthAttainment(msgspec.Struct, frozen=True):
    """The attainment of a month: overall, and by severity, the most severe first."""

    month: Period
    overall: Attainment
    severities: tuple[SeverityAttainment, ...]


def compute_attainment(settled: Iterable[Promise], policy: Policy, month: Period) -> MonthAttainment:
    """Return the attainment of a month; targets that were settled in another month are ignored.

    A severity that the policy no longer has counts only in the overall figures.
    """
    found: dict[tuple[str, ClockKind, TargetOutcome], list[Item]] = defaultdict(list)
    for promise in settled:
        if promise.outcome is TargetOutcome.RUNNING or promise.at in month:
            found[promise.basis.severity, promise.kind, promise.outcome].append(promise.item)

    def of(severity: str, kind: ClockKind) -> Attainment:
        figures = (Figure.of(found[severity, kind, outcome]) for outcome in TargetOutcome)
        return Attainment(policy.attainment_of(severity), *figures)

    severities = tuple(
        SeverityAttainment(
            each.key, each.name, of(each.key, ClockKind.RESPONSE), of(each.key, ClockKind.RESOLUTION)
        )
        for each in policy.severities
    )
    whole = (
        combine_figures(Figure(tuple(items)) for (*_, outcome), items in found.items() if outcome is wanted)
        for wanted in TargetOutcome
    )
    return MonthAttainment(month, Attainment(policy.attainment, *whole), severities)
