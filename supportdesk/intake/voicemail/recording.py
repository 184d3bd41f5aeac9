"""Recordings: what kind a file is, how long it lasts, and how much of it somebody speaks."""

from __future__ import annotations

import hashlib
import io
import wave
from collections.abc import Iterator

from msgspec import Struct

_BEGINNINGS = ((b"OggS", "ogg"), (b"fLaC", "flac"), (b"ID3", "mp3"))
_PCM = 2
"""Bytes of a sample that a voice detector reads."""
_RATES = (8_000, 16_000, 32_000, 48_000)
"""Samples per second that it reads."""
_FRAMES = 100
"""Parts of a second into which it divides a recording."""
_STRICTEST = 3
_LEAST_SPEECH = 0.3
"""Seconds of speech below which nobody speaks: a click or a cough passes for less."""


class Sound(Struct, frozen=True):
    """The samples of a recording, of one channel with two bytes each, and how many of them are a second."""

    samples: bytes
    rate: int


class Recording(Struct, frozen=True):
    """A recording that can be played. `seconds` is None where its length is not known, `sound` where it is packed."""

    content: bytes
    media: str
    seconds: float | None = None
    sound: Sound | None = None

    @property
    def is_constant(self) -> bool:
        """Whether it has the same value from beginning to end, so that another call may have left the same bytes."""
        return self.sound is not None and len(set(memoryview(self.sound.samples).cast("h"))) <= 1


class UnreadableRecording(Struct, frozen=True):
    """A file that cannot be read as a recording, and why, in a sentence."""

    content: bytes
    reason: str


class Speech(Struct, frozen=True):
    """How much of a recording somebody speaks, in percent, and whether that is so little that nobody does."""

    percent: int
    is_empty: bool


def read_recording(content: bytes) -> Recording | UnreadableRecording:
    """Return a file as a recording; what its name says of it does not count."""
    if not content:
        return UnreadableRecording(content, "The file is empty.")
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return _read_wave(content)
    media = next((media for begin, media in _BEGINNINGS if content.startswith(begin)), None)
    if media is None and content[0] == 0xFF and len(content) > 1 and content[1] & 0xE0 == 0xE0:
        media = "mp3"
    seconds = _measure(content)
    if media is None or (media == "mp3" and seconds == 0):
        return UnreadableRecording(content, "It is no recording in a known form (WAV, MP3, Ogg or FLAC).")
    return Recording(content, media, seconds)


def measure_speech(recording: Recording) -> Speech | None:
    """Return how much somebody speaks; None where no voice detector is installed, or it cannot read the recording."""
    sound = recording.sound
    if sound is None or sound.rate not in _RATES:
        return None
    try:
        # Optional: the extra `voicemail` has it.
        from webrtcvad import Vad
    except ImportError:
        return None
    detector = Vad(_STRICTEST)
    spoken = [detector.is_speech(frame, sound.rate) for frame in _cut(sound)]
    if not spoken:
        return Speech(0, is_empty=True)
    return Speech(round(100 * sum(spoken) / len(spoken)), is_empty=sum(spoken) < _LEAST_SPEECH * _FRAMES)


def digest_content(recording: Recording | UnreadableRecording, caller: str, at: str) -> str:
    """Return what tells the content of a recording from others: silence is that of one call only."""
    digest = hashlib.sha256(recording.content)
    if isinstance(recording, Recording) and recording.is_constant:
        digest.update(f"\n{caller}\n{at}".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _read_wave(content: bytes) -> Recording | UnreadableRecording:
    try:
        with wave.open(io.BytesIO(content), "rb") as file:
            frames = file.readframes(file.getnframes())
            rate, width, channels = file.getframerate(), file.getsampwidth(), file.getnchannels()
    except wave.Error as error:
        if not str(error).startswith("unknown format"):
            return UnreadableRecording(content, f"It is no whole WAV file: {error}.")
        # Packed, such as the GSM that some telephone systems record: players know it.
        return Recording(content, "wav", _measure(content))
    except Exception:  # noqa: BLE001 - anything may be in a file that others send
        return UnreadableRecording(content, "It is no whole WAV file.")
    seconds = len(frames) / (rate * width * channels) if rate and width and channels else None
    if width != _PCM:
        return Recording(content, "wav", seconds)
    samples = memoryview(frames[: len(frames) // (_PCM * channels) * _PCM * channels]).cast("h")[::channels]
    return Recording(content, "wav", seconds, Sound(samples.tobytes(), rate))


def _measure(content: bytes) -> float | None:
    """Return how many seconds a packed recording lasts; None where that cannot be read."""
    try:
        import mutagen
    except ImportError:
        return None
    try:
        found = mutagen.File(io.BytesIO(content))
    except Exception:  # noqa: BLE001 - anything may be in a file that others send
        return None
    length = getattr(getattr(found, "info", None), "length", None)
    return round(float(length), 2) if isinstance(length, int | float) else None


def _cut(sound: Sound) -> Iterator[bytes]:
    size = sound.rate // _FRAMES * _PCM
    for start in range(0, len(sound.samples) - size + 1, size):
        yield sound.samples[start : start + size]
