"""Events at the end of a ticket: closure, reopening and links."""

from __future__ import annotations

from supportdesk.tickets.events.event import Event
from supportdesk.tickets.events.phrase import Phrase


class Closed(Event, frozen=True, tag="closed"):
    """The end: `confirmed` by the customer, `no answer`, `duplicate` or `withdrawn`."""

    reason: str
    text: str = ""

    def phrase(self) -> Phrase:
        return Phrase("closed", (f"it ({self.reason})",), self.text, heading=f"closed ({self.reason})")


class Reopened(Event, frozen=True, tag="reopened"):
    """The customer still has the problem; the same resolution clock continues (rule 10)."""

    reason: str

    def phrase(self) -> Phrase:
        return Phrase("reopened", ("it",), self.reason, heading="reopened")


class Linked(Event, frozen=True, tag="linked"):
    """Another ticket belongs to this one; see `ticket.Link` for the kinds."""

    kind: str
    ref: str

    def phrase(self) -> Phrase:
        if self.kind == "duplicate of":
            return Phrase("marked", ("it", f"as a duplicate of {self.ref}"))
        if self.kind == "duplicated by":
            return Phrase("marked", (self.ref, "as a duplicate of it"))
        return Phrase("linked", ("it", f"to {self.ref}"))
