"""Reads and replaces small files of a person: settings, themes, policies, drafts.

Whatever lies under a name is met with an OSError whose `strerror` is a reason in words, and never with an endless wait.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import time
from pathlib import Path

LARGEST = 4 << 20
"""Bytes that a file of settings may have."""
PRIVATE = 0o600

_LEFT_BEHIND_AFTER = 60.0
"""Seconds after which an unfinished file belongs to a writer that was killed."""


def expand(path: str | Path) -> Path:
    """Return a path with `~` resolved. Raises OSError for a user who is not there, or a name that none can have."""
    if "\0" in str(path):
        raise OSError(errno.EINVAL, "a name cannot hold a zero byte", str(path))
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        user = Path(path).parts[0]
        raise OSError(
            errno.ENOENT, f"there is no user {user.removeprefix('~')[:40]!r} here", str(path)
        ) from error


def is_there(path: Path) -> bool:
    """Return whether anything has this name; False where it cannot be found out."""
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True


def read_bytes(path: Path, limit: int = LARGEST) -> bytes:
    """Return the content of a regular file of at most `limit` bytes. Raises OSError with a reason in words."""
    try:
        # A pipe that nobody writes into must not be waited for.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError as error:
        raise OSError(errno.EINVAL, "a name cannot hold a zero byte", str(path)) from error
    try:
        check_regular(os.fstat(handle).st_mode, path)
        content = _read(handle, limit + 1)
    finally:
        os.close(handle)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"it has more than {limit >> 20} MiB", str(path))
    return content


def check_regular(mode: int, path: Path) -> None:
    """Raise OSError, with a reason in words, where the mode is not that of a file."""
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
    """Write a file in place of what was there, whole or not at all, also through a symbolic link. Blocks.

    `mode` is that of the file; without one it keeps the mode that it had, and a new one is its owner's alone. What
    writers before it left unfinished is removed. Raises OSError.
    """
    real = _real(path)
    real.parent.mkdir(parents=True, exist_ok=True)
    remove_unfinished(real)
    if mode is None:
        mode = stat.S_IMODE(real.stat().st_mode) if real.exists() else PRIVATE
    beside = real.with_name(f".{real.name}.{secrets.token_hex(4)}.new")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE)
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, mode)
            file.write(content)
            file.flush()
            os.fsync(handle)
        beside.replace(real)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    sync_folder(real.parent)


def create_file(path: Path, content: bytes) -> None:
    """Write a new file, its owner's alone whatever the umask, whole or not at all.

    Raises FileExistsError where anything has its name, OSError where it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if is_there(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    remove_unfinished(path)
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE)
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, PRIVATE)
            file.write(content)
            file.flush()
            os.fsync(handle)
        # A link refuses a name that was taken meanwhile, where a rename would replace what has it.
        os.link(beside, path)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
    sync_folder(path.parent)


def remove_unfinished(path: Path) -> None:
    """Remove what writers of a file left beside it when they were killed; what is still being written stays."""
    with contextlib.suppress(OSError, ValueError):
        for rest in path.parent.glob(f".{_escaped(path.name)}.????????.new*"):
            with contextlib.suppress(OSError):
                if time.time() - rest.lstat().st_mtime > _LEFT_BEHIND_AFTER:
                    rest.unlink()


def sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a loss of power, where its file system can do that."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def _real(path: Path) -> Path:
    """Return the file to which symbolic links lead; it need not be there yet."""
    try:
        return path.resolve()
    except RuntimeError as error:
        raise OSError(errno.ELOOP, "its symbolic links lead in a circle", str(path)) from error


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
