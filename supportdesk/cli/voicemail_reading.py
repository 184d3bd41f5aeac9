"""Takes in voicemails for `supportdesk intake voicemail`, records missed calls, and says what became of each."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from supportdesk.cli.context import CliContext
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import echo, echo_error
from supportdesk.cli.refusal_text import refusal_message
from supportdesk.desk_api import DeskApi
from supportdesk.intake.refused_message import describe_refused
from supportdesk.intake.voicemail.folder import UnreadableFile, read_file
from supportdesk.intake.voicemail.folder_intake import take_in_folder
from supportdesk.intake.voicemail.transcription import TranscriptionError, transcribe, wants_transcript
from supportdesk.intake.voicemail.voicemail_intake import (
    TakenIn,
    VoicemailIntake,
    VoicemailRefusedError,
    VoicemailSource,
    identify_caller,
)
from supportdesk.tickets import telephone
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState
from supportdesk.tickets.records.voicemail_commands import RecordMissedCall
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.voicemail import Voicemail


class Transcriber(Struct, frozen=True):
    """A program with its arguments that transcribes recordings, and how many seconds it may take for each."""

    command: tuple[str, ...]
    timeout: float

    def transcribe(self, desk: DeskApi, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Transcribe those of some voicemails that wait without a transcript; yield the key and why it failed, or "".

        Raises DeskUnavailableError.
        """
        for key in dict.fromkeys(keys):
            message = desk.incoming_message(key)
            if message is None or not wants_transcript(message):
                continue
            try:
                transcribe(desk, message, self.command, self.timeout)
            except TranscriptionError as error:
                yield key, str(error)
            else:
                yield key, ""


def read_paths(
    context: CliContext,
    name: str,
    paths: Iterable[Path],
    quiet: float,
    transcriber: Transcriber | None = None,
) -> int:
    """Take in the recordings of files and folders, then have them transcribed; return how much of it failed.

    What failed is named.
    """
    failed = 0
    keys: list[str] = []
    with context.desk() as desk:
        intake = VoicemailIntake(desk, VoicemailSource(name, zone=desk.policy_at(desk.now()).timezone))
        for path in paths:
            for recording, taken in _take_in(intake, path, quiet):
                if isinstance(taken, str):
                    failed += 1
                    echo_error(f"{recording}: {taken}")
                else:
                    keys.append(taken.key)
                    echo(f"{recording.name}: {describe(taken)}")
        for key, fault in transcriber.transcribe(desk, keys) if transcriber is not None else ():
            if fault:
                failed += 1
                echo_error(f"{key}: it was not transcribed: {fault}")
            else:
                echo(f"{key}: transcribed")
    return failed


def _take_in(intake: VoicemailIntake, path: Path, quiet: float) -> Iterator[tuple[Path, TakenIn | str]]:
    """Take in the recordings of a path, and yield what became of each, or why not."""
    try:
        if path.is_dir():
            yield from take_in_folder(intake, path, time.time(), quiet)
            return
        found = read_file(path)
        if isinstance(found, UnreadableFile):
            yield path, f"it cannot be read: {found.reason}"
        else:
            yield path, intake.take_in(found)
    except VoicemailRefusedError as error:
        yield path, describe_refused(error)
    except OSError as error:
        yield path, f"it cannot be read: {error.strerror or error}"


def describe(taken: TakenIn) -> str:
    """Return what became of a recording, in one line."""
    again = " (taken in before)" if taken.repeated else ""
    return f"{taken.key}, {taken.state}{again}{f': {taken.reason}' if taken.reason else ''}"


def record_missed_call(context: CliContext, number: str, name: str) -> str:
    """Record a call that nobody answered, now; `number` is empty where it is withheld. Return what to say of it."""
    with context.desk() as desk:
        operator, now = context.operator(desk).username, desk.now()
        caller, contact = identify_caller(desk, telephone.extract_number(number) if number else "")
        message = IncomingMessage(
            key="",
            source="telephone",
            source_kind="softphone",
            state=MessageState.MISSED_CALL,
            received_at=now.replace(microsecond=0),
            sender_address=caller,
            sender_name=name,
            subject="Missed call",
            contact=contact,
            voicemail=Voicemail(is_missed_call=True, is_withheld=not number),
        )
        outcome = desk.do(RecordMissedCall(message), by=operator)
    if isinstance(outcome, Refusal):
        raise BadRequestError(refusal_message(outcome))
    return f"Recorded: a missed call from {caller or 'a withheld number'}."
