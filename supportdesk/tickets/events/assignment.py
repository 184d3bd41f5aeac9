"""Who has the ticket: it was given, taken, handed on, or went up."""

from __future__ import annotations

from supportdesk.tickets.events.event import Event


class Assigned(Event, frozen=True, tag="assigned"):
    """The ticket went to a team, and to an owner where one is named; the owner has yet to accept."""

    team: str
    owner: str | None = None
    note: str = ""

    def sentence(self) -> str:
        whom = f"{self.owner} ({self.team})" if self.owner else self.team
        return f"assigned it to {whom}" + (f": {self.note}" if self.note else "")


class Claimed(Event, frozen=True, tag="claimed"):
    """An owner accepted the ticket. `elsewhere` is set where another system's record says so, not the owner.

    `moved` names the team that it left and the one that it came to, where the claim moved it to another.
    """

    owner: str
    team: str
    elsewhere: bool = False
    moved: tuple[str, str] | None = None

    def sentence(self) -> str:
        if self.elsewhere:
            return f"{self.owner} took it, recorded elsewhere"
        return f"took it, moving it from {self.moved[0]} to {self.moved[1]}" if self.moved else "took it"


class HandedOver(Event, frozen=True, tag="handed over"):
    """The ticket went to a colleague, who has yet to accept it."""

    personal = ("note",)

    team: str
    owner: str
    name: str
    note: str

    def sentence(self) -> str:
        return f"handed it over to {self.name}: {self.note}"


class HandedBack(Event, frozen=True, tag="handed back"):
    """The owner gave the ticket back to the team."""

    reason: str

    def sentence(self) -> str:
        return f"handed it back: {self.reason}"


class Escalated(Event, frozen=True, tag="escalated"):
    """The ticket went up: `functional` to a team, `hierarchical` to a rung (1 is the lowest) and who holds it."""

    way: str
    to: str
    reason: str
    team: str | None = None
    rung: int = 0
    person: str | None = None

    def sentence(self) -> str:
        who = f" ({self.person})" if self.person else ""
        return f"escalated to {self.to}{who}: {self.reason}"
