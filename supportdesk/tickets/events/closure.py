"""The end of a ticket, what comes back, and what belongs together."""

from __future__ import annotations

from supportdesk.tickets.events.event import Event


class Closed(Event, frozen=True, tag="closed"):
    """The end: `confirmed` by the customer, `no answer`, `duplicate` or `withdrawn`."""

    reason: str
    text: str = ""

    def sentence(self) -> str:
        return f"closed, {self.reason}" + (f": {self.text}" if self.text else "")


class Reopened(Event, frozen=True, tag="reopened"):
    """The customer is not helped after all; the same resolution clock goes on (rule 10)."""

    reason: str

    def sentence(self) -> str:
        return f"reopened: {self.reason}"


class Linked(Event, frozen=True, tag="linked"):
    """Another ticket belongs to this one; see `ticket.Link` for the kinds."""

    kind: str
    ref: str

    def sentence(self) -> str:
        return f"{self.kind} {self.ref}" if self.kind != "related" else f"related to {self.ref}"
