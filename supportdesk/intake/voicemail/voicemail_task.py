"""Takes in voicemails as time passes, and has them transcribed; a watcher runs it as one of its tasks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from supportdesk.desk_api import DeskApi
from supportdesk.settings.watcher import WatcherSettings

CLOSING = 5.0
"""Seconds for which a recording is waited for that is being taken in when the watcher ends."""


class VoicemailFolder(Struct, frozen=True):
    """A folder of recordings, by name; the program that transcribes them, and how many seconds it may take."""

    name: str
    folder: Path
    quiet: float
    transcribe_command: tuple[str, ...] = ()
    transcribe_timeout: float = 0


def make_folders(settings: WatcherSettings) -> list[VoicemailFolder]:
    """Return the folders of the settings, by name."""
    return [
        VoicemailFolder(
            name, settings.resolve(each.folder), each.quiet, each.transcribe_command, each.transcribe_timeout
        )
        for name, each in sorted(settings.voicemail.items())
    ]


class VoicemailTask:
    """Takes in what is in the folders on a thread of its own, and transcribes on another.

    No recording and no program may keep a watcher from paging somebody, and no program a recording from being taken in.
    """

    name = "taking in voicemails"

    def __init__(
        self,
        say: Callable[[str], None],
        load: Callable[[], Sequence[VoicemailFolder]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Make the task; `load` returns the folders, at each tick. `clock` is that of the files' dates."""
        self._say = say
        self._load = load
        self._clock = clock
        self._intake = _Work("voicemail")
        self._transcription = _Work("transcription")
        self._tried: set[str] = set()

    @property
    def fault(self) -> str:
        """Which folders or recordings cannot be read at present, and which could not be transcribed, and why."""
        return "; ".join((*self._intake.faults, *self._transcription.faults))

    def tick(self, desk: DeskApi, now: datetime, *, is_stopped: Callable[[], bool]) -> bool:
        """Begin to take in what is there, unless that is still under way; return that nothing more is due at once.

        Raises what the last time has raised, such as DeskUnavailableError.
        """
        folders = self._load()
        self._intake.go_on(bool(folders), lambda: self._take_in(desk, folders, is_stopped))
        transcribed = [each for each in folders if each.transcribe_command]
        self._transcription.go_on(bool(transcribed), lambda: self._transcribe(desk, transcribed, is_stopped))
        return False

    def close(self) -> None:
        """End after the recording that is being taken in, which is waited for a little."""
        self._intake.close()
        self._transcription.close()

    def _take_in(
        self, desk: DeskApi, folders: Sequence[VoicemailFolder], is_stopped: Callable[[], bool]
    ) -> tuple[str, ...]:
        """Take in what is in the folders, and return what could not be. Raises DeskUnavailableError."""
        from supportdesk.intake.voicemail.folder_intake import take_in_folder
        from supportdesk.intake.voicemail.voicemail_intake import VoicemailIntake, VoicemailSource

        faults = []
        zone = desk.policy_at(desk.now()).timezone
        for each in folders:
            intake = VoicemailIntake(desk, VoicemailSource(each.name, zone=zone))
            try:
                for path, taken in take_in_folder(intake, each.folder, self._clock(), each.quiet):
                    if isinstance(taken, str):
                        faults.append(f"{path}: {taken}")
                    else:
                        self._say(f"a voicemail in the folder {each.name}: {taken.state}")
                    if is_stopped():
                        return tuple(faults)
            except OSError as error:
                faults.append(
                    f"the folder {each.name} cannot be read: {each.folder}: {error.strerror or error}"
                )
        return tuple(faults)

    def _transcribe(
        self, desk: DeskApi, folders: Sequence[VoicemailFolder], is_stopped: Callable[[], bool]
    ) -> tuple[str, ...]:
        """Transcribe what waits without a transcript, each once while this watcher runs, and return what failed."""
        from supportdesk.intake.voicemail.transcription import (
            TranscriptionError,
            find_untranscribed,
            transcribe,
        )

        faults = list(self._transcription.faults)
        for each in folders:
            for message in find_untranscribed(desk, each.name):
                if is_stopped() or message.key in self._tried:
                    continue
                self._tried.add(message.key)
                try:
                    transcribe(desk, message, each.transcribe_command, each.transcribe_timeout)
                    faults = [fault for fault in faults if not fault.startswith(f"{each.name}: ")]
                except TranscriptionError as error:
                    faults = [fault for fault in faults if not fault.startswith(f"{each.name}: ")]
                    faults.append(f"{each.name}: a voicemail was not transcribed: {error}")
        return tuple(faults)


class _Work:
    """What is done again and again on a thread of its own, and what could not be done the last time.

    The thread keeps no watcher from ending, as a user's program may hang for long.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._work: Future[tuple[str, ...]] | None = None
        self.faults: tuple[str, ...] = ()

    def go_on(self, is_wanted: bool, work: Callable[[], tuple[str, ...]]) -> None:
        """Begin it again, unless it is still under way. Raises what it has raised the last time."""
        if self._work is not None and not self._work.done():
            return
        done, self._work = self._work, None
        self.faults = done.result() if done is not None else self.faults
        if is_wanted:
            future: Future[tuple[str, ...]] = Future()
            self._work = future
            threading.Thread(target=_run, args=(work, future), name=self._name, daemon=True).start()
        else:
            self.faults = ()

    def close(self) -> None:
        """End it; what is under way is waited for a little."""
        if self._work is not None:
            wait([self._work], CLOSING)


def _run(work: Callable[[], tuple[str, ...]], future: Future[tuple[str, ...]]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - the watcher raises it at its next tick
        future.set_exception(error)
