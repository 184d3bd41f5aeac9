"""Reads and replaces the small files of a user: settings, themes, policies, drafts.

Anything unsuitable under a name raises OSError with a reason in words as its `strerror`, and nothing waits for ever.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

LARGEST = 4 << 20
"""The largest size of a settings file, in bytes."""
PRIVATE = 0o600
PRIVATE_FOLDER = 0o700
"""The modes of what is created: for its owner only."""

_LEFT_BEHIND_AFTER = 60.0
"""The age, in seconds, from which an unfinished file is that of a killed writer."""


def expand(path: str | Path) -> Path:
    """Return a path with `~` resolved. Raises OSError for an unknown user, or a name that is not possible."""
    if "\0" in str(path):
        raise OSError(errno.EINVAL, "a name cannot contain a null byte", str(path))
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        user = Path(path).parts[0]
        raise OSError(
            errno.ENOENT, f"there is no user {user.removeprefix('~')[:40]!r} here", str(path)
        ) from error


def make_folder(folder: Path) -> None:
    """Create a folder and those above it that are missing, which only their owner can use. Raises OSError.

    `Path.mkdir` would give those above it the mode that the umask leaves.
    """
    missing = [each for each in (folder, *folder.parents) if not is_there(each)]
    for each in reversed(missing):
        each.mkdir(PRIVATE_FOLDER, exist_ok=True)


def is_there(path: Path) -> bool:
    """Return whether anything has this name; False where that cannot be determined."""
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True


def is_writable_by_all(path: Path) -> bool:
    """Return whether every user of this machine may write a file; False where that cannot be determined."""
    try:
        return bool(path.stat().st_mode & stat.S_IWOTH)
    except (OSError, ValueError):
        return False


def read_bytes(path: Path, limit: int = LARGEST) -> bytes:
    """Return the content of a regular file of at most `limit` bytes. Raises OSError with a reason in words."""
    try:
        # Opening a pipe without a writer would block.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError as error:
        raise OSError(errno.EINVAL, "a name cannot contain a null byte", str(path)) from error
    try:
        check_regular(os.fstat(handle).st_mode, path)
        content = _read(handle, limit + 1)
    finally:
        os.close(handle)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"it has more than {limit >> 20} MiB", str(path))
    return content


def check_regular(mode: int, path: Path) -> None:
    """Raise OSError, with a reason in words, unless the mode is that of a regular file."""
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, "it is a folder", str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file", str(path))


def _read(handle: int, limit: int) -> bytes:
    parts: list[bytes] = []
    while limit > 0 and (part := os.read(handle, min(limit, 1 << 20))):
        parts.append(part)
        limit -= len(part)
    return b"".join(parts)


def replace_file(path: Path, content: bytes, mode: int | None = None) -> None:
    """Replace a file atomically, also through a symbolic link. Blocks until it is on the disk.

    Without `mode` an existing file keeps its mode, and a new one is readable and writable by its owner only. Unfinished
    files of killed writers are removed. Raises OSError.
    """
    real = follow_links(path)
    make_folder(real.parent)
    remove_unfinished(real)
    if mode is None:
        mode = stat.S_IMODE(real.stat().st_mode) if real.exists() else PRIVATE
    beside = real.with_name(f".{real.name}.{os.urandom(4).hex()}.new")
    try:
        _write_new(beside, lambda file: file.write(content), mode)
        beside.replace(real)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    sync_folder(real.parent)


def _write_new(path: Path, write: Callable[[IO[bytes]], object], mode: int) -> None:
    """Write a new file and flush it to the disk. Raises FileExistsError where anything has its name."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, mode)
        write(file)
        file.flush()
        os.fsync(handle)


def create_file(path: Path, content: bytes) -> None:
    """Create a file atomically, readable and writable by its owner only.

    Raises FileExistsError where anything has its name, FileNotFoundError where there is no such folder, and OSError
    where it cannot be written.
    """
    create_written_file(path, lambda file: file.write(content))


def create_written_file(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Create a file as `create_file` does, with what `write` writes: it appears complete, or not at all."""
    if is_there(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    # A folder that is not there is a slip, and what is written would be looked for elsewhere.
    if not path.parent.is_dir():
        reason = f"there is no folder {path.parent}; make it, or choose another"
        raise FileNotFoundError(errno.ENOENT, reason, str(path))
    beside = path.with_name(f".{path.name}.{os.urandom(4).hex()}.new")
    remove_unfinished(path)
    try:
        _write_new(beside, write, PRIVATE)
        # Unlike a rename, a link fails where another file has got the name in the meantime.
        os.link(beside, path)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
    sync_folder(path.parent)


def remove_unfinished(path: Path) -> None:
    """Remove the unfinished files that killed writers left beside a file; recent ones stay."""
    with contextlib.suppress(OSError, ValueError):
        for rest in path.parent.glob(f".{_escaped(path.name)}.????????.new*"):
            with contextlib.suppress(OSError):
                if time.time() - rest.lstat().st_mtime > _LEFT_BEHIND_AFTER:
                    rest.unlink()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where its file system supports that."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def follow_links(path: Path) -> Path:
    """Return the file to which symbolic links lead; it need not exist yet. Raises OSError for a loop."""
    loop = OSError(errno.ELOOP, "its symbolic links lead in a circle", str(path))
    try:
        real = path.resolve()
    except RuntimeError as error:
        raise loop from error
    try:
        real.stat()
    except OSError as error:
        # From Python 3.13 on, only this tells a loop; what else is wrong is found when the file is used.
        if error.errno == errno.ELOOP:
            raise loop from error
    return real


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
