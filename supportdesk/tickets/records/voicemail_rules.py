"""The rules of voicemails and missed calls, besides those of every message that arrives."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from msgspec.structs import replace

from supportdesk.sla.formatting import full_time
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.incoming_message import NOT_HEARD, IncomingMessage, MessageState, find_same
from supportdesk.tickets.records.decision import RecordDecision
from supportdesk.tickets.records.events import CallMissed, VoicemailHeard, VoicemailTranscribed
from supportdesk.tickets.records.incoming_rules import MESSAGE_KNOWN, find_message_fault
from supportdesk.tickets.records.voicemail_commands import AddTranscript, MarkHeard, RecordMissedCall
from supportdesk.tickets.refusal import Refusal

_AHEAD = timedelta(minutes=1)
"""How much later than here it may be by another machine's clock."""


def complete_call(command: RecordMissedCall) -> IncomingMessage:
    """Return the call of a command as one that is told from others by its caller and when they called."""
    message = command.message
    told = f"{message.sender_address}\n{message.received_at.isoformat()}"
    return replace(message, content_digest=hashlib.sha256(told.encode()).hexdigest(), message_id="", size=0)


def record_missed_call(case: DecisionContext, command: RecordMissedCall) -> RecordDecision:
    """Decide what is recorded of a missed call: it waits, until somebody has called back or dismisses it.

    A call that was reported before is not recorded again.
    """
    message = command.message
    if message.voicemail is None or not message.voicemail.is_missed_call or message.original:
        return Refusal("a missed call has no recording; record a voicemail with its recording")
    if find_same(case.records.incoming.values(), message) is not None:
        return MESSAGE_KNOWN
    if not message.source:
        return Refusal("a missed call needs the name of what reported it; give its source")
    if message.received_at > case.now + _AHEAD:
        return Refusal(
            "a call cannot have been missed later than now; check the clocks of the telephone system and this machine"
        )
    missed = replace(
        message,
        state=MessageState.MISSED_CALL,
        received_at=min(message.received_at, case.now),
        reason="nobody answered the call",
        ref=None,
        decided_by=case.actor.key,
        decided_at=case.now,
    )
    if (fault := find_message_fault(case, missed, missed.contact)) is not None:
        return Refusal(fault)
    return [CallMissed(missed)]


def mark_heard(case: DecisionContext, command: MarkHeard) -> RecordDecision:
    """Decide that a voicemail is heard: by whom first, and once."""
    message = _find_voicemail(case, command.key)
    if isinstance(message, Refusal):
        return message
    assert message.voicemail is not None
    if message.voicemail.heard_at is not None:
        when = full_time(message.voicemail.heard_at, case.policy.timezone)
        return Refusal(
            f"{case.records.name(message.voicemail.heard_by)} listened to it on {when}; decide what becomes of it"
        )
    if message.state not in NOT_HEARD:
        return Refusal(f"nobody has to listen to it; it is recorded as {message.state}")
    voicemail = replace(message.voicemail, heard_by=case.actor.key, heard_at=case.now)
    return [VoicemailHeard(replace(message, state=MessageState.HEARD, voicemail=voicemail))]


def add_transcript(case: DecisionContext, command: AddTranscript) -> RecordDecision:
    """Decide that a transcript is stored: the first one, and it changes nothing else."""
    message = _find_voicemail(case, command.key)
    if isinstance(message, Refusal):
        return message
    assert message.voicemail is not None
    if not message.original:
        return Refusal("it has no recording any more; decide without a transcript")
    if not command.text.strip():
        return Refusal("the transcript is empty; leave the voicemail without one")
    if message.voicemail.transcript:
        return Refusal("it has a transcript already; the first one stays")
    return [
        VoicemailTranscribed(
            replace(message, voicemail=replace(message.voicemail, transcript=command.text.strip()))
        )
    ]


def _find_voicemail(case: DecisionContext, key: str) -> IncomingMessage | Refusal:
    message = case.records.incoming.get(key)
    if message is None or message.voicemail is None:
        return Refusal(f"there is no voicemail {key!r}; `supportdesk voicemail list` lists those that wait")
    return message
