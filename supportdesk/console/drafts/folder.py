"""Drafts on disk, one file each, written atomically.

Each console has a folder below that of its operator and desk, and locks it for as long as it runs. The next console to
start adopts the files of every folder whose console has ended, however it ended.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import queue
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from supportdesk.console.drafts.draft import StoredDraft, UnreadableDraftError
from supportdesk.console.drafts.drafts import Drafts
from supportdesk.files import PRIVATE, make_folder, replace_file

RETENTION = timedelta(days=30)
"""The age at which a draft is deleted."""

GRACE = 2.0
"""Seconds for which quitting waits for drafts to be written."""

_LOCK = "lock"
_ENDING = ".json"
_LARGEST = 4 << 20
_SET_ASIDE = "unreadable"


class DraftFolder:
    """Saves one console's drafts from a thread of its own. `fault` is why that fails; None while it works."""

    def __init__(self, folder: Path, lock: int) -> None:
        self.fault: str | None = None
        self._folder = folder
        self._lock = lock
        self._jobs: queue.SimpleQueue[StoredDraft | str | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._work, name="drafts", daemon=True)
        self._writer.start()

    def write(self, stored: StoredDraft) -> None:
        """Write a draft soon, replacing its file."""
        self._jobs.put(stored)

    def remove(self, name: str) -> None:
        """Remove a draft's file soon."""
        self._jobs.put(name)

    def list_unreadable(self) -> list[Path]:
        """Return the files that could not be read and were set aside, also by other consoles."""
        return [*(self._folder.parent / _SET_ASIDE).glob(f"*{_ENDING}")]

    def remove_unreadable(self, before: datetime) -> None:
        """Remove what could not be read and was written at an instant or before."""
        for path in self.list_unreadable():
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime <= before.timestamp():
                    path.unlink()

    def close(self) -> None:
        """Wait until everything is written, then unlock the folder, or remove it if it is empty."""
        self._jobs.put(None)
        self._writer.join(GRACE)
        if self._writer.is_alive():
            return
        if not any(self._folder.glob(f"*{_ENDING}")):
            _remove_folder(self._folder)
        os.close(self._lock)

    def _work(self) -> None:
        ended = False
        while not ended:
            jobs = self._latest()
            ended = None in jobs.values()
            for job in jobs.values():
                self._carry_out(job)

    def _latest(self) -> dict[str | None, StoredDraft | str | None]:
        """Wait for jobs and return the latest one of each draft, by name; the key None means the end."""
        asked = [self._jobs.get()]
        with contextlib.suppress(queue.Empty):
            while True:
                asked.append(self._jobs.get_nowait())
        return {job.name if isinstance(job, StoredDraft) else job: job for job in asked}

    def _carry_out(self, job: StoredDraft | str | None) -> None:
        try:
            if isinstance(job, StoredDraft):
                # Imported when there is something to keep: the queue can be shown without the fields of forms.
                from supportdesk.console.drafts.codec import encode

                replace_file(self._folder / f"{job.name}{_ENDING}", encode(job), PRIVATE)
            elif job is not None:
                (self._folder / f"{job}{_ENDING}").unlink(missing_ok=True)
            self.fault = None
        except (OSError, TypeError, ValueError) as error:
            self.fault = f"drafts are lost when you quit: {error}"


def open_folder(place: Path, now: datetime) -> tuple[DraftFolder, list[StoredDraft], list[str]]:
    """Return a folder for a new console, the drafts that earlier ones left, the oldest first, and the faults found.

    Raises OSError where nothing can be saved at `place`.
    """
    make_folder(place)
    place.chmod(0o700)
    own = place / uuid4().hex
    own.mkdir(mode=0o700)
    lock = _locked(own)
    if lock is None:
        raise OSError(f"{own} cannot be locked")
    faults: list[str] = []
    for other in _left(place, own):
        _adopt(other, own)
    found = []
    for path in own.glob(f"*{_ENDING}"):
        stored = _read(path, place / _SET_ASIDE, faults)
        if stored is not None and now - stored.draft.left_at > RETENTION:
            path.unlink(missing_ok=True)
        elif stored is not None:
            found.append(stored)
    return DraftFolder(own, lock), sorted(found, key=lambda stored: stored.draft.left_at), faults


def drafts_at(place: Path | None, now: datetime) -> tuple[Drafts, list[str]]:
    """Return the drafts saved at `place` (in memory only for None), and the faults found there as sentences."""
    if place is None:
        return Drafts(), []
    try:
        folder, found, faults = open_folder(place, now)
    except OSError as error:
        return Drafts(), [f"Drafts are lost when you quit: {place}: {error.strerror}."]
    return Drafts(folder, found), faults


def _left(place: Path, own: Path) -> Iterator[Path]:
    """Yield the folders of consoles that have ended, each locked while it is being read."""
    for folder in place.iterdir():
        if folder in (own, place / _SET_ASIDE) or not folder.is_dir() or folder.is_symlink():
            continue
        lock = _locked(folder)
        if lock is None:
            continue
        try:
            yield folder
        finally:
            os.close(lock)


def _locked(folder: Path) -> int | None:
    """Lock a folder and return the descriptor; None where it is locked already, or has just been removed."""
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def _adopt(other: Path, own: Path) -> None:
    for path in other.glob(f"*{_ENDING}"):
        with contextlib.suppress(FileNotFoundError):
            path.replace(own / path.name)
    _remove_folder(other)


def _remove_folder(folder: Path) -> None:
    for rest in (*folder.glob("*.new"), *folder.glob(".*.new")):
        rest.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        (folder / _LOCK).unlink()
        folder.rmdir()


def _read(path: Path, aside: Path, faults: list[str]) -> StoredDraft | None:
    """Return the draft in a file; None for an unreadable one, which is moved to `aside` for a person to check."""
    from supportdesk.console.drafts.codec import decode

    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as file:  # noqa: PTH123 - of a handle
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise UnreadableDraftError("it is larger than any draft")
        return decode(path.stem, content)
    except (OSError, UnreadableDraftError) as error:
        aside.mkdir(mode=0o700, exist_ok=True)
        set_aside = aside / path.name
        path.replace(set_aside)
        faults.append(f"A draft could not be read ({error}) and was set aside: {set_aside}.")
        return None
