"""What can have happened to a ticket. An event is a fact: it is written once, never changed, and read back for ever.

The tag of an event is its name in the ledger and must not change. `sentence` is its line on the timeline, without the
actor, whose name stands before it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import msgspec

from supportdesk.sla.clocks import Basis, Kind, Verdict
from supportdesk.tickets.former import Former


class Event(msgspec.Struct, frozen=True, tag_field="event", omit_defaults=True):
    """Base of all events. `personal` names the fields that hold a person's words or details."""

    personal: ClassVar[tuple[str, ...]] = ()

    def sentence(self) -> str:
        """What happened, as the timeline tells it after the actor's name."""
        raise NotImplementedError


class Logged(Event, frozen=True, tag="logged"):
    """A request came in and has a reference.

    `overruled` is why the severity is another one than the policy's questions lead to.
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

    def sentence(self) -> str:
        overruled = f"; the policy's questions overruled: {self.overruled}" if self.overruled else ""
        flags = f"; out of policy: {'; '.join(self.out_of_policy)}" if self.out_of_policy else ""
        return f"logged it as {self.severity}, by {self.channel}{overruled}{flags}"


class Acknowledged(Event, frozen=True, tag="acknowledged"):
    """The request was checked against the policy and its receipt confirmed; triage is done."""

    def sentence(self) -> str:
        return "acknowledged the request"


class Paged(Event, frozen=True, tag="paged"):
    """Somebody is to be told at once. `person` is None when nobody holds the duty."""

    person: str | None
    name: str
    telephone: str
    why: str

    def sentence(self) -> str:
        if self.person is None:
            return f"found nobody to tell: {self.why}"
        reach = f" on {self.telephone}" if self.telephone else ""
        return f"{self.name} is to be told{reach}: {self.why}"


class PageAcknowledged(Event, frozen=True, tag="page acknowledged"):
    """A person has taken notice; the climb stops."""

    def sentence(self) -> str:
        return "acknowledged the page"


class Assigned(Event, frozen=True, tag="assigned"):
    """The ticket went to a team, and to an owner where one is named; the owner has yet to accept."""

    team: str
    owner: str | None = None
    note: str = ""

    def sentence(self) -> str:
        whom = f"{self.owner} ({self.team})" if self.owner else self.team
        return f"assigned it to {whom}" + (f": {self.note}" if self.note else "")


class Claimed(Event, frozen=True, tag="claimed"):
    """An owner accepted the ticket. `elsewhere` is set where another system's record says so, not the owner."""

    owner: str
    team: str
    elsewhere: bool = False

    def sentence(self) -> str:
        return f"{self.owner} took it, recorded elsewhere" if self.elsewhere else "took it"


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


class Replied(Event, frozen=True, tag="replied"):
    """A person wrote to the customer or spoke with them (`by` is `message` or `telephone`)."""

    personal = ("text",)

    text: str
    by: str = "message"

    def sentence(self) -> str:
        return f"to customer{' by telephone' if self.by == 'telephone' else ''}: {self.text}"


class Called(Event, frozen=True, tag="called"):
    """The customer rang about the ticket. `stands` says that it was resolved, and a call alone does not reopen it."""

    personal = ("name", "text")

    contact: str
    name: str
    text: str
    stands: bool = False

    def sentence(self) -> str:
        stands = " (it stays resolved)" if self.stands else ""
        return f"took a call from {self.name}{stands}: {self.text}"


class Noted(Event, frozen=True, tag="noted"):
    """An internal note."""

    personal = ("text",)

    text: str

    def sentence(self) -> str:
        return f"note: {self.text}"


class WaitBegan(Event, frozen=True, tag="wait began"):
    """The ticket waits, on `customer`, `third party` or `release`."""

    on: str
    reason: str = ""

    def sentence(self) -> str:
        return f"waits on the {self.on}" + (f": {self.reason}" if self.reason else "")


class WaitEnded(Event, frozen=True, tag="wait ended"):
    """Work goes on."""

    reason: str = ""

    def sentence(self) -> str:
        return "work goes on" + (f": {self.reason}" if self.reason else "")


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


class WorkaroundProposed(Event, frozen=True, tag="workaround proposed"):
    """The customer was given a way to work on without the fix."""

    personal = ("text",)

    text: str

    def sentence(self) -> str:
        return f"workaround: {self.text}"


class FixPromised(Event, frozen=True, tag="fix promised"):
    """A fix was promised in a release (rule 5). `broken_since` is set where it replaces a promise already broken."""

    release: str
    day: date
    broken_since: datetime | None = None

    def sentence(self) -> str:
        return f"promised a fix in {self.release}, {self.day:%d %b %Y}"


class FixDateMoved(Event, frozen=True, tag="fix date moved"):
    """The release that holds the promised fix moved. `broken_since` is set where it had passed unshipped before."""

    release: str
    was: date
    day: date
    broken_since: datetime | None = None

    def sentence(self) -> str:
        return f"fix date of {self.release} was {self.was:%d %b %Y} -> is {self.day:%d %b %Y}"


class FixShipped(Event, frozen=True, tag="fix shipped"):
    """The release that holds the promised fix is out, since `shipped_at`, or since this was told where that is None."""

    release: str
    shipped_at: datetime | None = None

    def sentence(self) -> str:
        since = f" since {self.shipped_at:%d %b %Y %H:%M} UTC" if self.shipped_at else ""
        return f"the fix is out in {self.release}{since}"


class ArticleLinked(Event, frozen=True, tag="article linked"):
    """An article answers this ticket, in full or in part."""

    article: str
    title: str

    def sentence(self) -> str:
        return f"article {self.article}: {self.title}"


class AccountManagerContacted(Event, frozen=True, tag="account manager contacted"):
    """The account manager spoke with the customer about the next steps."""

    personal = ("text",)

    manager: str
    text: str

    def sentence(self) -> str:
        return f"{self.manager} discussed the next steps with the customer: {self.text}"


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


class ClockStopped(Event, frozen=True, tag="clock stopped"):
    """A clock stopped and its verdict is frozen."""

    kind: Kind
    verdict: Verdict

    def sentence(self) -> str:
        return f"{self.kind} {self.verdict.state}"


class Resolved(Event, frozen=True, tag="resolved"):
    """The resolution promise is kept; `how` names the deeds that kept it."""

    personal = ("text",)

    how: str
    text: str

    def sentence(self) -> str:
        return f"resolved, {self.how}: {self.text}" if self.text else f"resolved, {self.how}"


class Reopened(Event, frozen=True, tag="reopened"):
    """The customer is not helped after all; the same resolution clock goes on (rule 10)."""

    reason: str

    def sentence(self) -> str:
        return f"reopened: {self.reason}"


class Closed(Event, frozen=True, tag="closed"):
    """The end: `confirmed` by the customer, `no answer`, `duplicate` or `withdrawn`."""

    reason: str
    text: str = ""

    def sentence(self) -> str:
        return f"closed, {self.reason}" + (f": {self.text}" if self.text else "")


class Linked(Event, frozen=True, tag="linked"):
    """Another ticket belongs to this one; see `ticket.Link` for the kinds."""

    kind: str
    ref: str

    def sentence(self) -> str:
        return f"{self.kind} {self.ref}" if self.kind != "related" else f"related to {self.ref}"


class DueMoved(Event, frozen=True, tag="due moved"):
    """A due time moved without work on the ticket: a holiday, an extra opening, another policy (rule 12)."""

    kind: Kind
    was: datetime | None
    due: datetime | None
    reason: str

    def sentence(self) -> str:
        def told(at: datetime | None) -> str:
            return f"{at:%d %b %Y %H:%M} UTC" if at else "none"

        return f"{self.kind} due was {told(self.was)} -> is {told(self.due)}: {self.reason}"


class PolicyMoved(Event, frozen=True, tag="policy moved"):
    """The ticket keeps another version of the policy from now on (rule 13).

    `response` and `resolution` hold the basis of a clock that had been breached, with its breach.
    """

    was: str
    policy: str
    response: Basis | None = None
    resolution: Basis | None = None

    def sentence(self) -> str:
        return f"moved from policy {self.was} to {self.policy}"


class TextCut(Event, frozen=True, tag="text cut"):
    """A text was longer than the desk keeps; the whole of it is kept as an attachment with this digest."""

    field: str
    length: int
    kept: int
    digest: str

    def sentence(self) -> str:
        return f"{self.field} cut to {self.kept:,} of {self.length:,} characters; the original is attached"


class TakenBack(Event, frozen=True, tag="taken back"):
    """Somebody took back what they had done last: `deed` says what, without words of a person, `was` puts it back."""

    deed: str
    was: Former

    def sentence(self) -> str:
        return f"took back: {self.deed}"


TicketEvent = (
    Logged
    | Acknowledged
    | Paged
    | PageAcknowledged
    | Assigned
    | Claimed
    | HandedOver
    | HandedBack
    | Replied
    | Called
    | Noted
    | WaitBegan
    | WaitEnded
    | SeverityChanged
    | WorkaroundProposed
    | FixPromised
    | FixDateMoved
    | FixShipped
    | ArticleLinked
    | AccountManagerContacted
    | Escalated
    | ClockStopped
    | Resolved
    | Reopened
    | Closed
    | Linked
    | DueMoved
    | PolicyMoved
    | TextCut
    | TakenBack
)
