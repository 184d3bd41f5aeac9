"""Events of triage and paging."""

from __future__ import annotations

from datetime import datetime

from supportdesk.tickets.events.event import Event
from supportdesk.tickets.events.phrase import KEYS, Names, Phrase


class Logged(Event, frozen=True, tag="logged"):
    """A request was logged and got a reference.

    `overruled` is the reason why the severity differs from the answers to the policy's questions.
    """

    personal = ("summary", "description", "overruled")

    policy: str
    received_at: datetime
    channel: str
    severity: str
    summary: str
    description: str
    organisation: str
    contact: str
    team: str
    out_of_policy: tuple[str, ...] = ()
    source: str | None = None
    overruled: str = ""

    def phrase(self) -> Phrase:
        return self.named_phrase(KEYS)

    def named_phrase(self, names: Names) -> Phrase:
        overruled = f"; the policy's questions overruled: {self.overruled}" if self.overruled else ""
        flags = f"; out of policy: {'; '.join(self.out_of_policy)}" if self.out_of_policy else ""
        severity = names.policy_name("severities", self.severity)
        channel = names.policy_name("channels", self.channel)
        return Phrase("logged", ("it", f"as {severity}, by {channel}"), remark=f"{overruled}{flags}")


class Acknowledged(Event, frozen=True, tag="acknowledged"):
    """The request was checked against the policy and its receipt confirmed; triage is done."""

    def phrase(self) -> Phrase:
        return Phrase("acknowledged", ("the request",))


class Paged(Event, frozen=True, tag="paged"):
    """A person was paged. `person` is None when nobody was on call.

    With `beside`, the open pages of others stay open: those of neither `person` nor the actor. Without, as in events
    written before there were several, it takes the place of the open page.
    """

    person: str | None
    name: str
    telephone: str
    why: str
    beside: bool = False

    def phrase(self) -> Phrase:
        if self.person is None:
            return Phrase("paged", ("nobody",), self.why, heading="nobody paged")
        number = f" on {self.telephone}" if self.telephone else ""
        return Phrase("paged", (self.name,), self.why, heading=f"paged {self.name}{number}")


class PageShown(Event, frozen=True, tag="page shown"):
    """The open page to `person` was shown to them in a console. It does not say that they read it."""

    person: str

    def phrase(self) -> Phrase:
        return Phrase("was shown", ("the page",), heading="saw the page in the console")


class AcknowledgementExtended(Event, frozen=True, tag="acknowledgement extended"):
    """Somebody needs longer for what they acknowledged: it is valid as if it were given now."""

    reason: str

    def phrase(self) -> Phrase:
        return Phrase("extended", ("the acknowledgement",), self.reason)


class PageAcknowledged(Event, frozen=True, tag="page acknowledged"):
    """A page was acknowledged, and climbs no further (rule 17).

    `person` is the username of the person paged, `name` their name where somebody else acknowledged for them. Both are
    unset for a page that found nobody, and in events written before it was recorded whose page it was. `left` is set
    where nobody acknowledged it: it ended because the person paged has left (rule 18).
    """

    person: str | None = None
    name: str = ""
    left: bool = False

    def phrase(self) -> Phrase:
        if self.left:
            return Phrase("ended", (f"{self.name}'s page, as they have left",))
        if self.name:
            return Phrase("acknowledged", (f"{self.name}'s page",))
        return Phrase("acknowledged", ("the page",))
