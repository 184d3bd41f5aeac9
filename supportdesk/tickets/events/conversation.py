"""Events of contact with the customer, internal notes, and holds."""

from __future__ import annotations

from datetime import date

from supportdesk.sla.formatting import full_day
from supportdesk.tickets.attached_file import AttachedFile
from supportdesk.tickets.events.event import Event, not_counted
from supportdesk.tickets.events.phrase import Phrase
from supportdesk.tickets.ticket import HOLDS


class Replied(Event, frozen=True, tag="replied"):
    """A person wrote to the customer or spoke with them (`by` is `message`, `mail` or `telephone`).

    A `message` was written by that person; `mail` is sent by the desk, and is no response before it is accepted.

    `no_response` is the reason why it did not count as the response, while that was still due (rule 3). The
    `attachments` of a mail are beside the ledger, by their digests. `article` is the key of one that goes with it, and
    `article_title` and `article_text` are what it says then: the mail may be sent once the article says something else.
    """

    personal = ("text", "attachments")

    text: str
    by: str = "message"
    no_response: str = ""
    attachments: tuple[AttachedFile, ...] = ()
    article: str = ""
    article_title: str = ""
    article_text: str = ""

    def phrase(self) -> Phrase:
        exception = not_counted(self.no_response)
        if self.by == "telephone":
            objects, heading = ("with the customer", f"by telephone{exception}"), "to customer by telephone"
            return Phrase("spoke", objects, self.text, heading=f"{heading}{exception}")
        by = " by mail" if self.by == "mail" else ""
        if self.attachments:
            by = f"{by} with {', '.join(each.name for each in self.attachments)}"
        return Phrase(
            "replied", (f"to the customer{by}{exception}",), self.text, heading=f"to customer{by}{exception}"
        )


class Called(Event, frozen=True, tag="called"):
    """The customer rang about the ticket. `stands` is True for a resolved ticket: a call does not reopen it."""

    personal = ("name", "text")

    contact: str
    name: str
    text: str
    stands: bool = False

    def phrase(self) -> Phrase:
        stays = " (it stays resolved)" if self.stands else ""
        return Phrase("took", ("a call", f"from {self.name}{stays}"), self.text)


class CustomerWrote(Event, frozen=True, tag="customer wrote"):
    """A contact of the customer wrote about the ticket, by `email` or on the `portal`, or said it by `voicemail`.

    `mail` is the key of the mail message that it came with, empty without one. `owner` is the username of the ticket's
    owner, who is sent it; None without one, and for what the owner added. The actor of the event is who added it.
    """

    personal = ("name", "text")

    contact: str
    name: str
    text: str
    channel: str = "email"
    mail: str = ""
    owner: str | None = None

    def phrase(self) -> Phrase:
        channel = {"portal": "on the portal"}.get(self.channel, f"by {self.channel}")
        verb = "said" if self.channel == "voicemail" else "wrote"
        return Phrase(verb, (channel,), self.text, actor=self.name)


class Noted(Event, frozen=True, tag="noted"):
    """An internal note was written; the customer does not see it."""

    personal = ("text",)

    text: str

    def phrase(self) -> Phrase:
        return Phrase("wrote", ("a note",), self.text, heading="note")


class AccountManagerContacted(Event, frozen=True, tag="account manager contacted"):
    """The account manager spoke with the customer about the next steps. `no_response` as in `Replied`."""

    personal = ("text",)

    manager: str
    text: str
    no_response: str = ""

    def phrase(self) -> Phrase:
        exception = not_counted(self.no_response)
        objects = ("the next steps", f"with the customer{exception}")
        return Phrase("discussed", objects, self.text, actor=self.manager)


class WaitBegan(Event, frozen=True, tag="wait began"):
    """The ticket was put on hold for `customer`, `third party` or `release`; until the day `until`, if there is one."""

    on: str
    reason: str = ""
    until: date | None = None

    def phrase(self) -> Phrase:
        until = f" until {full_day(self.until)}" if self.until else ""
        on_hold = f"on hold for {HOLDS.get(self.on, self.on)}{until}"
        return Phrase("put", ("it", on_hold), self.reason, heading=on_hold)


class HoldDayChanged(Event, frozen=True, tag="hold day changed"):
    """The day was set or moved on which the present hold ends by itself."""

    until: date
    reason: str = ""

    def phrase(self) -> Phrase:
        day = full_day(self.until)
        return Phrase(
            "set", ("the end of the hold", f"to {day}"), self.reason, heading=f"on hold until {day}"
        )


class WaitEnded(Event, frozen=True, tag="wait ended"):
    """The ticket was taken off hold."""

    reason: str = ""

    def phrase(self) -> Phrase:
        return Phrase("took", ("it off hold",), self.reason)
