"""Recordings of callers, and what telephone systems say of their calls."""

from __future__ import annotations

from datetime import UTC

from supportdesk.intake.voicemail.call_details import CallDetails, read_name, read_sidecar
from supportdesk.intake.voicemail.recording import (
    UnreadableRecording,
    digest_content,
    measure_speech,
    read_recording,
)
from tests.fuzz.target import Target, assert_helps, text_target

ZONE = "Europe/London"


def _check_recording(sample: bytes) -> None:
    """A file is a recording of some length, or it is said why it is none."""
    found = read_recording(sample)
    assert found.content == sample
    assert len(digest_content(found, "", "")) == 64
    if isinstance(found, UnreadableRecording):
        assert_helps(found.reason, " ")
        return
    assert found.media
    assert found.seconds is None or found.seconds >= 0
    speech = measure_speech(found)
    assert speech is None or 0 <= speech.percent <= 100


recordings = Target("recordings", _check_recording, text=False, longest=1 << 20)


@text_target("call-details")
def call_details(text: str) -> None:
    """Any name of a file and any file beside it tell something or nothing."""
    for found in (read_name(text, ZONE), read_sidecar(text, ZONE)):
        _check_details(found)


def _check_details(found: CallDetails) -> None:
    assert found.at is None or found.at.tzinfo is UTC
    assert found.seconds is None or found.seconds >= 0
    assert not found.caller or any(map(str.isdigit, found.caller))
