"""The voicemails and missed calls that wait, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from supportdesk.cli.output import count_noun, terminal_width
from supportdesk.cli.table import NAME_WIDTH, TableColumn, table_lines
from supportdesk.sla.formatting import near_time
from supportdesk.tickets.incoming_message import IncomingMessage, WaitingVoicemails

_LEAST = 10


def voicemail_lines(
    waiting: WaitingVoicemails, names: Mapping[str, str], zone: str, now: datetime
) -> Iterator[str]:
    """Yield a line for each voicemail and missed call, with times in `zone`; `names` are those of contacts by key."""
    if not waiting.messages:
        yield "No voicemail and no missed call waits."
        return
    headings = (
        TableColumn("KEY"),
        TableColumn("RECEIVED"),
        TableColumn("STATE"),
        TableColumn("CALLER", least=NAME_WIDTH),
        TableColumn("NUMBER", least=_LEAST),
        TableColumn("LENGTH", right=True),
        TableColumn("SPEECH", right=True),
        TableColumn("MACHINE TRANSCRIPT", least=_LEAST),
    )
    rows = [_row(each, names, zone, now) for each in waiting.messages]
    yield from table_lines(headings, rows, terminal_width())
    if len(rows) < waiting.count:
        yield ""
        yield f"The oldest {len(rows):,} of {waiting.count:,}; --limit shows more."
    yield ""
    yield f"{count_noun(waiting.not_heard, 'recording')} not heard yet."


def _row(message: IncomingMessage, names: Mapping[str, str], zone: str, now: datetime) -> tuple[str, ...]:
    voicemail = message.voicemail
    assert voicemail is not None
    return (
        message.key,
        near_time(message.received_at, zone, now),
        message.state.value,
        names.get(message.contact or "") or message.sender_name or "–",
        message.sender_address or ("withheld" if voicemail.is_withheld else "not known"),
        describe_length(voicemail.seconds),
        f"{voicemail.speech} %" if voicemail.speech is not None else "–",
        " ".join(voicemail.transcript.split()) or "–",
    )


def describe_length(seconds: float | None) -> str:
    """Return the length of a recording: `0:17`; a dash where it is not known."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}" if seconds is not None else "–"
