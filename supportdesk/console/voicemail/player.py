"""Finds the program that plays a recording: that of the operator's settings, or the first one that is installed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from supportdesk.access.file_program import FileProgram, FileProgramError

_MPV = ("mpv", "--no-config", "--no-video", "--ytdl=no", "--no-input-terminal", "--msg-level=all=error")
_PLAYERS = (_MPV, ("play", "-q"), ("aplay", "-q"))
"""The programs that are looked for, in this order; `aplay` plays WAV only."""
WAV = "wav"


def find_player(wanted: Sequence[str], recording: bytes, media: str) -> FileProgram:
    """Return what plays a recording of a kind. Raises FileProgramError where no program is installed that does.

    `wanted` is the program of the settings with its arguments, empty for the first one that is installed.
    """
    return FileProgram(_find_command(wanted, media), recording, prefix="voicemail-", extension=media)


def _find_command(wanted: Sequence[str], media: str) -> Sequence[str]:
    if wanted:
        return wanted
    for player in _PLAYERS:
        if (player[0] != "aplay" or media == WAV) and shutil.which(player[0]) is not None:
            return player
    raise FileProgramError("No player is installed: install mpv, or name a program in the settings.")
