"""Events that change a target: another severity, another policy, another due time."""

from __future__ import annotations

from datetime import datetime

from supportdesk.sla.clocks import Basis, ClockKind
from supportdesk.tickets.events.event import Event
from supportdesk.tickets.events.phrase import KEYS, Names, Phrase

_BECAUSE = {"impact changed": "the impact has changed", "wrong at triage": "it was wrong at triage"}


class SeverityChanged(Event, frozen=True, tag="severity changed"):
    """The severity changed. `because` is `impact changed` or `wrong at triage` (rules 8 and 9).

    `response` and `resolution` are the clocks' new bases; None for a clock that had stopped and does not change.
    """

    was: str
    severity: str
    because: str
    reason: str
    response: Basis | None = None
    resolution: Basis | None = None

    def phrase(self) -> Phrase:
        return self.named_phrase(KEYS)

    def named_phrase(self, names: Names) -> Phrase:
        bases = (self.response, self.resolution)
        late = "; late when raised" if any(basis and basis.late_when_raised for basis in bases) else ""
        was, now = (names.policy_name("severities", each) for each in (self.was, self.severity))
        objects = (f"from {was}", f"to {now} ({_BECAUSE.get(self.because, self.because)})")
        heading = " ".join(("severity changed", *objects))
        return Phrase("changed", ("the severity", *objects), self.reason, remark=late, heading=heading)


class PolicyMoved(Event, frozen=True, tag="policy moved"):
    """The ticket moved to another version of the policy (rule 13).

    `response` and `resolution` hold the basis of a clock that had been breached, with its breach, or that the move
    breaches, with the instant of the move.
    """

    was: str
    policy: str
    response: Basis | None = None
    resolution: Basis | None = None

    def phrase(self) -> Phrase:
        objects = (f"from policy {self.was}", f"to {self.policy}")
        return Phrase("moved", ("it", *objects), heading=" ".join(("moved", *objects)))


class DueMoved(Event, frozen=True, tag="due moved"):
    """A due time moved without work on the ticket: a holiday, an extra opening, another policy (rule 12).

    `since` is set where that breached the clock: it is breached from then on, not from an earlier instant (rule 5).
    """

    kind: ClockKind
    was: datetime | None
    due: datetime | None
    reason: str
    since: datetime | None = None

    def phrase(self) -> Phrase:
        return self.named_phrase(KEYS)

    def named_phrase(self, names: Names) -> Phrase:
        was, due = (names.local_time(each) if each else "none" for each in (self.was, self.due))
        objects = (f"the {self.kind} due time", f"from {was}", f"to {due}")
        return Phrase(
            "moved", objects, self.reason, heading=f"{self.kind} due time moved from {was} to {due}"
        )
