"""Events that meet a target, and the end of a clock."""

from __future__ import annotations

from datetime import date, datetime

from supportdesk.sla.clocks import ClockKind, State, Verdict
from supportdesk.sla.formatting import dated
from supportdesk.sla.policy import FIX, RESTORED
from supportdesk.tickets.events.event import Event, not_counted
from supportdesk.tickets.events.phrase import KEYS, Names, Phrase


class WorkaroundProposed(Event, frozen=True, tag="workaround proposed"):
    """The customer was given a way to work on without the fix. `no_response` as in `Replied`."""

    personal = ("text",)

    text: str
    no_response: str = ""

    def phrase(self) -> Phrase:
        exception = not_counted(self.no_response)
        return Phrase("gave", (f"a workaround{exception}",), self.text, heading=f"workaround{exception}")


class FixPromised(Event, frozen=True, tag="fix promised"):
    """A fix was promised in a release (rule 5). `broken_since` is set where it replaces a missed fix date."""

    release: str
    day: date
    broken_since: datetime | None = None

    def phrase(self) -> Phrase:
        return Phrase("promised", ("a fix", f"in {self.release}, {dated(self.day)}"))


class FixDateMoved(Event, frozen=True, tag="fix date moved"):
    """The release with the promised fix moved. `broken_since` is set where its date had passed before, unshipped."""

    release: str
    was: date
    day: date
    broken_since: datetime | None = None

    def phrase(self) -> Phrase:
        was, day = dated(self.was), dated(self.day)
        objects = ("the fix date", f"of {self.release}", f"from {was}", f"to {day}")
        return Phrase("moved", objects, heading=f"fix date of {self.release} moved from {was} to {day}")


class FixShipped(Event, frozen=True, tag="fix shipped"):
    """The release with the promised fix has shipped, at `shipped_at`, or at the event's instant where that is None."""

    release: str
    shipped_at: datetime | None = None

    def phrase(self) -> Phrase:
        return self.named_phrase(KEYS)

    def named_phrase(self, names: Names) -> Phrase:
        on = f" on {names.local_time(self.shipped_at)}" if self.shipped_at else ""
        heading = f"the fix shipped in {self.release}{on}"
        return Phrase("recorded", (f"that {heading}",), heading=heading)


class ArticleLinked(Event, frozen=True, tag="article linked"):
    """An article answers this ticket, in full or in part."""

    article: str
    title: str

    def phrase(self) -> Phrase:
        return Phrase("linked", (f"article {self.article}",), self.title, heading=f"article {self.article}")


class ClockStopped(Event, frozen=True, tag="clock stopped"):
    """A clock stopped and its verdict is frozen. `mail` is the delivery of the reply whose acceptance stopped it."""

    kind: ClockKind
    verdict: Verdict
    mail: str = ""

    def phrase(self) -> Phrase:
        state = "no longer applies" if self.verdict.state is State.VOID else self.verdict.state
        return Phrase(self.verdict.state, (self.kind,), heading=f"{self.kind} {state}")


class ResponseConfirmed(Event, frozen=True, tag="response confirmed"):
    """The customer was told something else while the response rested on a mail: it counts if that mail comes back.

    `verdict` is what the response clock has then (rule 3). `mail` is the delivery of the reply that was accepted; it is
    empty for what a person told them in another way.
    """

    verdict: Verdict
    mail: str = ""

    def phrase(self) -> Phrase:
        before = "the mail before it" if self.mail else "the mail"
        return Phrase("confirmed", ("the response",), heading=f"the response, should {before} come back")


_HOW = {RESTORED: "service restored", FIX: "fix delivered"}
"""How a ticket was resolved, where the name of the step does not say enough."""


class Resolved(Event, frozen=True, tag="resolved"):
    """The resolution target is met; `how` names the steps that met it."""

    personal = ("text",)

    how: str
    text: str

    def phrase(self) -> Phrase:
        how = _HOW.get(self.how, self.how)
        return Phrase("resolved", (f"it ({how})",), self.text, heading=f"resolved ({how})")
