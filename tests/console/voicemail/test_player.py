"""The program that plays a recording is that of the settings, or one that is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportdesk.access.file_program import FileProgramError
from supportdesk.console.voicemail.player import find_player


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are looked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)


def test_the_program_of_the_settings_comes_before_any_other(installed: Path) -> None:
    install(installed, "mpv", "play", "aplay")
    assert find_player(("vlc", "-I", "dummy"), b"", "wav").name == "vlc"
    assert find_player((), b"", "mp3").name == "mpv"


def test_aplay_is_for_wav_only(installed: Path) -> None:
    install(installed, "aplay")
    assert find_player((), b"", "wav").name == "aplay"
    with pytest.raises(FileProgramError, match="No player is installed: install mpv"):
        find_player((), b"", "mp3")
