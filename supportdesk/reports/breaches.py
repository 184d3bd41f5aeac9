"""The breaches of a month, by cause and by owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from supportdesk.reports.causes import Cause, explain_breach
from supportdesk.reports.figure import Figure, Item
from supportdesk.reports.outcomes import Promise, TargetOutcome
from supportdesk.reports.periods import Period
from supportdesk.sla.policy import Policy


class BreachOwner(msgspec.Struct, frozen=True):
    """The owner of a breached ticket: a member of staff by username, or a team by key where it was unassigned."""

    team: str
    owner: str | None


class Breaches(msgspec.Struct, frozen=True):
    """The breaches of a month: each once in `causes` and once in `owners`, the most frequent first."""

    causes: tuple[tuple[Cause, Figure], ...]
    owners: tuple[tuple[BreachOwner, Figure], ...]


def list_breaches(settled: Iterable[Promise], policies: Mapping[str, Policy], month: Period) -> Breaches:
    """Return the breaches of a month by cause and by owner."""
    causes: dict[Cause, list[Item]] = defaultdict(list)
    owners: dict[BreachOwner, list[Item]] = defaultdict(list)
    for promise in settled:
        if promise.outcome is TargetOutcome.MISSED and promise.at in month:
            explained = explain_breach(promise, policies[promise.history.ticket.policy])
            causes[explained.cause].append(promise.item)
            # An owner's breaches count for the owner in every team; a team's only while unassigned.
            owners[BreachOwner("" if explained.owner else explained.team, explained.owner)].append(
                promise.item
            )
    order = list(Cause)
    by_cause = sorted(causes.items(), key=lambda each: (-len(each[1]), order.index(each[0])))
    by_holder = sorted(owners.items(), key=lambda each: (-len(each[1]), each[0].owner or "", each[0].team))
    return Breaches(
        tuple((cause, Figure.of(items)) for cause, items in by_cause),
        tuple((owner, Figure.of(items)) for owner, items in by_holder),
    )
