"""Reads the messages by which telephone systems send voicemails: a recording, with the caller in the header."""

from __future__ import annotations

import re
from email.parser import BytesHeaderParser
from email.policy import compat32

from supportdesk.intake.mail.parsing.encoded_words import decode_words
from supportdesk.intake.mail.parsing.message import MailMessage
from supportdesk.intake.voicemail.call_details import (
    CallDetails,
    hides_number,
    parse_time,
    read_caller,
    read_name,
)
from supportdesk.intake.voicemail.recording import Recording, UnreadableRecording, read_recording

_NUMBER = re.compile(r"(?<![\dA-Za-z])\+?\(?\d[\d ()./-]{4,20}\d(?!\d)")
_ENDINGS = (".wav", ".mp3", ".ogg", ".opus", ".flac", ".gsm")
_LONGEST = 200


def read_voicemails(
    mail: MailMessage, content: bytes, zone: str
) -> list[tuple[Recording | UnreadableRecording, CallDetails]]:
    """Return the recordings in a message with what it says of the call, each once; none of a message without any.

    Asterisk and FreePBX say the caller and the time in headers of their own; 3CX, Cisco Unity and others name the
    caller in the subject or as the sender. `zone` is that of times without one.
    """
    audio = {
        each.digest: each for each in mail.attachments if _is_audio(each.name, each.declared_type)
    }.values()
    details = _read_headers(content, zone).or_else(_read_caller(mail))
    return [
        # Its name is such as msg0001.wav, or the number.
        (read_recording(each.content), details.or_else(read_name(each.name.rpartition(".")[0], zone)))
        for each in audio
    ]


def _is_audio(name: str, declared_type: str) -> bool:
    return declared_type.startswith("audio/") or name.lower().endswith(_ENDINGS)


def _read_headers(content: bytes, zone: str) -> CallDetails:
    """Return what Asterisk says in its own headers."""
    header = BytesHeaderParser(policy=compat32).parsebytes(content)

    def read(name: str) -> str:
        value = str(header.get(f"X-Asterisk-{name}", ""))[:_LONGEST]
        return decode_words(value.encode("utf-8", "surrogateescape")).strip()

    number, name = read_caller(read("CallerID"))
    at = parse_time(read("VM-Orig-time"), zone) or parse_time(read("VM-Orig-Time"), zone)
    seconds = read("VM-Duration")
    return CallDetails(
        number,
        read("CallerIDName") or name,
        at,
        float(seconds) if re.fullmatch(r"\d{1,6}", seconds) else None,
        hides_number(read("CallerID")),
    )


def _read_caller(mail: MailMessage) -> CallDetails:
    """Return the caller whom a subject or a sender names."""
    for text in (mail.subject, mail.sender.name if mail.sender else "", _local_part(mail)):
        numbers = _NUMBER.findall(text[:_LONGEST])
        if numbers:
            number = max(numbers, key=lambda each: (each.startswith("+"), sum(map(str.isdigit, each))))
            return CallDetails(read_caller(number)[0])
    return CallDetails()


def _local_part(mail: MailMessage) -> str:
    return mail.sender.address.rpartition("@")[0] if mail.sender else ""
