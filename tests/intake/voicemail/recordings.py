"""Recordings for tests: WAV files as a telephone system writes them."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from functools import cache

import pytest

RATE = 8_000
needs_speech = pytest.mark.skipif(
    not (shutil.which("espeak-ng") and shutil.which("sox")), reason="needs espeak-ng and sox"
)


def recording(number: int = 1, seconds: float = 1.0) -> bytes:
    """A WAV file whose samples tell it from others."""
    return wav(bytes([number % 251, 1, 0, 0]) * int(RATE * seconds / 2))


def silence(seconds: float = 2.0) -> bytes:
    """A WAV file in which nothing is to be heard."""
    return wav(bytes(2 * int(RATE * seconds)))


def wav(samples: bytes, channels: int = 1) -> bytes:
    """A WAV file of 16-bit samples."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((channels, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples)
    return buffer.getvalue()


@cache
def speech(text: str = "Hello, this is Jo Park. Our printer does not work, please call me back.") -> bytes:
    """A WAV file in which espeak-ng speaks, as a telephone line carries it."""
    spoken = subprocess.run(
        ["espeak-ng", "-v", "en-gb", "--stdout", text], capture_output=True, check=True
    ).stdout
    return sox(spoken, "-r", f"{RATE}", "-c", "1", "-b", "16")


def sox(content: bytes, *form: str, effects: tuple[str, ...] = ()) -> bytes:
    """A WAV file in another form."""
    command = ["sox", "-t", "wav", "-", *form, "-t", "wav", "-", *effects]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout
