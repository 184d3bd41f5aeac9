"""The watcher's settings as their file has them now, so that no change needs a restart."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Protocol

from supportdesk.settings.watcher import WatcherSettings, load_watcher_settings
from supportdesk.watcher.task import Say

_Mark = tuple[int, int, int] | None

KEPT = (
    "the settings file has changed and has a fault, so that the earlier settings hold:"
    " see `supportdesk config --check`"
)


class SettingsSource(Protocol):
    """Where a watcher has its settings from. Any thread may ask."""

    @property
    def path(self) -> Path:
        """The path of their file, to which other paths are relative."""
        ...

    @property
    def fault(self) -> str:
        """Why earlier settings hold; empty where the present ones do."""
        ...

    def load(self) -> WatcherSettings:
        """Return the settings that hold; the same object until they change."""
        ...


class CurrentSettings:
    """Reads a settings file again whenever it has changed. Any thread may ask.

    A changed file that is faulty or gone changes nothing until it is mended; `fault` says so.
    """

    def __init__(self, path: Path, say: Say) -> None:
        self._path = path
        self._say = say
        self._guard = threading.Lock()
        self._mark: _Mark = None
        self._settings: WatcherSettings | None = None
        self._fault = ""

    @property
    def path(self) -> Path:
        """The path of the file."""
        return self._path

    @property
    def fault(self) -> str:
        """Why earlier settings hold; empty where those of the file do."""
        return self._fault

    def load(self) -> WatcherSettings:
        """Return the settings that hold. Never raises for the file's content."""
        with self._guard:
            mark = _find_mark(self._path)
            if self._settings is None or mark != self._mark:
                # Taken before the file is read: what is written meanwhile is read the next time.
                self._mark, self._settings = mark, self._choose(mark, self._settings)
            return self._settings

    def _choose(self, mark: _Mark, earlier: WatcherSettings | None) -> WatcherSettings:
        found = load_watcher_settings(self._path)
        for line in found.fault_lines():
            self._say(line)
        is_faulty = bool(found.faults) or mark is None
        if earlier is None or earlier.faults or not is_faulty:
            self._fault = ""
            if earlier is not None:
                self._say("the settings file has changed and was read again")
            return found
        self._fault = KEPT
        self._say(KEPT)
        return earlier


def _find_mark(path: Path) -> _Mark:
    """Return what changes whenever a file does; None where there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
