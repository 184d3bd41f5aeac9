"""Plays a recording with a program of the operator's settings, or the first one that is installed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from supportdesk.tickets.command import LINE_LIMIT
from supportdesk.tickets.plain_text import clean_line

_MPV = ("mpv", "--no-config", "--no-video", "--ytdl=no", "--no-input-terminal", "--msg-level=all=error")
_PLAYERS = (_MPV, ("play", "-q"), ("aplay", "-q"))
"""The programs that are looked for, in this order; `aplay` plays WAV only."""
WAV = "wav"
_MOST_ERRORS = 2_000
"""How many bytes of the end of what a program says are read, to find why it failed."""


class PlaybackError(Exception):
    """A recording cannot be played; the text is a sentence that says why."""


def find_player(wanted: Sequence[str], media: str) -> tuple[str, ...]:
    """Return the program that plays recordings of a kind, with its arguments. Raises PlaybackError without one.

    `wanted` is that of the settings, empty for the first one that is installed.
    """
    if wanted:
        return tuple(wanted)
    for player in _PLAYERS:
        if (player[0] != "aplay" or media == WAV) and shutil.which(player[0]) is not None:
            return player
    raise PlaybackError("No player is installed: install mpv, or name a program in the settings.")


class Playback:
    """Plays a recording once, with a program and its arguments, from a private file that is removed afterwards."""

    def __init__(self, command: Sequence[str], recording: bytes, media: str) -> None:
        self._command, self._recording, self._media = command, recording, media
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def run(self) -> None:
        """Play the recording to its end, or until `stop`. Blocks. Raises PlaybackError where the program fails.

        The program runs without a shell and a terminal, and gets the file as its last argument.
        """
        suffix = f".{self._media}" if self._media.isascii() and self._media.isalnum() else ""
        try:
            with (
                tempfile.NamedTemporaryFile(prefix="voicemail-", suffix=suffix) as file,
                tempfile.TemporaryFile() as errors,
            ):
                file.write(self._recording)
                file.flush()
                code = self._play(file.name, errors)
                if code and not self._is_stopped:
                    raise PlaybackError(_describe_fault(_name(self._command), code, errors))
        except OSError as error:
            raise PlaybackError(f"{_name(self._command)} cannot be run: {error.strerror}.") from error

    def stop(self) -> None:
        """End the program that plays, with its children: a player has nothing to clean up."""
        with self._lock:
            self._is_stopped = True
            if self._process is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)

    def _play(self, path: str, errors: IO[bytes]) -> int:
        """Return the exit code of the program."""
        with self._lock:
            if self._is_stopped:
                return 0
            process = self._process = subprocess.Popen(  # noqa: S603 - the operator's own settings name the program
                [*self._command, path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
        # Until it is waited for, its number belongs to nobody else, so that `stop` ends no other program.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        with self._lock:
            self._process = None
            return process.wait()


def save_recording(recording: bytes, path: Path) -> None:
    """Write a recording to a new file that only its owner can read. Raises OSError, also where there is a file."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(recording)


def _describe_fault(program: str, code: int, errors: IO[bytes]) -> str:
    """Return how a program ended, with the last line that it said."""
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - _MOST_ERRORS))
    last = errors.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
    said = clean_line(last, LINE_LIMIT).text.rstrip(".")
    ended = f"ended with exit code {code}" if code > 0 else f"was ended by signal {-code}"
    return f"{program} {ended}{f': {said}' if said else ''}."


def _name(command: Sequence[str]) -> str:
    return Path(command[0]).name
