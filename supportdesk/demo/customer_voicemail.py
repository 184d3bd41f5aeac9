"""The voicemails of the demo's customers."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime

import msgspec

from supportdesk.demo.intake_folders import DemoFolders
from supportdesk.desk_api import DeskApi
from supportdesk.resources import data_path


class RecordedCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A voicemail: the key of the contact who calls, and the name of the file with what they say."""

    contact: str
    recording: str


class _VoicemailFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    calls: tuple[RecordedCall, ...]


def load_calls() -> tuple[RecordedCall, ...]:
    """Load the calls that ship with the program."""
    return msgspec.toml.decode(data_path("demo/voicemail.toml").read_bytes(), type=_VoicemailFile).calls


def leave_voicemail(desk: DeskApi, folders: DemoFolders, now: datetime) -> bool:
    """Leave the next voicemail as a telephone system would, if there is one; return True: none must wait.

    Raises OSError.
    """
    calls = load_calls()
    with folders.reserve_next("voicemail", len(calls)) as number:
        if number is not None:
            call = calls[number]
            name = f"{now.astimezone(UTC):%Y%m%d-%H%M%SZ}_{_find_telephone(desk, call.contact)}.wav"
            # What is hidden is left alone, so that nothing is taken in before it is complete.
            written = folders.voicemail / f".{name}"
            written.write_bytes(data_path(f"demo/voicemail/{call.recording}").read_bytes())
            os.utime(written, (now.timestamp(), now.timestamp()))
            written.rename(folders.voicemail / name)
    return True


def _find_telephone(desk: DeskApi, contact: str) -> str:
    """Return the number of a contact as a telephone system writes it; nothing for one who is no more."""
    caller = desk.caller(contact)
    return re.sub(r"[^+\d]", "", caller.contact.telephone) if caller is not None else ""
