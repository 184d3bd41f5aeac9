"""Has a user's program write down what is said in a voicemail. Nothing is ever decided by that."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from supportdesk.access.program import run_program
from supportdesk.desk_api import Commands
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.command import TEXT_LIMIT
from supportdesk.tickets.incoming_message import VOICEMAIL_WAITS, IncomingMessage, WaitingVoicemails
from supportdesk.tickets.plain_text import clean_text
from supportdesk.tickets.records.voicemail_commands import AddTranscript
from supportdesk.tickets.refusal import Refusal

_LARGEST = 50 << 20
"""The most bytes of a recording that is given to a program."""
_OUTPUT = 4 * TEXT_LIMIT
"""The most bytes that are read of its output."""
_CUT = "\n[the transcript is cut here]"


class Desk(Commands, Protocol):
    """What a transcription needs of a desk."""

    def waiting_voicemails(self, limit: int = 100) -> WaitingVoicemails:
        """Return the voicemails of which nothing became yet."""
        ...

    def incoming_message(self, key: str) -> IncomingMessage | None:
        """Return a voicemail by its key."""
        ...

    def incoming_original(self, key: str) -> bytes | None:
        """Return a recording; None once it was erased."""
        ...


class TranscriptionError(Exception):
    """There is no transcript; the text says why, and has nothing of what the program printed."""


def find_untranscribed(desk: Desk, source: str) -> list[IncomingMessage]:
    """Return the recordings of a source that wait without a transcript, the oldest first."""
    return [
        each
        for each in desk.waiting_voicemails().messages
        if each.source == source and wants_transcript(each)
    ]


def wants_transcript(message: IncomingMessage) -> bool:
    """Return whether a message is a recording that waits without a transcript, and not in the mail that brought it."""
    voicemail = message.voicemail
    return (
        message.state in VOICEMAIL_WAITS
        and bool(message.original)
        and voicemail is not None
        and not voicemail.transcript
        and not message.is_mail
    )


def transcribe(desk: Desk, message: IncomingMessage, command: Sequence[str], timeout: float) -> None:
    """Have a program transcribe a recording, and store what it prints. Nothing of the desk is locked meanwhile.

    The recording is a file that only its owner can read; its path is the last argument. Raises TranscriptionError and
    DeskUnavailableError, and then nothing changes.
    """
    content = desk.incoming_original(message.key)
    if content is None:
        return
    if len(content) > _LARGEST:
        raise TranscriptionError(f"the recording has more than {_LARGEST >> 20} MB")
    text = _run(content, message, command, timeout)
    outcome = desk.do(
        AddTranscript(message.key, text),
        by=INTAKE.key,
        command_id=f"transcript {message.key} {message.original}",
    )
    if isinstance(outcome, Refusal) and not _has_transcript(desk, message.key):
        raise TranscriptionError(outcome.reason)


def _has_transcript(desk: Desk, key: str) -> bool:
    """Return whether another watcher was faster."""
    found = desk.incoming_message(key)
    return found is not None and found.voicemail is not None and bool(found.voicemail.transcript)


def _run(content: bytes, message: IncomingMessage, command: Sequence[str], timeout: float) -> str:
    assert message.voicemail is not None
    with tempfile.TemporaryDirectory(prefix="supportdesk-") as folder:
        path = Path(folder, f"voicemail.{message.voicemail.media or 'bin'}")
        path.write_bytes(content)
        try:
            result = run_program([*command, str(path)], b"", timeout=timeout, most=_OUTPUT)
        except OSError as error:
            raise TranscriptionError(f"{command[0]} cannot be started: {error.strerror or error}") from error
    if result.exit_code is None:
        raise TranscriptionError(f"{command[0]} was ended after {timeout:g} s")
    if result.exit_code:
        raise TranscriptionError(f"{command[0]} failed with {result.exit_code}")
    cleaned = clean_text(result.output, TEXT_LIMIT - len(_CUT))
    text = cleaned.text.strip()
    if not text:
        raise TranscriptionError(f"{command[0]} printed nothing")
    return text + _CUT if cleaned.cut else text
