"""A recording is known by its bytes: its kind, its length, and whether somebody speaks."""

from __future__ import annotations

import pytest

from supportdesk.intake.voicemail.recording import (
    Recording,
    UnreadableRecording,
    digest_content,
    measure_speech,
    read_recording,
)
from tests.intake.voicemail.recordings import needs_speech, recording, silence, sox, speech, wav


def read(content: bytes) -> Recording:
    found = read_recording(content)
    assert isinstance(found, Recording), found
    return found


def test_a_wav_file_has_a_length() -> None:
    found = read(recording(seconds=3))
    assert (found.media, found.seconds) == ("wav", 3)


def test_a_wav_file_that_is_cut_off_is_as_long_as_what_is_there() -> None:
    assert read(recording(seconds=2)[:-16_000]).seconds == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEfmt ", recording()[:30], b"hello", b"\xff", b"\0" * 100],
)
def test_what_is_no_recording_is_said_to_be_none(content: bytes) -> None:
    assert isinstance(read_recording(content), UnreadableRecording)


def test_an_mp3_file_has_a_length() -> None:
    pytest.importorskip("mutagen")
    # Frames of MPEG 1 layer III, 128 kbit/s at 44.1 kHz: 417 bytes in 26 ms each.
    found = read(b"".join(b"\xff\xfb\x90\x00" + bytes(413) for _ in range(100)))
    assert found.media == "mp3"
    assert found.seconds == pytest.approx(2.6, abs=0.1)


@needs_speech
def test_a_packed_wav_file_can_be_played_though_it_cannot_be_measured_for_speech() -> None:
    found = read(sox(recording(seconds=2), "-e", "gsm-full-rate"))
    assert (found.media, found.sound, measure_speech(found)) == ("wav", None, None)


@needs_speech
def test_speech_is_told_from_silence_and_from_noise() -> None:
    pytest.importorskip("webrtcvad")
    spoken = measure_speech(read(speech()))
    assert spoken is not None
    assert not spoken.is_empty
    assert spoken.percent > 50
    noise = sox(silence(3), "-r", "8000", effects=("synth", "3", "whitenoise", "vol", "0.003"))
    for content in (silence(3), noise, wav(b"")):
        nothing = measure_speech(read(content))
        assert nothing is not None
        assert nothing.is_empty, nothing


@needs_speech
def test_of_a_call_in_stereo_the_first_side_is_listened_to() -> None:
    pytest.importorskip("webrtcvad")
    stereo = measure_speech(read(sox(speech(), "-c", "2")))
    assert stereo is not None
    assert not stereo.is_empty


def test_silence_is_that_of_one_call_and_sound_is_the_same_wherever_it_is() -> None:
    still, sound = read(silence()), read(recording())
    assert digest_content(still, "1", "9:00") != digest_content(still, "2", "9:00")
    assert digest_content(still, "1", "9:00") != digest_content(still, "1", "9:01")
    for each in (sound, read(wav(bytes([0, 1, 0, 2]) * 4_000))):
        assert digest_content(each, "1", "9:00") == digest_content(each, "", "9:01")
