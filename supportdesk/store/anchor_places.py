"""Where anchors are noted: lines of a file, and the system log.

The file may belong to somebody else, so that who writes the desk cannot write it again: it is only ever appended to.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

from supportdesk.files import PRIVATE, check_regular, is_there, read_bytes, sync_folder
from supportdesk.store.anchors import Anchor, Point, parse_anchors
from supportdesk.store.backend import Database
from supportdesk.store.errors import DamagedError, DeskUnavailableError
from supportdesk.store.verification.anchors import find_difference, read_end

SYSTEM_LOG = Path("/dev/log")
"""The socket of the system log."""

_LARGEST = 64 << 20


class ContradictedError(Exception):
    """The ledger is not the one that was anchored before; the message says from which event on."""


def anchor_ledger(database: Database, file: Path | None = None, system_log: Path | None = None) -> Point:
    """Note the end of a ledger in a file, by the socket of a system log, or both, and return it.

    Raises ContradictedError where the file shows that the ledger was rewritten or cut short: then nothing is noted.
    Raises BadAnchorError for a file with anything but anchors, OSError for one that cannot be written and for a system
    log that nobody reads, and DeskUnavailableError, also for a damaged desk.
    """
    noted = _load_if_readable(file) if file is not None else []
    with closing(database.reader()) as reader, reader.moment():
        try:
            end = read_end(reader)
        except DamagedError as error:
            raise DeskUnavailableError(f"{database.location} {database.damage}") from error
        difference = find_difference(reader, end.seq, noted)
    if difference is not None:
        raise ContradictedError(str(difference))
    # A line in one place only, and again at each further attempt, would be of no use.
    with _open_to_append(file) if file is not None else nullcontext() as handle:
        if system_log is not None:
            log_anchor(end, database.location, system_log)
        if file is not None and handle is not None:
            _append(file, handle, end)
    return end


def load_anchors(file: Path) -> list[Anchor]:
    """Return the anchors of a file, in the order of their events. Raises OSError and BadAnchorError."""
    return parse_anchors(read_bytes(file, _LARGEST).decode(errors="replace"))


def _load_if_readable(file: Path) -> list[Anchor]:
    """Return the anchors of a file; none where it is not there, or may only be appended to."""
    try:
        return load_anchors(file)
    except (FileNotFoundError, PermissionError):
        return []


@contextmanager
def _open_to_append(file: Path) -> Iterator[int]:
    """Yield the handle of a file, which is created with mode 0600. Raises OSError."""
    is_new = not is_there(file)
    # Opening a pipe without a reader would block.
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC
    handle = os.open(file, flags, PRIVATE)
    try:
        check_regular(os.fstat(handle).st_mode, file)
        yield handle
    finally:
        os.close(handle)
    if is_new:
        sync_folder(file.absolute().parent)


def _append(file: Path, handle: int, point: Point) -> None:
    """Append a line to an open file. Blocks until it is on the disk. Raises OSError."""
    line = f"{point}\n".encode()
    try:
        if os.write(handle, line) != len(line):
            raise OSError(errno.ENOSPC, "only a part of the line could be written: remove it")
        os.fsync(handle)
    except OSError as error:
        error.filename = str(file)
        raise


def log_anchor(point: Point, location: str, log: Path) -> None:
    """Write a line to the system log. Raises OSError where nobody reads it, of which `syslog.syslog` says nothing."""
    import logging
    from logging.handlers import SysLogHandler

    class Handler(SysLogHandler):
        def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name of logging
            raise  # noqa: PLE0704 - called where the error is handled

    desk = location if location.isprintable() else ascii(location)
    try:
        with closing(Handler(str(log))) as handler:
            handler.ident = f"supportdesk[{os.getpid()}]: "
            handler.emit(logging.LogRecord("", logging.INFO, "", 0, f"anchor of {desk} {point}", None, None))
    except OSError as error:
        raise OSError(error.errno, error.strerror, f"the system log {log}") from error
