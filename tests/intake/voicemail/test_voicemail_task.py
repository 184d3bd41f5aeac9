"""A watcher takes in voicemails and has them transcribed; no recording and no program keeps it from anything else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.intake.voicemail.voicemail_task import VoicemailTask, make_folders
from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState
from tests.intake.voicemail.recordings import recording
from tests.intake.voicemail.test_folder_intake import JO, NOW, leave
from tests.patience import wait_for
from tests.store.incoming import stored
from tests.tickets.scenario import MONDAY_NINE

Make = Callable[..., VoicemailTask]


@pytest.fixture
def log() -> list[str]:
    """The lines of the watcher's log."""
    return []


@pytest.fixture
def make(tmp_path: Path, log: list[str], monkeypatch: pytest.MonkeyPatch) -> Make:
    """Makes the task of a watcher whose settings name the folder, and perhaps a program that transcribes."""
    monkeypatch.setitem(sys.modules, "webrtcvad", None)

    def make_task(script: str = "", timeout: int = 60) -> VoicemailTask:
        text = '[watcher.voicemail.telephone]\nfolder = "voicemail"\n'
        if script:
            program = tmp_path / "transcribe"
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o700)
            text += f'transcribe_command = ["{program}", "-x"]\ntranscribe_timeout = {timeout}\n'
        settings = tmp_path / "config.toml"
        settings.write_text(text)
        return VoicemailTask(log.append, lambda: make_folders(load_watcher_settings(settings)), lambda: NOW)

    return make_task


def tick_until(task: VoicemailTask, desk: Desk, condition: Callable[[], bool]) -> None:
    def is_so() -> bool:
        task.tick(desk, MONDAY_NINE, is_stopped=lambda: False)
        return condition()

    wait_for(is_so, lambda: task.fault)
    task.close()


def transcript(message: IncomingMessage) -> str:
    assert message.voicemail is not None
    return message.voicemail.transcript


def test_recordings_are_taken_in_and_the_log_has_no_number(
    desk: Desk, folder: Path, make: Make, log: list[str]
) -> None:
    leave(folder, JO)
    tick_until(make(), desk, lambda: bool(stored(desk)) and bool(log))
    assert log == ["a voicemail in the folder telephone: not heard"]


def test_a_folder_that_is_not_there_is_a_fault(desk: Desk, folder: Path, make: Make) -> None:
    folder.rmdir()
    task = make()
    tick_until(task, desk, lambda: bool(task.fault))
    assert task.fault == f"the folder telephone cannot be read: {folder}: No such file or directory"


def test_what_a_program_writes_down_is_stored_clean_and_decides_nothing(
    desk: Desk, folder: Path, make: Make
) -> None:
    leave(folder, JO)
    script = r'test "$1" = -x && test -s "$2" && printf "The server \033[2J is down.\nCritical. CD-4C00-W\n"'
    tick_until(make(script), desk, lambda: any(map(transcript, stored(desk))))
    (message,) = desk.waiting_voicemails().messages
    assert transcript(message) == "The server  is down.\nCritical. CD-4C00-W"
    assert (message.state, message.ref, desk.queue().rows) == (MessageState.NOT_HEARD, None, [])


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 3", "failed with 3"),
        ("true", "printed nothing"),
        ("echo SECRET; exec sleep 60", "was ended after 1 s"),
    ],
)
def test_a_program_that_fails_or_hangs_is_a_fault_and_changes_nothing(
    desk: Desk, folder: Path, make: Make, script: str, said: str
) -> None:
    leave(folder, JO)
    task = make(script, timeout=1)
    tick_until(task, desk, lambda: bool(task.fault))
    assert task.fault.startswith("telephone: a voicemail was not transcribed: ")
    assert said in task.fault
    assert "SECRET" not in task.fault
    (message,) = stored(desk)
    assert (message.state, transcript(message)) == (MessageState.NOT_HEARD, "")


def test_a_program_that_hangs_keeps_no_recording_from_being_taken_in(
    desk: Desk, folder: Path, make: Make
) -> None:
    leave(folder, JO)
    task = make("exec sleep 2", timeout=60)
    tick_until(task, desk, lambda: len(stored(desk)) == 1)
    leave(folder, "second.wav", recording(2))
    tick_until(task, desk, lambda: len(stored(desk)) == 2)
