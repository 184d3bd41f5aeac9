"""Reads the attachments of messages on a thread: what each is, and the content of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from supportdesk.desk_api import DeskUnavailableError
from supportdesk.tickets.incoming_message import ON_TICKET
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supportdesk.attachments.attachment import Attachment
    from supportdesk.desk_api import DeskReader
    from supportdesk.tickets.incoming_message import IncomingMessage

ERASED = "The message itself is not here any more: it was erased."
NO_READER = "Attachments need an extra. Leave, and run pip install 'supportdesk[mail]'."
_GONE = Refusal("This attachment is not here any more.")


class FilesOf(msgspec.Struct, frozen=True):
    """Whose attachments are meant: of one message, by its `key`, or of all messages on the ticket `ref`."""

    key: str = ""
    ref: str = ""


class MessageFiles(msgspec.Struct, frozen=True):
    """The attachments of a message, without their contents; `fault` says why it cannot be read."""

    message: IncomingMessage
    attachments: tuple[Attachment, ...] = ()
    fault: str = ""


def read_files(desk: DeskReader, wanted: FilesOf) -> tuple[MessageFiles, ...] | Refusal:
    """Return the messages that have attachments or cannot be read, the oldest first, or why not. Blocks."""
    try:
        found = [_read_message(desk, each) for each in _find_messages(desk, wanted)]
    except DeskUnavailableError as error:
        return Refusal(str(error))
    except ImportError:
        return Refusal(NO_READER)
    return tuple(each for each in found if each.attachments or each.fault)


def read_content(desk: DeskReader, message: IncomingMessage, attachment: Attachment) -> bytes | Refusal:
    """Return the content of an attachment, or why it cannot be read. Blocks."""
    try:
        read = _parse(desk, message)
    except DeskUnavailableError as error:
        return Refusal(str(error))
    if isinstance(read, str):
        return _GONE
    # The same digest is the same content, so that it does not matter which of several is found.
    return next((each.content for each in read if each.digest == attachment.digest), _GONE)


def _find_messages(desk: DeskReader, wanted: FilesOf) -> list[IncomingMessage]:
    if wanted.ref:
        on_ticket = desk.find_incoming(ref=wanted.ref)
        return [each for each in on_ticket if each.state in ON_TICKET and each.voicemail is None]
    message = desk.incoming_message(wanted.key)
    return [message] if message is not None else []


def _read_message(desk: DeskReader, message: IncomingMessage) -> MessageFiles:
    read = _parse(desk, message)
    if isinstance(read, str):
        return MessageFiles(message, fault=read)
    return MessageFiles(message, tuple(msgspec.structs.replace(each, content=b"") for each in read))


def _parse(desk: DeskReader, message: IncomingMessage) -> Sequence[Attachment] | str:
    """Return the attachments of a message, or why there are none. Raises ImportError without the extra."""
    from supportdesk.intake.mail.parsing.message import UnreadableMail
    from supportdesk.intake.mail.parsing.parser import parse_mail

    content = desk.incoming_original(message.key)
    if content is None:
        return ERASED
    mail = parse_mail(content, now=desk.now())
    return f"It cannot be read: {mail.reason}" if isinstance(mail, UnreadableMail) else mail.attachments
