"""Events of what was sent to people outside the desk."""

from __future__ import annotations

from datetime import datetime

from supportdesk.tickets.events.event import Event
from supportdesk.tickets.events.mail import describe_mail
from supportdesk.tickets.events.phrase import KEYS, Names, Phrase

DELIVERED, NOT_DELIVERED, POSSIBLY_DELIVERED = SEND_OUTCOMES = (
    "delivered",
    "not delivered",
    "possibly delivered",
)
"""What is known after an attempt to send a message."""


class SendAttempted(Event, frozen=True, tag="send attempted"):
    """An attempt was made to send a page or a notice to an address of a person, or mail to one of a customer's contact.

    `delivery` is the identity of the delivery, which every attempt at it has, `attempt` counts from 1. `outcome` is one
    of `SEND_OUTCOMES`, `detail` what the other side said. `retry_at` is when it is tried again. `bundled` is set where
    it went out together with another message.
    """

    delivery: str
    kind: str
    person: str
    method: str
    target: str
    outcome: str
    detail: str = ""
    attempt: int = 1
    retry_at: datetime | None = None
    bundled: bool = False

    def phrase(self) -> Phrase:
        return self.named_phrase(KEYS)

    def named_phrase(self, names: Names) -> Phrase:
        name = names.name(self.person)
        again = "; it is tried again" if self.retry_at else ""
        if self.kind == "mail":
            return self._phrase_mail(again)
        bundled = ", with other messages" if self.bundled else ""
        heading = f"{self.method} to {name} {self.outcome}"
        attempt = f", attempt {self.attempt}" if self.attempt > 1 else ""
        text = f"{self.kind} to {self.target}{attempt}{bundled}" + (f": {self.detail}" if self.detail else "")
        objects = (f"a {self.kind}", f"to {name}", f"by {self.method}, {self.outcome}")
        return Phrase("sent", objects, text, remark=again, heading=heading)

    def _phrase_mail(self, again: str) -> Phrase:
        attempt = f", attempt {self.attempt}" if self.attempt > 1 else ""
        text = f"to {self.target}{attempt}" + (f": {self.detail}" if self.detail else "")
        objects = ("mail", "to the customer", self.outcome)
        heading = f"mail to the customer {self.outcome}"
        return Phrase("sent", objects, text, remark=again, heading=heading)


class RetryRequested(Event, frozen=True, tag="retry requested"):
    """Somebody on the staff let a delivery be tried again at once, which waited for later, had failed or had come back.

    `delivery` is its identity, `kind` that of its message and `method` that by which it goes. `person` is the username;
    it is empty for mail to a customer, of which `mail` is the kind. `unsure` is set where it may have arrived before,
    and `ends_alarm` where its ticket has the alarm that it did not arrive. `attempts` is how many there were before.
    """

    delivery: str
    kind: str
    method: str
    person: str = ""
    mail: str = ""
    unsure: bool = False
    ends_alarm: bool = False
    attempts: int = 0

    def phrase(self) -> Phrase:
        return self.named_phrase(KEYS)

    def named_phrase(self, names: Names) -> Phrase:
        what = describe_mail(self.mail) if self.mail else f"the {self.kind} to {names.name(self.person)}"
        remark = ", although it may have arrived" if self.unsure else ""
        return Phrase("asked for", (what, f"to be sent again by {self.method}"), remark=remark)


class PageUnsent(Event, frozen=True, tag="page unsent"):
    """A page reached its person by no method in time, and the next step without acknowledgement is due (rule 24).

    `declined` is set where it reached the person, who passed it on to the next one.
    """

    person: str
    reason: str = ""
    declined: bool = False

    def phrase(self) -> Phrase:
        return self.named_phrase(KEYS)

    def named_phrase(self, names: Names) -> Phrase:
        name = names.name(self.person)
        if self.declined:
            return Phrase("passed on", (f"{name}'s page",), self.reason, heading=f"passed on {name}'s page")
        heading = f"could not send {name}'s page by any method"
        return Phrase("could not send", (f"{name}'s page by any method",), self.reason, heading=heading)
