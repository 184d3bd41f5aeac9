"""What is in the original of a voicemail: the recording itself, or the mail that brought it, with all that it says."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from supportdesk.tickets.incoming_message import IncomingMessage


class VoicemailOriginal(Struct, frozen=True):
    """A recording, None where it was erased or cannot be found, for the reason that `fault` says.

    `words` are what the mail that brought it says, its subject first, and `files` the names of what else it brought.
    """

    recording: bytes | None
    words: str = ""
    files: tuple[str, ...] = ()
    fault: str = ""


def read_voicemail_original(
    message: IncomingMessage, original: bytes | None, now: datetime
) -> VoicemailOriginal:
    """Return what is in the original of a voicemail, which is None once it was erased."""
    digest = message.voicemail.recording if message.voicemail is not None else ""
    if original is None or not digest:
        return VoicemailOriginal(original)
    try:
        # Optional: the extra `mail` has what it needs, and most voicemails need no mail.
        from supportdesk.intake.mail.parsing.message import UnreadableMail
        from supportdesk.intake.mail.parsing.parser import parse_mail
    except ImportError:
        fault = "The recording is in mail, and reading that needs nh3: pip install 'supportdesk[mail]'."
        return VoicemailOriginal(None, fault=fault)
    mail = parse_mail(original, now=now)
    if isinstance(mail, UnreadableMail):
        return VoicemailOriginal(None, fault=f"The mail with the recording cannot be read: {mail.reason}")
    recording = next((each.content for each in mail.attachments if each.digest == digest), None)
    return VoicemailOriginal(
        recording,
        "\n".join(filter(None, (mail.subject, mail.text.strip()))),
        tuple(each.name for each in mail.attachments if each.digest != digest),
        "" if recording is not None else "The recording is not found in the mail that brought it.",
    )
