"""Another promise from now on: another severity, another policy, another due time."""

from __future__ import annotations

from datetime import datetime

from supportdesk.sla.clocks import Basis, Kind
from supportdesk.tickets.events.event import Event


class SeverityChanged(Event, frozen=True, tag="severity changed"):
    """Another severity from now on. `because` is `impact changed` or `wrong at triage` (rules 8 and 9).

    `response` and `resolution` are the clocks' new bases; None where that clock had stopped and stays as it is.
    """

    was: str
    severity: str
    because: str
    reason: str
    response: Basis | None = None
    resolution: Basis | None = None

    def sentence(self) -> str:
        bases = (self.response, self.resolution)
        late = "; late when raised" if any(basis and basis.late_when_raised for basis in bases) else ""
        return f"severity {self.was} -> {self.severity}, {self.because}: {self.reason}{late}"


class PolicyMoved(Event, frozen=True, tag="policy moved"):
    """The ticket keeps another version of the policy from now on (rule 13).

    `response` and `resolution` hold the basis of a clock that had been breached, with its breach, or that the move
    breaches, with the moment of the move.
    """

    was: str
    policy: str
    response: Basis | None = None
    resolution: Basis | None = None

    def sentence(self) -> str:
        return f"moved from policy {self.was} to {self.policy}"


class DueMoved(Event, frozen=True, tag="due moved"):
    """A due time moved without work on the ticket: a holiday, an extra opening, another policy (rule 12).

    `since` is set where that breached the promise: it is breached from then on, not from an earlier moment (rule 5).
    """

    kind: Kind
    was: datetime | None
    due: datetime | None
    reason: str
    since: datetime | None = None

    def sentence(self) -> str:
        def told(at: datetime | None) -> str:
            return f"{at:%d %b %Y %H:%M} UTC" if at else "none"

        return f"{self.kind} due was {told(self.was)} -> is {told(self.due)}: {self.reason}"
