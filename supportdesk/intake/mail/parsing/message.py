"""A message as it was read: values only, all texts clean."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from supportdesk.attachments.attachment import Attachment
from supportdesk.intake.mail.parsing.addresses import MailAddress
from supportdesk.intake.mail.parsing.automatic import AutomaticMail
from supportdesk.intake.mail.parsing.body import BodyForm
from supportdesk.intake.mail.parsing.bounce import Bounce
from supportdesk.intake.mail.parsing.forwarded import ForwardedMail
from supportdesk.intake.mail.parsing.identity import MailIdentity
from supportdesk.intake.mail.parsing.thread import MailThread


class MailMessage(Struct, frozen=True):
    """A message. `text` is all that it says, with what it quotes; `form` is what that was made from.

    `sender` is the first address of `From`, None where there is none; `has_several_senders` says that there are others.
    `sent_at` is what the sender's clock said, `received_at` what our own server's clock said; None where they said
    nothing. `automatic` is None where nothing says that a program sent it.
    `remarks` say in sentences what was wrong with the message, and what is in its original only.
    """

    identity: MailIdentity
    sender: MailAddress | None
    has_several_senders: bool
    reply_to: tuple[MailAddress, ...]
    to: tuple[MailAddress, ...]
    cc: tuple[MailAddress, ...]
    subject: str
    text: str
    form: BodyForm
    attachments: tuple[Attachment, ...]
    sent_at: datetime | None
    received_at: datetime | None
    thread: MailThread
    automatic: AutomaticMail | None
    bounce: Bounce | None
    forwarded: ForwardedMail | None
    remarks: tuple[str, ...]


class UnreadableMail(Struct, frozen=True):
    """Bytes that are no message, or one that cannot be read, and why, in a sentence. They are set aside whole."""

    reason: str
