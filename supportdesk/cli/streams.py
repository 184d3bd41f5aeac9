"""Prepares the standard streams: closed ones, and encodings that lack characters."""

from __future__ import annotations

import codecs
import contextlib
import errno
import os
import sys
import unicodedata
import warnings

UNWRITABLE = frozenset({errno.ENOSPC, errno.EIO, errno.EBADF, errno.EDQUOT, errno.EFBIG})
"""Errors of an output that cannot be written, such as a full disk; a closed pipe is handled elsewhere."""

_ASCII_FALLBACK = "supportdesk.ascii"
_SIMILAR = {
    "–": "-",
    "—": "-",
    "−": "-",
    "…": "...",
    "·": "-",
    "→": "->",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "\N{NO-BREAK SPACE}": " ",
}


def is_in_terminal() -> bool:
    """Return whether somebody reads what is printed and can answer it."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def prepare_streams() -> None:
    """Make each standard stream usable. Raises SystemExit where standard output is closed.

    Characters that an encoding lacks are replaced with ASCII, and warnings of libraries are hidden from users.
    """
    _fill_closed(2, os.O_WRONLY)
    if sys.stdout is None:
        os.write(2, b"Error: standard output is closed; send it to /dev/null if you do not want it.\n")
        raise SystemExit(1)
    _fill_closed(0, os.O_RDONLY)
    codecs.register_error(_ASCII_FALLBACK, _ascii_fallback)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors=_ASCII_FALLBACK)  # type: ignore[union-attr]
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def discard_output() -> None:
    """Discard what is still buffered for stdout: it would fail again when the interpreter ends."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)


def _fill_closed(descriptor: int, flags: int) -> None:
    """Open the null device in place of a closed standard stream, so that no other file gets its number."""
    try:
        os.fstat(descriptor)
    except OSError:
        opened = os.open(os.devnull, flags)
        if opened != descriptor:
            os.dup2(opened, descriptor)
            os.close(opened)


def _ascii_fallback(error: UnicodeError) -> tuple[str, int]:
    """Return similar ASCII characters for those that an encoding lacks, or question marks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_SIMILAR.get(each) or _base(each) for each in lacking), error.end


def _base(character: str) -> str:
    base = "".join(filter(str.isascii, unicodedata.normalize("NFKD", character)))
    return base if base.isprintable() and base else "?"
