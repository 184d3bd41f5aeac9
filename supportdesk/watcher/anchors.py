"""Notes the end of the ledger outside the desk once a day, where the settings say where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from supportdesk.desk_api import DeskApi, DeskUnavailableError
from supportdesk.watcher.task import Say

if TYPE_CHECKING:
    from supportdesk.settings.watcher import WatcherSettings

EVERY = timedelta(days=1)
RETRY = timedelta(minutes=1)
"""How soon it is tried again after a failure."""


class AnchorSettings(Struct, frozen=True):
    """Where the ledger of the desk at an address is anchored: in a file, the system log, or both."""

    address: str
    file: Path | None
    in_system_log: bool


def no_anchors() -> AnchorSettings | None:
    """Return None: the ledger is not anchored."""
    return None


class Anchors:
    """Notes the end of the ledger once a day: a day after the file was written, without one first at the start.

    Of several watchers the first one does it, if there is a file. A ledger that is not the one of the earlier anchors
    is a fault of this task, as is a place that cannot be written; neither changes anything else.
    """

    name = "anchoring the ledger"

    def __init__(self, say: Say, load_settings: Callable[[], AnchorSettings | None]) -> None:
        """Make the task; `load_settings` returns None where nothing is to be noted, and is called at each tick."""
        self._say = say
        self._load_settings = load_settings
        self._settings: AnchorSettings | None = None
        self._noted: datetime | None = None
        self._tried: datetime | None = None
        self._fault = ""

    @property
    def fault(self) -> str:
        """Why the ledger is not anchored at present."""
        return f"the ledger was not anchored: {self._fault}" if self._fault else ""

    def tick(self, desk: DeskApi, now: datetime, *, is_stopped: Callable[[], bool]) -> bool:
        """Note the end of the ledger if it is time; return that nothing more is due at once."""
        settings = self._load_settings()
        if settings != self._settings:
            self._settings, self._noted, self._tried, self._fault = settings, None, None, ""
        if settings is None or _is_within(self._noted, now, EVERY) or _is_within(self._tried, now, RETRY):
            return False
        self._tried = now
        written = _find_write_time(settings.file)
        if not self._fault and _is_within(written, now, EVERY):
            self._noted = written
            return False
        self._fault = self._note(settings)
        if not self._fault:
            self._noted = now
        return False

    def close(self) -> None:
        """Do nothing: nothing is begun that lasts."""

    def _note(self, settings: AnchorSettings) -> str:
        """Note the end of the ledger; return why that failed, empty if it did not."""
        from supportdesk.store.anchor_places import SYSTEM_LOG, ContradictedError, anchor_ledger
        from supportdesk.store.anchors import BadAnchorError
        from supportdesk.store.database import open_database

        try:
            database = open_database(settings.address)
            try:
                end = anchor_ledger(database, settings.file, SYSTEM_LOG if settings.in_system_log else None)
            finally:
                database.close()
        except DeskUnavailableError as error:
            return str(error)
        except ContradictedError as error:
            return f"{error}, see `supportdesk verify --anchor {settings.file}`; after a restore, move that file away"
        except BadAnchorError as error:
            return f"{settings.file}: {error}"
        except OSError as error:
            return f"{error.filename} cannot be written: {error.strerror}"
        self._say(f"the ledger was anchored at {end}")
        return ""


def _is_within(at: datetime | None, now: datetime, period: timedelta) -> bool:
    """Return whether an instant is that long ago at most; one in the future is not, as a clock may have been set."""
    return at is not None and timedelta(0) <= now - at < period


def _find_write_time(file: Path | None) -> datetime | None:
    """Return when a file was last written; None where there is nothing in it, or it cannot be seen."""
    try:
        found = file.stat() if file is not None else None
        return datetime.fromtimestamp(found.st_mtime, UTC) if found is not None and found.st_size else None
    except (OSError, ValueError, OverflowError):
        return None


def make_anchor_settings(settings: WatcherSettings, address: str) -> AnchorSettings | None:
    """Return where the settings anchor the ledger of the desk at an address; None where they do not."""
    file, in_system_log = settings.general.anchor_file, settings.general.anchor_syslog
    if file is None and not in_system_log:
        return None
    return AnchorSettings(address, settings.resolve(file) if file is not None else None, in_system_log)
