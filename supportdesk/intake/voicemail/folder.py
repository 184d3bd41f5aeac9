"""Finds the recordings that a telephone system leaves in a folder, once they are complete.

A recording goes to the subfolder `Handled` once it is accounted for, with the file beside it that tells of its call:
what is left in the folder was not.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

HANDLED = "Handled"
"""The subfolder of what is accounted for."""
SUFFIXES = (".wav", ".mp3", ".ogg", ".opus", ".flac", ".gsm")
"""The endings of recordings, in any case; of several that one call has left, the first one is taken in."""
QUIET = 10
"""Seconds for which nothing is written to a recording that is complete."""
LARGEST = 100 << 20
"""The most bytes of a recording that is taken in."""
_SIDECARS = (".txt", ".json")
_LARGEST_SIDECAR = 64 << 10
_ASTERISK = ".txt"


class FoundRecording(Struct, frozen=True):
    """A recording in a folder: its bytes, when it was written, and the text of the file beside it, if there is one.

    `files` are all that one call has left, in the order in which they are moved: what tells of the call comes last.
    `sidecar_name` is the name of the file beside it, of which `sidecar` is empty where that cannot be read.
    """

    path: Path
    content: bytes
    written_at: datetime
    sidecar: str = ""
    files: tuple[Path, ...] = ()
    sidecar_name: str = ""


class UnreadableFile(Struct, frozen=True):
    """A recording that stays where it is, and why."""

    path: Path
    reason: str


def list_recordings(
    folder: Path, now: float, quiet: float = QUIET
) -> Iterator[FoundRecording | UnreadableFile]:
    """Yield the complete recordings of a folder, those that were written first first; `now` is in seconds since 1970.

    What another process takes away meanwhile is left out. Raises OSError where the folder cannot be listed.
    """
    for _, path in sorted(_list_complete(folder, now, quiet)):
        try:
            found = read_file(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            found = UnreadableFile(path, error.strerror or str(error))
        yield found


def read_file(path: Path) -> FoundRecording | UnreadableFile:
    """Return a recording with what is beside it, however old it is. Raises OSError, also if it is moved meanwhile."""
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            return UnreadableFile(path, "it is no file")
        if status.st_size > LARGEST:
            return UnreadableFile(path, f"it has more than {LARGEST >> 20} MB")
        content = file.read(LARGEST + 1)
    beside = [path.with_suffix(each) for each in _SIDECARS]
    beside += [path.with_name(path.name + each) for each in _SIDECARS]
    sidecars = [each for each in beside if each.is_file()]
    found = FoundRecording(
        path,
        content,
        datetime.fromtimestamp(status.st_mtime, UTC),
        _read_text(sidecars[0]) if sidecars else "",
        (*_list_other_forms(path), path, *sidecars),
        sidecars[0].name if sidecars else "",
    )
    # While it was read, another intake may have moved it, and then what is beside it.
    path.lstat()
    return found


def move_handled(folder: Path, found: FoundRecording) -> None:
    """Move all that a call has left to the subfolder. Raises OSError.

    What tells of the call comes last: a recording that is still in the folder, as this was interrupted, has it beside
    it. What is gone was moved by another. A name that is taken there gets a part of the recording's digest.
    """
    handled = folder / HANDLED
    handled.mkdir(mode=0o700, exist_ok=True)
    digest = hashlib.sha256(found.content).hexdigest()[:8]
    for path in found.files:
        target = handled / path.name
        if target.exists():
            target = handled / f"{path.stem}-{digest}{path.suffix}"
        with contextlib.suppress(FileNotFoundError):
            path.rename(target)


def _list_complete(folder: Path, now: float, quiet: float) -> Iterator[tuple[float, Path]]:
    names = {entry.name for entry in os.scandir(folder)}
    for name in sorted(names):
        path = folder / name
        if name.startswith(".") or path.suffix.lower() not in SUFFIXES or _has_better_form(path, names):
            continue
        try:
            status = path.lstat()
        except FileNotFoundError:
            continue
        # One that is dated later than now, by another machine's clock, is not waited for.
        if stat.S_ISREG(status.st_mode) and not now - quiet < status.st_mtime <= now:
            yield status.st_mtime, path


def _has_better_form(path: Path, names: set[str]) -> bool:
    """Return whether the same message of Asterisk is there in a form that comes before this one."""
    if path.with_suffix(_ASTERISK).name not in names:
        return False
    forms = _list_forms(path)
    return any(each.name in names for each in forms[: forms.index(path)])


def _list_other_forms(path: Path) -> list[Path]:
    if not path.with_suffix(_ASTERISK).is_file():
        return []
    return [each for each in _list_forms(path) if each != path and each.is_file()]


def _list_forms(path: Path) -> list[Path]:
    """Return the names that the same message of Asterisk may have, with this one, the best first."""
    suffixes = dict.fromkeys([*SUFFIXES, *map(str.upper, SUFFIXES), path.suffix])
    return [path.with_suffix(each) for each in suffixes]


def _read_text(path: Path) -> str:
    """Return the text of a small file; nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_SIDECAR).decode("utf-8", "replace")
    except OSError:
        return ""
