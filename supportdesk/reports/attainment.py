"""Attainment: the share of the targets settled in a month that were met, against the policy's own target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from supportdesk.reports.figure import Figure, Item, combine_figures
from supportdesk.reports.outcomes import Promise, TargetOutcome
from supportdesk.reports.periods import Period
from supportdesk.sla.clocks import Kind
from supportdesk.sla.policy import Policy


class Attainment(msgspec.Struct, frozen=True):
    """The promises of a month, of one severity and clock or of all. `target` is in percent."""

    target: int
    met: Figure
    missed: Figure
    running: Figure

    @property
    def settled(self) -> int:
        """How many were kept or broken."""
        return self.met.value + self.missed.value

    @property
    def percent(self) -> int | None:
        """The share that was kept, rounded down so that it never claims more than there is; None where none settled."""
        return 100 * self.met.value // self.settled if self.settled else None

    @property
    def on_target(self) -> bool:
        """Whether what was asked for is attained; so it is while nothing has been settled."""
        return self.percent is None or self.percent >= self.target

    @property
    def margin(self) -> int:
        """How many more may be broken before the target is missed, or as a negative number how many too many were.

        The promises that still run are taken as settled in the month.
        """
        promised = self.settled + self.running.value
        return promised * (100 - self.target) // 100 - self.missed.value


class SeverityAttainment(msgspec.Struct, frozen=True):
    """The two promises of a severity."""

    severity: str
    name: str
    response: Attainment
    resolution: Attainment


class MonthAttainment(msgspec.Struct, frozen=True):
    """A month: everything together, and severity by severity, the highest first."""

    month: Period
    overall: Attainment
    severities: tuple[SeverityAttainment, ...]


def compute_attainment(settled: Iterable[Promise], policy: Policy, month: Period) -> MonthAttainment:
    """The attainment of a month; promises that were settled in another are passed over.

    A severity that the policy no longer has counts only in the whole.
    """
    found: dict[tuple[str, Kind, TargetOutcome], list[Item]] = defaultdict(list)
    for promise in settled:
        if promise.outcome is TargetOutcome.RUNNING or promise.at in month:
            found[promise.basis.severity, promise.kind, promise.outcome].append(promise.item)

    def of(severity: str, kind: Kind) -> Attainment:
        figures = (Figure.of(found[severity, kind, outcome]) for outcome in TargetOutcome)
        return Attainment(policy.attainment_of(severity), *figures)

    severities = tuple(
        SeverityAttainment(each.key, each.name, of(each.key, Kind.RESPONSE), of(each.key, Kind.RESOLUTION))
        for each in policy.severities
    )
    whole = (
        combine_figures(Figure(tuple(items)) for (*_, outcome), items in found.items() if outcome is wanted)
        for wanted in TargetOutcome
    )
    return MonthAttainment(month, Attainment(policy.attainment, *whole), severities)
