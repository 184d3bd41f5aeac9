"""The heartbeat of a desk's watcher, which it writes again at each tick: a small file beside the desk, or a row.

It shows who watches, and saves the work of a second watcher; nothing that must be right depends on it. In a SQLite
database it would wake every console.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Protocol

import msgspec
from msgspec.structs import replace

from supportdesk.files import PRIVATE, read_bytes, remove_unfinished

ALIVE_SECONDS = 15
"""The age of a heartbeat from which nobody watches any more."""

WATCHING, STOPPED = "watching", "stopped"
"""The states of a watcher that works, and of one that was ended. Any other state says in words what is wrong."""

_LARGEST = 10_000
_MOST_OTHERS = 8
ZonedInstant = Annotated[datetime, msgspec.Meta(tz=True)]
"""An instant with its zone; without one, no age could be told of it."""


class Heartbeat(msgspec.Struct, frozen=True):
    """What a watcher says of itself. `id` tells it from every other, and `beat` counts its ticks.

    `ticked` is when it last looked. `hosted` says that it runs in a console, and gives way to one that does not.
    `methods` are those by which it can send at present, and `others` the watchers that it last saw beside itself. One
    that does not get at the desk no longer `works`: then another one does.
    """

    host: str
    pid: int
    id: str
    started: ZonedInstant
    ticked: ZonedInstant
    beat: int = 0
    state: str = WATCHING
    hosted: bool = False
    methods: tuple[str, ...] = ()
    others: tuple[Heartbeat, ...] = ()
    works: bool = True

    def age(self, now: datetime) -> float:
        """Return the seconds since it last looked; negative where this machine's clock is behind."""
        return (now - self.ticked).total_seconds()

    def is_alive(self, now: datetime) -> bool:
        """Return whether the watcher looked within the last 15 seconds and was not ended."""
        return self.state != STOPPED and abs(self.age(now)) <= ALIVE_SECONDS

    def list_alive(self, now: datetime) -> tuple[Heartbeat, ...]:
        """Return this one and those beside it, without those that were ended or have been silent."""
        return tuple(each for each in (self, *self.others) if each.is_alive(now))

    def find_methods(self, now: datetime) -> tuple[str, ...]:
        """Return the methods by which a watcher that is alive can send, in alphabetical order."""
        return tuple(sorted({method for each in self.list_alive(now) for method in each.methods}))

    def beside(self, found: Heartbeat | None, now: datetime) -> Heartbeat:
        """Return this one with the others that are alive according to the one `found` in the file."""
        seen = () if found is None else found.list_alive(now)
        others = tuple(replace(each, others=()) for each in seen if each.id != self.id)
        return replace(self, others=others[:_MOST_OTHERS])


class HeartbeatPlace(Protocol):
    """Where the heartbeat of a desk is."""

    advice: str
    """What to do where it cannot be written."""

    def read(self) -> Heartbeat | None:
        """Return the heartbeat; None where there is none, or it cannot be read."""
        ...

    def write(self, heartbeat: Heartbeat) -> None:
        """Replace the heartbeat. Raises OSError."""
        ...

    def mark(self) -> object:
        """Return a value that changes when the heartbeat is written; asking for it costs little."""
        ...

    def tidy(self) -> None:
        """Remove what a writer that was killed left behind."""
        ...

    def is_writable(self) -> bool:
        """Return whether this process may write the desk, and what is beside it; True where there is none yet."""
        ...


class HeartbeatFile:
    """A heartbeat in a file; see `HeartbeatPlace`."""

    advice = "check the disk and the permissions"

    def __init__(self, path: Path) -> None:
        self._path = path

    def __str__(self) -> str:
        """Return the path, for messages."""
        return str(self._path)

    def read(self) -> Heartbeat | None:
        """Return the heartbeat; None where there is none, or it cannot be read."""
        return read_heartbeat(self._path)

    def write(self, heartbeat: Heartbeat) -> None:
        """Replace the file. Raises OSError."""
        write_heartbeat(self._path, heartbeat)

    def mark(self) -> object:
        """Return when the file was written."""
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return None

    def tidy(self) -> None:
        """Remove unfinished files."""
        remove_unfinished(self._path)

    def is_writable(self) -> bool:
        """Return whether this process may write the desk's file, and beside it; True where there is none yet."""
        effective = os.access in os.supports_effective_ids
        return all(
            not os.path.lexists(each) or os.access(each, os.W_OK, effective_ids=effective)
            for each in (self._path.with_suffix(""), self._path.parent)
        )


def heartbeat_path(desk: Path) -> Path:
    """Return the path of the heartbeat beside a desk's file: `desk.db.watcher`."""
    # Not `resolve`: that raises an exception for links that lead in a circle.
    real = Path(os.path.realpath(desk.expanduser()))
    return real.with_name(f"{real.name}.watcher")


def read_heartbeat(path: Path) -> Heartbeat | None:
    """Return the heartbeat in a file; None where there is none, or it cannot be read."""
    try:
        return msgspec.json.decode(read_bytes(path, _LARGEST), type=Heartbeat)
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return None


def write_heartbeat(path: Path, heartbeat: Heartbeat) -> None:
    """Replace the heartbeat in a file atomically; it need not survive a power failure. Raises OSError.

    Anybody who may read the desk may read it.
    """
    mode = PRIVATE
    with suppress(OSError):
        mode = path.with_suffix("").stat().st_mode & 0o666
    # The name of an unfinished file, which a later writer removes.
    beside = path.with_name(f".{path.name}.{os.urandom(4).hex()}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(heartbeat))
            os.fchmod(handle, mode)
        beside.replace(path)
    except OSError:
        # Otherwise each tick would leave one.
        remove_heartbeat(beside)
        raise


def remove_heartbeat(path: Path) -> None:
    """Remove the file, where it is there."""
    with suppress(OSError):
        path.unlink()
