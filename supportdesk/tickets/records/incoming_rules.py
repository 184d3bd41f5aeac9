"""The rules of messages that arrive: each has one state, and only what waits gets another one."""

from __future__ import annotations

import hashlib

from msgspec.structs import replace

from supportdesk.sla.formatting import full_time
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.incoming_message import (
    NOT_HEARD,
    OF_VOICEMAILS,
    ON_TICKET,
    IncomingMessage,
    MessageState,
    find_same,
    has_same_content,
)
from supportdesk.tickets.records.decision import RecordDecision
from supportdesk.tickets.records.events import MessageAccounted, MessageSettled
from supportdesk.tickets.records.incoming_commands import AccountMessage, SettleMessage
from supportdesk.tickets.refusal import Refusal

_ARRIVED = NOT_HEARD | {MessageState.DUPLICATE, MessageState.SET_ASIDE}
"""What a recording can be recorded as when it arrives."""

MESSAGE_KNOWN = Refusal("this message was recorded before; nothing is left to do")
"""Why a message is not recorded again; nothing is written then."""


def complete_message(command: AccountMessage) -> IncomingMessage:
    """Return the message of a command with the digest and the size of its original.

    Where nobody could tell its content from the rest, all of it is its content.
    """
    message, original = command.message, hashlib.sha256(command.original).hexdigest()
    return replace(
        message,
        original=original,
        size=len(command.original),
        content_digest=message.content_digest or original,
    )


def account_message(case: DecisionContext, command: AccountMessage) -> RecordDecision:
    """Decide what is recorded of a message: everything but what would give it no state, or a second one."""
    message, known = complete_message(command), case.records.incoming.values()
    if find_same(known, message) is not None:
        return MESSAGE_KNOWN
    if not message.source:
        return Refusal("a message needs the name of the mailbox in which it arrived; give its source")
    earlier = next((each for each in known if has_same_content(each, message)), None)
    if message.state is MessageState.DUPLICATE and earlier is None:
        return Refusal(
            "no message with this Message-ID and content arrived before, so it is no duplicate; record what it is"
        )
    if message.state is not MessageState.DUPLICATE and earlier is not None:
        if message.voicemail is not None:
            return Refusal(f"this recording arrived before, and is {earlier.key}: this one is a duplicate")
        if message.message_id:
            return Refusal(
                "a message with this Message-ID and content arrived before, and is"
                f" {earlier.key}: this one is a duplicate"
            )
    if (fault := _find_kind_fault(message) or find_message_fault(case, message, message.contact)) is not None:
        return Refusal(fault)
    return [MessageAccounted(replace(message, decided_by=case.actor.key, decided_at=case.now))]


def settle_message(case: DecisionContext, command: SettleMessage) -> RecordDecision:
    """Decide what a member of staff makes of a message that waits; every other state is final."""
    message = case.records.incoming.get(command.key)
    if message is None:
        return Refusal(
            f"there is no message {command.key!r}; `supportdesk intake status --state quarantine` lists those that wait"
        )
    if message.is_settled:
        when = full_time(message.decided_at or message.received_at, case.policy.timezone)
        by = case.records.name(message.decided_by)
        return Refusal(f"it is recorded as {_describe(message)}, by {by} on {when}; that is final")
    settled = replace(
        message,
        state=MessageState(command.state),
        ref=command.ref or message.ref,
        contact=command.contact or message.contact,
        reason=command.reason,
        decided_by=case.actor.key,
        decided_at=case.now,
    )
    # Whose message it is was known when it arrived; they may be erased since.
    if (
        fault := _find_settling_fault(settled) or find_message_fault(case, settled, command.contact)
    ) is not None:
        return Refusal(fault)
    return [MessageSettled(settled)]


def _describe(message: IncomingMessage) -> str:
    """Return the state of a message with its ticket or its reason: `refused (advertising)`."""
    more = message.ref or message.reason
    return f"{message.state} ({more})" if more else str(message.state)


def _find_kind_fault(message: IncomingMessage) -> str | None:
    """Return why what arrives cannot be recorded as this: of a voicemail, a person decides what becomes of it."""
    if message.voicemail is None:
        allowed = message.state not in OF_VOICEMAILS
    else:
        allowed = message.state in _ARRIVED and not message.voicemail.is_missed_call
        if message.voicemail.heard_at is not None or message.voicemail.transcript:
            return "nobody has listened to a voicemail that arrives, and it has no transcript"
    what = "mail" if message.voicemail is None else "a voicemail"
    return None if allowed else f"{what} is not recorded as {message.state}; record what it is"


def _find_settling_fault(message: IncomingMessage) -> str | None:
    """Return why a message cannot be settled so: what is written is refused, and what is spoken dismissed."""
    if message.voicemail is None and message.state is MessageState.DISMISSED:
        return "a voicemail is dismissed; refuse mail"
    if message.voicemail is not None and message.state is MessageState.REFUSED:
        return "mail is refused; dismiss a voicemail"
    return None


def find_message_fault(case: DecisionContext, message: IncomingMessage, contact: str | None) -> str | None:
    """Return why a message cannot have its state, or not from a `contact` that is named now; None where it can."""
    if message.state in ON_TICKET and message.ref is None:
        return "say which ticket it is on"
    if message.state not in ON_TICKET | {MessageState.NOT_HEARD} and not message.reason.strip():
        return f"say in a sentence why it is {message.state}"
    if message.ref is not None and message.ref not in case.records.tickets:
        return f"there is no ticket {message.ref}"
    if contact is not None and ((known := case.records.contacts.get(contact)) is None or known.is_erased):
        return f"there is no contact {contact!r}; `supportdesk contact list` shows them"
    return None
