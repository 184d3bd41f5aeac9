"""Events of the mail that a ticket's contact gets."""

from __future__ import annotations

from supportdesk.sla.mail_kind import MailKind
from supportdesk.tickets.events.event import Event
from supportdesk.tickets.events.phrase import Phrase


class MailPlanned(Event, frozen=True, tag="mail planned"):
    """A mail of a `MailKind` goes to the ticket's contact, because of another event of the same command.

    `team` is that of the person who replied with it: once the mail is accepted, it is the response where that team
    gives it (rule 3). It is empty for what no person wrote, and for a reply that could not be the response.
    """

    personal = ("name", "address")

    kind: str
    contact: str
    name: str
    address: str
    team: str = ""

    def phrase(self) -> Phrase:
        what = describe_mail(self.kind)
        objects = (f"{what} by mail", f"to {self.name}")
        return Phrase("sent", objects, heading=f"{what} goes by mail to {self.name}, {self.address}")


class MailWithheld(Event, frozen=True, tag="mail withheld"):
    """A mail that the policy promises did not go to the ticket's contact, who had many already; `reason` says which."""

    personal = ("name",)

    kind: str
    contact: str
    name: str
    reason: str

    def phrase(self) -> Phrase:
        what = describe_mail(self.kind)
        heading = f"{what} was not mailed to {self.name}"
        return Phrase("withheld", (what, f"from {self.name}"), self.reason, heading=heading)


class MailUndelivered(Event, frozen=True, tag="mail undelivered"):
    """A mail to the ticket's contact did not reach them, or nobody knows whether it did.

    `delivery` is its identity and `reason` what a server said. `bounced` is set where a server had accepted it, and
    `withdraws` where it had counted as the response, which it was not (rule 3). `confirmed` says that the
    customer was told something else before, which is the response then. `unsure` says that the mail may have arrived.
    `owner` is the username of the ticket's owner, who is sent it; None without one.
    """

    personal = ("name", "reason")

    delivery: str
    kind: str
    contact: str
    name: str
    reason: str = ""
    bounced: bool = False
    withdraws: bool = False
    confirmed: bool = False
    unsure: bool = False
    owner: str | None = None

    def phrase(self) -> Phrase:
        withdrawn = ""
        if self.withdraws:
            then = "what the customer was told since counts" if self.confirmed else "its clock runs on"
            withdrawn = f"; the response is withdrawn, and {then}"
        what = describe_mail(self.kind)
        if self.unsure:
            heading = f"mail to {self.name} may not have been delivered: {what}"
        else:
            heading = f"mail to {self.name} could not be delivered: {what}"
        return Phrase(
            "could not deliver", (what, f"to {self.name}"), self.reason, remark=withdrawn, heading=heading
        )


_WHAT: dict[str, str] = {
    MailKind.RECEIPT: "the receipt",
    MailKind.REPLY: "the reply",
    MailKind.WAITING: "that the ticket waits for the customer",
    MailKind.FIX: "the fix date",
    MailKind.RELEASED: "that the fix is released",
    MailKind.RESOLVED: "that it is resolved",
    MailKind.CLOSED: "that it is closed",
}


def describe_mail(kind: str) -> str:
    """Return what a mail of a kind is, to follow `sent` or precede `goes by mail`."""
    return _WHAT.get(kind, kind)
