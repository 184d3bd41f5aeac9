"""A voicemail in words: who called, what became of it so far, and how long it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.intake.text import name_state
from supportdesk.console.queue.clock_cells import age
from supportdesk.console.terminal.symbols import NARROW, Symbols
from supportdesk.sla.formatting import at_near_time, date_time
from supportdesk.tickets.incoming_message import MessageState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from supportdesk.console.voicemail.reader import OpenedVoicemail
    from supportdesk.store.read_models import Caller
    from supportdesk.tickets.incoming_message import IncomingMessage

_WORDS = 600
"""The most characters that are shown of the mail that brought a recording."""
_LINES = 6
_SYMBOLS = {
    MessageState.NOT_HEARD: "chosen",
    MessageState.EMPTY: "other",
    MessageState.MISSED_CALL: "call",
    MessageState.HEARD: "met",
}
"""The symbol of each state that waits."""


def describe_state(message: IncomingMessage, signs: Symbols) -> tuple[str, str]:
    """Return the symbol and the word of a voicemail's state."""
    return getattr(signs, _SYMBOLS.get(message.state, "ok")), name_state(message.state)


def describe_caller(message: IncomingMessage, caller: Caller | None) -> str:
    """Return the contact who called, with their company; else the name and the number that the telephone gave."""
    if caller is not None:
        return f"{caller.contact.name}, {caller.organisation.name}"
    number = message.sender_address or describe_missing_number(message)
    return f"{message.sender_name}, {number}" if message.sender_name else number


def describe_missing_number(message: IncomingMessage) -> str:
    """Return why no number is shown: only a caller, or their telephone, withholds one."""
    voicemail = message.voicemail
    return "number withheld" if voicemail is not None and voicemail.is_withheld else "number not known"


def name_caller(opened: OpenedVoicemail) -> str:
    """Return the same for a sentence, in which one who withheld everything is an unknown caller."""
    message = opened.message
    if opened.caller is None and not message.sender_address and not message.sender_name:
        return "an unknown caller"
    return describe_caller(message, opened.caller)


def describe_kind(message: IncomingMessage) -> str:
    """Return whether it is a voicemail or a missed call."""
    voicemail = message.voicemail
    return "missed call" if voicemail is not None and voicemail.is_missed_call else "voicemail"


def describe_length(message: IncomingMessage) -> str:
    """Return the length of a recording as `0:48`; empty where it is not known, or there is no recording."""
    seconds = message.voicemail.seconds if message.voicemail is not None else None
    if seconds is None:
        return ""
    minutes, rest = divmod(max(1, round(seconds)), 60)
    return f"{minutes}:{rest:02}"


def describe_settlement(message: IncomingMessage, name: str) -> str:
    """Return what became of a voicemail, as a sentence; empty while it waits. `name` is who decided that."""
    if not message.is_settled:
        return ""
    if message.ref is not None:
        return f"It is on {message.ref} already, by {name}."
    reason = f" ({message.reason})" if message.reason else ""
    return f"It is recorded as {message.state} already, by {name}{reason}."


def describe_facts(
    opened: OpenedVoicemail, zone: str, now: datetime, name: Callable[[str], str]
) -> dict[str, str]:
    """Return what is known of a voicemail by the label of its line; without what is not known."""
    message, voicemail = opened.message, opened.message.voicemail
    assert voicemail is not None
    speech = f", with speech in {voicemail.speech} % of it" if voicemail.speech is not None else ""
    length = describe_length(message)
    facts = {
        "Caller": describe_caller(message, opened.caller),
        "Number": message.sender_address if opened.caller is not None else "",
        "Called"
        if voicemail.is_missed_call
        else "Left": f"{date_time(message.received_at, zone)}, {age(_seconds(now - message.received_at))} ago",
        "Length": f"{length}{speech}" if length else "",
        "State": _describe_progress(message, zone, now, name),
        "Transcript": f"Machine transcript, may be wrong:\n{voicemail.transcript}"
        if voicemail.transcript
        else "",
        "Mail": _cut_words(opened.words, message.key),
        "Files": f"{', '.join(opened.files)}: supportdesk intake attachments {message.key}"
        if opened.files
        else "",
    }
    return {label: text for label, text in facts.items() if text}


def _describe_progress(message: IncomingMessage, zone: str, now: datetime, name: Callable[[str], str]) -> str:
    """Return the state in words: who settled it, or who listened, and what was found before anybody did."""
    _, word = describe_state(message, NARROW)
    voicemail = message.voicemail
    if message.is_settled:
        done = " ".join(filter(None, (word, message.ref)))
        when = at_near_time(message.decided_at or message.received_at, zone, now)
        return f"{done}, by {name(message.decided_by)} {when}"
    if voicemail is not None and voicemail.heard_at is not None:
        when = at_near_time(voicemail.heard_at, zone, now)
        word = f"{word}, by {name(voicemail.heard_by)} {when}"
    return f"{word}: {message.reason}" if message.reason else word


def _cut_words(words: str, key: str) -> str:
    """Return the beginning of a mail without empty lines, which says where the rest is."""
    lines = [each for each in words.splitlines() if each.strip()]
    shown = "\n".join(lines[:_LINES])[:_WORDS]
    if shown == "\n".join(lines):
        return shown
    return f"{shown}\n[cut here; all of it: supportdesk intake original {key} > FILE]"


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
