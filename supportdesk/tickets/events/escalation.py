"""The event of a step of an escalation."""

from __future__ import annotations

from datetime import datetime

from supportdesk.tickets.events.event import Event
from supportdesk.tickets.events.phrase import KEYS, Names, Phrase

FIRED, SKIPPED, TOO_OLD = STEP_OUTCOMES = ("fired", "skipped", "too old")
"""What became of a step: it alerted people, found nobody, or was too late to help."""

_HEADINGS = {SKIPPED: "skipped a step", TOO_OLD: "alerted nobody"}
_VERBS = {"page": "escalated to", "notify": "notified", "reassign": "reassigned to"}


class StepTaken(Event, frozen=True, tag="step taken"):
    """A step of the ticket's escalation was due, and is recorded (rules 20 to 22).

    The ticket, `clock`, `cycle` and `step` are its key: it is recorded once. `description` says in words when it was
    due, `people` are the usernames of those alerted by `action`, and `reason` is why nobody was. `late` is set where it
    was recorded more than a moment after it was `due`. Each person paged has an event `Paged` beside it. A step of the
    housekeeping has an event of what it did beside it, and alerts nobody where it has no `people`.
    """

    clock: str
    cycle: int
    step: str
    outcome: str
    due: datetime
    action: str
    description: str
    people: tuple[str, ...] = ()
    reason: str = ""
    late: bool = False

    def phrase(self) -> Phrase:
        return self.named_phrase(KEYS)

    def named_phrase(self, names: Names) -> Phrase:
        late = f"; late, it was due on {names.local_time(self.due)}" if self.late else ""
        if self.outcome != FIRED:
            heading = f"{_HEADINGS.get(self.outcome, self.outcome)}: {self.description}"
            return Phrase("recorded", ("a step",), self.reason, remark=late, heading=heading)
        if not self.people:
            return Phrase("recorded", ("a step",), remark=late, heading=self.description)
        verb = _VERBS.get(self.action, self.action)
        people = ", ".join(map(names.name, self.people))
        return Phrase(verb, (people,), self.description, remark=late)
