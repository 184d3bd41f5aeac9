"""Reads the original of a message on a thread: what it says, folded for the screen, and as texts of a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from supportdesk.desk_api import DeskUnavailableError

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskReader
    from supportdesk.intake.mail.parsing.message import MailMessage
    from supportdesk.intake.mail.ticket_text import TicketText
    from supportdesk.tickets.incoming_message import IncomingMessage

SHOWN = 100_000
"""The most characters of a text that are shown."""
_SOURCE = 20_000
"""The most characters that are shown of a message that cannot be read."""
_ERASED = "The message itself is not here any more: it was erased."
IN_THE_PAST = "Messages themselves are shown at the present desk only."
_NO_READER = (
    "The text cannot be shown: reading mail needs an extra. Leave, and run pip install 'supportdesk[mail]'."
)
_MISSED_CALL = "Nobody answered the call, and nothing was recorded."
_RECORDING = "It is a recording. To save it: supportdesk intake original {key} > FILE"


class Original(msgspec.Struct, frozen=True):
    """What a message says. `text` comes first, `quoted` is what it quotes from earlier messages: often nothing.

    `fault` says why there is no text, or, with one, that it is the source of a message that cannot be read.
    `attachments` are names with kinds and sizes, `remarks` what was wrong with the message. `summary` and `description`
    are the texts of a ticket that is made of it. Of one that
    `has_several_senders`, anybody may be the author. It is not `is_final` where the desk could not be reached.
    """

    text: str = ""
    quoted: str = ""
    fault: str = ""
    attachments: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    summary: str = ""
    description: str = ""
    has_several_senders: bool = False
    is_final: bool = True


def read_original(desk: DeskReader, message: IncomingMessage) -> Original:
    """Return what a message says, or why it cannot be read. Blocks."""
    try:
        content = desk.incoming_original(message.key)
        now = desk.now()
    except DeskUnavailableError as error:
        return Original(fault=str(error), is_final=False)
    if message.voicemail is not None and message.voicemail.is_missed_call:
        return Original(fault=_MISSED_CALL, summary=message.subject)
    if content is None:
        return Original(fault=_ERASED)
    if not message.is_mail:
        return Original(fault=_RECORDING.format(key=message.key), summary=message.subject)
    try:
        from supportdesk.intake.mail.parsing.message import MailMessage
        from supportdesk.intake.mail.parsing.parser import parse_mail
        from supportdesk.intake.mail.ticket_text import make_ticket_text
    except ImportError:
        return Original(fault=_NO_READER, summary=message.subject)
    mail = parse_mail(content, now=now)
    texts = make_ticket_text(mail, message.key, message.subject)
    if isinstance(mail, MailMessage):
        return _show(mail, message, texts)
    return Original(
        _cut(content[: 4 * _SOURCE].decode("utf-8", "replace"), _SOURCE, message.key),
        fault=f"It cannot be read: {mail.reason} This is how it was sent.",
        summary=texts.summary,
        description=texts.description,
    )


def _show(mail: MailMessage, message: IncomingMessage, texts: TicketText) -> Original:
    from supportdesk.attachments.file_kind import describe_type
    from supportdesk.attachments.file_size import describe_size
    from supportdesk.intake.mail.parsing.quotes import split_quoted

    split = split_quoted(mail.text)
    text, quoted = "\n".join(split.visible).strip("\n"), "\n".join(split.hidden).strip("\n")
    return Original(
        _cut(text, SHOWN, message.key),
        _cut(quoted, SHOWN, message.key),
        attachments=tuple(
            f"{each.name} ({describe_type(each.sniffed_type)}, {describe_size(each.size)})"
            for each in mail.attachments
        ),
        remarks=tuple(each for each in mail.remarks if each != message.reason),
        has_several_senders=mail.has_several_senders,
        summary=texts.summary,
        description=texts.description,
    )


def _cut(text: str, limit: int, key: str) -> str:
    """Return a text of at most so many characters, which says where the rest is."""
    if len(text) <= limit:
        return text
    from supportdesk.intake.mail.request_text import describe_rest

    note = f"\n\n[{describe_rest(key)}]"
    return text[: limit - len(note)] + note
