"""What the outbox answers with."""

from __future__ import annotations

from datetime import date

import msgspec

from supportdesk.tickets.attached_file import AttachedFile
from supportdesk.tickets.documents import Article


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


class SentFiles(msgspec.Struct, frozen=True):
    """The files that went with a reply: the number of its event, when, in UTC epoch seconds, and the author's name."""

    seq: int
    at: int
    author: str
    files: tuple[AttachedFile, ...]


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
