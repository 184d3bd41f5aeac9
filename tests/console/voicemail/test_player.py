"""A recording is played from a private file, by a program that is ended with what it began."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from supportdesk.console.voicemail.player import Playback, PlaybackError, find_player

ENDLESS = """
import sys, time
with open({report!r}, "w") as report:
    report.write(sys.argv[-1])
time.sleep(60)
"""


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
    assert find_player(("vlc", "-I", "dummy"), "wav") == ("vlc", "-I", "dummy")
    assert find_player((), "mp3")[0] == "mpv"


def test_aplay_is_for_wav_only(installed: Path) -> None:
    install(installed, "aplay")
    assert find_player((), "wav") == ("aplay", "-q")
    with pytest.raises(PlaybackError, match="No player is installed: install mpv"):
        find_player((), "mp3")


def test_a_program_that_cannot_be_run_is_named_with_the_reason() -> None:
    with pytest.raises(PlaybackError, match=r"^player cannot be run: No such file or directory\.$"):
        Playback(("/nowhere/player",), b"RIFF", "wav").run()


def test_stopping_ends_the_program_and_removes_the_file(tmp_path: Path) -> None:
    report = tmp_path / "report"
    playback = Playback((sys.executable, "-c", ENDLESS.format(report=str(report))), b"RIFF", "wav")
    thread = threading.Thread(target=playback.run)
    thread.start()
    while not (report.exists() and report.read_text()):
        thread.join(0.02)
        assert thread.is_alive()
    assert Path(report.read_text()).read_bytes() == b"RIFF"
    playback.stop()
    thread.join(20)
    assert not thread.is_alive()
    assert not Path(report.read_text()).exists()


def test_what_is_stopped_before_it_began_is_not_played(tmp_path: Path) -> None:
    playback = Playback(
        (sys.executable, "-c", ENDLESS.format(report=str(tmp_path / "report"))), b"RIFF", "wav"
    )
    playback.stop()
    playback.run()
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize("media", ["../x", "wav/../..", "\x00", "é", ""])
def test_the_kind_of_a_recording_is_no_part_of_a_path(media: str, tmp_path: Path) -> None:
    report = tmp_path / "report"
    code = f"import sys; open({str(report)!r}, 'w').write(sys.argv[-1])"
    Playback((sys.executable, "-c", code), b"RIFF", media).run()
    assert "." not in Path(report.read_text()).name
