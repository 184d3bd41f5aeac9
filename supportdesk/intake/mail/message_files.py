"""Reads the files of messages, of those that arrived and of replies: what each is, and the content of one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from supportdesk.attachments.attachment import Attachment
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.sla.clocks import instant
from supportdesk.tickets.incoming_message import ON_TICKET
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supportdesk.desk_api import DeskReader
    from supportdesk.store.outbox_models import SentFiles
    from supportdesk.tickets.attached_file import AttachedFile
    from supportdesk.tickets.incoming_message import IncomingMessage

ERASED = "The message itself is not here any more: it was erased."
NO_READER = "Attachments need an extra: pip install 'supportdesk[mail]'."
_GONE = Refusal("This attachment is not here any more.")


class FilesOf(msgspec.Struct, frozen=True):
    """Whose attachments are meant: of one message, by its `key`, or of all messages and replies on the ticket `ref`."""

    key: str = ""
    ref: str = ""


class MessageFiles(msgspec.Struct, frozen=True):
    """The attachments of a message, without their contents; `fault` says why it cannot be read.

    `key` is that of a message that arrived, or a name of one that `is_sent`: a reply. `who` is who sent it, `at` when.
    """

    key: str
    who: str
    at: datetime
    attachments: tuple[Attachment, ...] = ()
    fault: str = ""
    is_sent: bool = False


def read_files(desk: DeskReader, wanted: FilesOf) -> tuple[MessageFiles, ...] | Refusal:
    """Return the messages that have attachments or cannot be read, the oldest first, or why not. Blocks."""
    try:
        found = [_read_message(desk, each) for each in _find_messages(desk, wanted)]
        if wanted.ref:
            found += map(_read_reply, desk.sent_files(wanted.ref))
    except DeskUnavailableError as error:
        return Refusal(str(error))
    except ImportError:
        return Refusal(NO_READER)
    return tuple(sorted((each for each in found if each.attachments or each.fault), key=lambda each: each.at))


def read_content(desk: DeskReader, message: MessageFiles, attachment: Attachment) -> bytes | Refusal:
    """Return the content of an attachment, or why it cannot be read. Blocks."""
    try:
        if message.is_sent:
            content = desk.attached_content(attachment.digest)
            return _GONE if content is None else content
        read = _parse(desk, message.key)
    except DeskUnavailableError as error:
        return Refusal(str(error))
    if isinstance(read, str):
        return _GONE
    # The same digest is the same content, so that it does not matter which of several is found.
    return next((each.content for each in read if each.digest == attachment.digest), _GONE)


def _find_messages(desk: DeskReader, wanted: FilesOf) -> list[IncomingMessage]:
    if wanted.ref:
        on_ticket = desk.find_incoming(ref=wanted.ref)
        return [each for each in on_ticket if each.state in ON_TICKET and each.is_mail]
    message = desk.incoming_message(wanted.key)
    return [message] if message is not None else []


def _read_message(desk: DeskReader, message: IncomingMessage) -> MessageFiles:
    who = message.sender_name or message.sender_address or "nobody named"
    found = MessageFiles(message.key, who, message.received_at)
    read = _parse(desk, message.key)
    if isinstance(read, str):
        return msgspec.structs.replace(found, fault=read)
    bare = tuple(msgspec.structs.replace(each, content=b"") for each in read)
    return msgspec.structs.replace(found, attachments=bare)


def _read_reply(sent: SentFiles) -> MessageFiles:
    return MessageFiles(
        f"reply {sent.seq}",
        f"{sent.author} (sent)",
        instant(sent.at),
        tuple(map(_describe, sent.files)),
        is_sent=True,
    )


def _describe(file: AttachedFile) -> Attachment:
    return Attachment(file.name, file.media_type, file.media_type, file.size, file.digest, b"")


def _parse(desk: DeskReader, key: str) -> Sequence[Attachment] | str:
    """Return the attachments of a message, or why there are none. Raises ImportError without the extra."""
    from supportdesk.intake.mail.parsing.message import UnreadableMail
    from supportdesk.intake.mail.parsing.parser import parse_mail

    content = desk.incoming_original(key)
    if content is None:
        return ERASED
    mail = parse_mail(content, now=desk.now())
    return f"It cannot be read: {mail.reason}" if isinstance(mail, UnreadableMail) else mail.attachments
