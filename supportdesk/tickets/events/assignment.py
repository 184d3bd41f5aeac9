"""Events of ownership: assignment, claim, handover and escalation."""

from __future__ import annotations

from supportdesk.tickets.events.event import Event
from supportdesk.tickets.events.phrase import KEYS, Names, Phrase


class Assigned(Event, frozen=True, tag="assigned"):
    """The ticket went to a team, and to an owner where one is named; the owner has yet to accept."""

    team: str
    owner: str | None = None
    note: str = ""

    def phrase(self) -> Phrase:
        return self.named_phrase(KEYS)

    def named_phrase(self, names: Names) -> Phrase:
        team = names.policy_name("teams", self.team)
        recipient = f"{names.name(self.owner)} ({team})" if self.owner else team
        return Phrase("assigned", ("it", f"to {recipient}"), self.note)


class Claimed(Event, frozen=True, tag="claimed"):
    """An owner accepted the ticket. `elsewhere` is set where another system's record says so, not the owner.

    `moved` names the team that it left and the one that it came to, where the claim moved it to another.
    """

    owner: str
    team: str
    elsewhere: bool = False
    moved: tuple[str, str] | None = None

    def phrase(self) -> Phrase:
        if self.elsewhere:
            return Phrase("claimed", ("it, recorded elsewhere",), actor=self.owner)
        moved = f"it, moving it from {self.moved[0]} to {self.moved[1]}" if self.moved else "it"
        return Phrase("claimed", (moved,))


class HandedOver(Event, frozen=True, tag="handed over"):
    """The ticket went to a colleague, who has yet to accept it."""

    personal = ("note",)

    team: str
    owner: str
    name: str
    note: str

    def phrase(self) -> Phrase:
        return Phrase("handed", ("it over", f"to {self.name}"), self.note)


class HandedBack(Event, frozen=True, tag="handed back"):
    """The owner gave the ticket back to the team."""

    reason: str

    def phrase(self) -> Phrase:
        return Phrase("handed", ("it back",), self.reason)


class Escalated(Event, frozen=True, tag="escalated"):
    """The ticket was escalated: `functional` to a team, `hierarchical` to a rung (1 is the lowest) and its holder."""

    way: str
    to: str
    reason: str
    team: str | None = None
    rung: int = 0
    person: str | None = None

    def phrase(self) -> Phrase:
        person = f" ({self.person})" if self.person else ""
        return Phrase("escalated", (f"to {self.to}{person}",), self.reason)
