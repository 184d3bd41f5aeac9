"""What arrived from outside, by mail or voicemail: one record for each message, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from supportdesk.tickets.documents import ERASED
from supportdesk.tickets.folding import fold
from supportdesk.tickets.voicemail import Voicemail


class MessageState(StrEnum):
    """What became of a message; each has exactly one state."""

    TICKET = "ticket"
    MESSAGE = "message"
    DUPLICATE = "duplicate"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    QUARANTINE = "quarantine"
    REFUSED = "refused"
    SET_ASIDE = "set aside"
    NOT_HEARD = "not heard"
    EMPTY = "empty"
    MISSED_CALL = "missed call"
    HEARD = "heard"
    DISMISSED = "dismissed"


INCOMING_MESSAGE = "incoming message"
"""The type of these records in the ledger. No decision on anything else depends on one."""

ERASED_BEFORE = "What was in it was erased with a contact, so that nothing of it is stored again."
"""What is said of a message that is put back after it was erased."""

ON_TICKET = frozenset({MessageState.TICKET, MessageState.MESSAGE})
"""A ticket was logged for the message, or it is a customer's message on a ticket: these have a reference."""

VOICEMAIL_WAITS = frozenset(
    {MessageState.NOT_HEARD, MessageState.EMPTY, MessageState.MISSED_CALL, MessageState.HEARD}
)
"""The states of a voicemail or a missed call of which nothing became yet.

In an empty one a voice detector found nobody who speaks. To one that is heard somebody listened, and decided nothing.
"""

NOT_HEARD = frozenset({MessageState.NOT_HEARD, MessageState.EMPTY})
"""The states of a recording to which nobody has listened."""

OF_VOICEMAILS = VOICEMAIL_WAITS | {MessageState.DISMISSED}
"""The states that only a voicemail or a missed call has."""

MAIL_WAITS = frozenset({MessageState.QUARANTINE, MessageState.SET_ASIDE})
"""The states of mail that waits; what was set aside may also be a recording that cannot be read."""

UNSETTLED = MAIL_WAITS | VOICEMAIL_WAITS
"""The states that wait for a member of staff to settle them; every other one is final."""

SETTLED = (MessageState.TICKET, MessageState.MESSAGE, MessageState.REFUSED, MessageState.DISMISSED)
"""What a member of staff can make of a message that waits: mail is refused, a voicemail dismissed."""


class IncomingMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message that arrived, with its one state.

    `source` is the name of its mailbox and `source_kind` how that is read, such as `imap`; `identity` is what the
    source calls the message: UIDVALIDITY and UID, the name of a file, or nothing. `received_at` is when our server had
    it. `content_digest` tells its content from any other, and `original` is the digest of its `size` bytes, which are
    an attachment; it is empty once these were erased. `reason` says in a sentence why it has its state, and
    `decided_by` and `decided_at` who gave it that, and when. `ref` and `contact` are keys, None where there is none.
    `voicemail` is what else is known of a recording or a missed call, whose `sender_address` is the caller's number;
    None for mail.
    """

    key: str
    source: str
    state: MessageState
    received_at: datetime
    reason: str = ""
    source_kind: str = ""
    identity: str = ""
    message_id: str = ""
    content_digest: str = ""
    sender_address: str = ""
    sender_name: str = ""
    subject: str = ""
    ref: str | None = None
    contact: str | None = None
    original: str = ""
    size: int = 0
    decided_by: str = ""
    decided_at: datetime | None = None
    voicemail: Voicemail | None = None

    @property
    def is_erased(self) -> bool:
        """Whether its original was erased with a contact whom it names; what is left says what became of it."""
        return bool(self.size) and not self.original

    @property
    def is_mail(self) -> bool:
        """Whether its original is mail, perhaps with a recording in it, and neither a recording nor a missed call."""
        return self.voicemail is None or bool(self.voicemail.recording)

    @property
    def is_settled(self) -> bool:
        """Whether its state is final."""
        return self.state not in UNSETTLED


class WaitingVoicemails(msgspec.Struct, frozen=True):
    """The voicemails and missed calls that wait, the oldest first.

    `count` is how many there are, also of those not shown, and `not_heard` to how many recordings nobody has listened.
    """

    messages: tuple[IncomingMessage, ...] = ()
    count: int = 0
    not_heard: int = 0


def has_same_content(one: IncomingMessage, other: IncomingMessage) -> bool:
    """Return whether the later one of two messages is a duplicate; nothing else decides that.

    Mail has the same Message-ID and the same content. Voicemails have the same recording, wherever it came from, unless
    they are of two callers: these may leave the same silence.
    """
    if one.voicemail is None or other.voicemail is None:
        told = (one.message_id, one.content_digest) == (other.message_id, other.content_digest)
        return told and one.voicemail is other.voicemail
    numbers = {one.sender_address, other.sender_address} - {"", ERASED}
    return one.content_digest == other.content_digest and len(numbers) < 2


def find_same(messages: Iterable[IncomingMessage], message: IncomingMessage) -> IncomingMessage | None:
    """Return the one of `messages` that is this very message: the same, from the same place in the same source.

    Where a source does not name its messages, such as a mail server that delivers through a pipe, it is the one with
    the same bytes: the server delivers it again as it is, and a copy has another line `Received` in its header. Of mail
    with a recording, the Message-ID and the content are enough, and without a Message-ID it is the same original.
    """
    return next(
        (
            each
            for each in messages
            if each.source == message.source
            and each.message_id == message.message_id
            and has_same_content(each, message)
            and _is_same_delivery(each, message)
        ),
        None,
    )


def _is_same_delivery(one: IncomingMessage, other: IncomingMessage) -> bool:
    if one.identity and other.identity:
        return one.identity == other.identity
    if one.voicemail is not None:
        return bool(one.message_id) or one.original == other.original
    return not (one.original and other.original) or one.original == other.original


def compute_key_digest(message: IncomingMessage) -> str:
    """Return 64 hex digits of which the first are the key of a message: as many as no other message begins with."""
    place = message.identity or (message.original if message.voicemail is None else "")
    told = [message.source, place, message.message_id, message.content_digest]
    if message.voicemail is not None and message.sender_address:
        # Two callers may leave the same silence under the same name.
        told.append(message.sender_address)
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def text_matcher(text: str) -> Callable[[IncomingMessage], bool]:
    """Return a function that tells whether sender and subject of a message contain each word of a text."""
    wanted = fold(text).split()

    def matches(message: IncomingMessage) -> bool:
        if not wanted:
            return True
        searched = fold(f"{message.sender_name} {message.sender_address} {message.subject}")
        return all(word in searched for word in wanted)

    return matches
