"""What the outbox answers with."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from supportdesk.tickets.attached_file import AttachedFile
from supportdesk.tickets.documents import Article
from supportdesk.tickets.events.sending import DELIVERED, NOT_DELIVERED, POSSIBLY_DELIVERED


class OutgoingMessage(msgspec.Struct, frozen=True):
    """A message on its way to one address, with what its reader needs to know. Instants are UTC epoch seconds.

    `id` is the idempotency key. `person` is a username, `person_name` the name. `severity` and `company` are names;
    they and `summary` are empty for a message about no ticket, whose `ref` is None. `text` is why it is sent.
    """

    id: str
    message: str
    ref: str | None
    kind: str
    person: str
    person_name: str
    method: str
    target: str
    urgent: bool
    attempts: int
    at: int
    text: str
    severity: str
    company: str
    summary: str


class Shipment(msgspec.Struct, frozen=True):
    """What is sent to an address at once: a message, and others to the same address that are bundled with it."""

    first: OutgoingMessage
    bundled: tuple[OutgoingMessage, ...] = ()

    @property
    def all(self) -> tuple[OutgoingMessage, ...]:
        """Every message in it."""
        return (self.first, *self.bundled)


class OutboxEntry(msgspec.Struct, frozen=True):
    """A delivery that waits, or has failed. Instants are UTC epoch seconds.

    `due_at` is when it is sent, None if never again, and `held` why not earlier. `tried_at` is the last attempt, and
    `detail` what came of it. `hand_off_due` is set while nothing has reached the person yet whom a page is for.
    """

    id: str
    ref: str | None
    kind: str
    person: str
    person_name: str
    method: str
    target: str
    urgent: bool
    state: str
    at: int
    due_at: int | None
    held: str
    attempts: int
    tried_at: int | None
    detail: str
    text: str


class Fate(StrEnum):
    """What became of a delivery, as staff are told: mail that came back was sent before, and is bounced then."""

    WAITING = "waiting"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    UNDELIVERED = "not delivered"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"


class ListedDelivery(OutboxEntry, frozen=True, kw_only=True):
    """A delivery with what became of it.

    `bounce` is why it came back, as a server said. `needless` is why one that waits is not sent any more.
    """

    fate: Fate
    bounce: str = ""
    needless: str = ""


class AttemptOutcome(StrEnum):
    """What came of an attempt, as staff are told: the outcomes of sending, and what became of it later."""

    DELIVERED = DELIVERED
    NOT_DELIVERED = NOT_DELIVERED
    POSSIBLY_DELIVERED = POSSIBLY_DELIVERED
    CAME_BACK = "came back"
    """A server had accepted it, and sent it back later."""
    ASKED_AGAIN = "asked for again"
    """Somebody asked for another attempt."""


class DeliveryAttempt(msgspec.Struct, frozen=True):
    """An attempt at a delivery, or what happened to it after one; `detail` is what a server said.

    `at` and `retry_at`, when it is tried again, are UTC epoch seconds; the latter is None for never.
    """

    at: int
    outcome: AttemptOutcome
    detail: str = ""
    retry_at: int | None = None


class SentMail(msgspec.Struct, frozen=True):
    """A mail to the contact of a ticket that waits, or was sent. `kind` is that of the mail, `contact` a key.

    `id` is the identity of its delivery, with which its Message-ID begins, and `state` that of the delivery. `seq` is
    the number of the event with which it was planned, and `at` when, in UTC epoch seconds. `previous_day` and
    `previous_release` are what was promised before, for a mail about a fix that has moved; None and empty else.
    `is_undelivered` says that its ticket has the alarm that it did not arrive. `attachments` are the files of a reply,
    and `article` is the one that goes with it.
    """

    id: str
    seq: int
    at: int
    ref: str
    kind: str
    contact: str
    state: str
    previous_day: date | None = None
    previous_release: str = ""
    is_undelivered: bool = False
    attachments: tuple[AttachedFile, ...] = ()
    article: Article | None = None


class ThreadMail(msgspec.Struct, frozen=True):
    """A mail about a ticket. `identity` is a Message-ID without `<>`, of a mail of ours only what is before its @."""

    identity: str
    is_ours: bool


class UnsentPage(msgspec.Struct, frozen=True):
    """An open page that has reached its person by no method in time. `detail` is what the last attempt came to.

    `message` is its identity: it escalates once, however many notice.
    """

    message: str
    ref: str
    person: str
    detail: str

    @property
    def command_id(self) -> str:
        """The identity of the command that escalates it."""
        return make_unsent_id(self.message)


def make_unsent_id(message: str) -> str:
    """Return the identity of the command that escalates an unsent page, by the identity of its message."""
    return f"unsent {message}"
