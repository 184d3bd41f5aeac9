"""What arrived by mail or voicemail, and what became of it, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from supportdesk.cli.output import count_noun, terminal_width
from supportdesk.cli.param_types import utc
from supportdesk.cli.table import NAME_WIDTH, TableColumn, noted_table_lines, table_lines
from supportdesk.sla.formatting import near_time
from supportdesk.tickets.incoming_message import MAIL_WAITS, VOICEMAIL_WAITS, IncomingMessage, MessageState
from supportdesk.tickets.voicemail import Voicemail

Counts = Mapping[str, Mapping[MessageState, int]]
"""How many messages there are by mailbox and state."""

NOTHING = "Nothing has arrived."
_LEAST = 10


def status_lines(counts: Counts) -> Iterator[str]:
    """Yield a line for each state of the messages in a mailbox, their sum, and how much waits."""
    if not counts:
        yield NOTHING
        return
    headings = (
        TableColumn("MAILBOX", least=_LEAST),
        TableColumn("STATE"),
        TableColumn("MESSAGES", right=True),
    )
    rows = [
        (source, name, f"{count:,}")
        for source, states in counts.items()
        for name, count in (
            *((state.value, states[state]) for state in MessageState if state in states),
            ("sum", sum(states.values())),
        )
    ]
    yield from table_lines(headings, rows, terminal_width())
    waiting, voicemails = (
        sum(states.get(state, 0) for states in counts.values() for state in wait)
        for wait in (MAIL_WAITS, VOICEMAIL_WAITS)
    )
    yield ""
    yield f"{count_noun(waiting, 'message')} {'waits' if waiting == 1 else 'wait'} for a decision."
    if voicemails:
        waits = "waits" if voicemails == 1 else "wait"
        yield f"{count_noun(voicemails, 'voicemail')} {waits} as well: see `supportdesk voicemail list`."


def message_lines(messages: Sequence[IncomingMessage], count: int, zone: str, now: datetime) -> Iterator[str]:
    """Yield a line for each message, with times in `zone`; `count` is how many there are, also of those not shown."""
    if not messages:
        yield "There is no such message."
        return
    headings = (
        TableColumn("KEY"),
        TableColumn("RECEIVED"),
        TableColumn("MAILBOX", least=NAME_WIDTH),
        TableColumn("FROM", least=NAME_WIDTH),
        TableColumn("SUBJECT", least=_LEAST),
        TableColumn("TICKET"),
        TableColumn("WHY"),
    )
    rows = [
        (
            each.key,
            near_time(each.received_at, zone, now),
            each.source,
            _describe_sender(each),
            each.subject or "–",
            each.ref or "–",
            each.reason or "–",
        )
        for each in messages
    ]
    yield from noted_table_lines(headings, rows, terminal_width())
    if len(messages) < count:
        yield ""
        yield f"The newest {len(messages):,} of {count:,}; --limit shows more."


def _describe_sender(message: IncomingMessage) -> str:
    name, address = message.sender_name, message.sender_address
    return f"{name} <{address}>" if name and address and name != address else name or address or "–"


def status_to_json(counts: Counts) -> list[dict[str, Any]]:
    """Return the mailboxes as JSON objects, each with the number of messages in every state."""
    return [
        {
            "mailbox": source,
            "states": {state.value: states.get(state, 0) for state in MessageState},
            "sum": sum(states.values()),
        }
        for source, states in counts.items()
    ]


def voicemail_to_json(voicemail: Voicemail | None) -> dict[str, Any] | None:
    """Return what is known of a voicemail as a JSON object; None for mail."""
    if voicemail is None:
        return None
    return {
        "missed_call": voicemail.is_missed_call,
        "media": voicemail.media or None,
        "seconds": voicemail.seconds,
        "speech_percent": voicemail.speech,
        "machine_transcript": voicemail.transcript or None,
        "heard_by": voicemail.heard_by or None,
        "heard_at": utc(voicemail.heard_at) if voicemail.heard_at is not None else None,
    }


def message_to_json(message: IncomingMessage) -> dict[str, Any]:
    """Return a message as a JSON object."""
    return {
        "key": message.key,
        "mailbox": message.source,
        "kind": message.source_kind or None,
        "identity": message.identity or None,
        "message_id": message.message_id or None,
        "content_digest": message.content_digest,
        "from": message.sender_address or None,
        "from_name": message.sender_name or None,
        "subject": message.subject or None,
        "received_at": utc(message.received_at),
        "state": message.state.value,
        "why": message.reason or None,
        "ref": message.ref,
        "contact": message.contact,
        "original": message.original or None,
        "size": message.size,
        "voicemail": voicemail_to_json(message.voicemail),
        "decided_by": message.decided_by,
        "decided_at": utc(message.decided_at) if message.decided_at is not None else None,
    }
