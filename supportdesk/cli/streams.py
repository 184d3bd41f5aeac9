"""Makes the standard streams fit to be used, whatever the program was started with."""

from __future__ import annotations

import codecs
import contextlib
import errno
import os
import sys
import unicodedata
import warnings

UNWRITABLE = frozenset({errno.ENOSPC, errno.EIO, errno.EBADF, errno.EDQUOT, errno.EFBIG})
"""What an output that cannot take any more says; a pipe whose reader has gone is another matter."""

_IN_LETTERS = "supportdesk.letters"
_LIKE = {
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


def prepare_streams() -> None:
    """Leave with a message where there is no output at all; else see that each stream can be used.

    What an encoding lacks is written in letters, and what libraries warn of is not for the people who use the program.
    """
    _fill_closed(2, os.O_WRONLY)
    if sys.stdout is None:
        os.write(2, b"Error: standard output is closed; send it to /dev/null if you do not want it.\n")
        raise SystemExit(1)
    _fill_closed(0, os.O_RDONLY)
    codecs.register_error(_IN_LETTERS, _in_letters)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors=_IN_LETTERS)  # type: ignore[union-attr]
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def discard_output() -> None:
    """Have what is still in the buffer lead nowhere, where it would fail again when the interpreter ends."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)


def _fill_closed(descriptor: int, flags: int) -> None:
    """Put the null device where a standard stream was closed, so that no other file gets its number."""
    try:
        os.fstat(descriptor)
    except OSError:
        opened = os.open(os.devnull, flags)
        if opened != descriptor:
            os.dup2(opened, descriptor)
            os.close(opened)


def _in_letters(error: UnicodeError) -> tuple[str, int]:
    """Return what stands in for characters that an encoding lacks: their likeness, or question marks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_LIKE.get(each) or _base(each) for each in lacking), error.end


def _base(character: str) -> str:
    base = "".join(filter(str.isascii, unicodedata.normalize("NFKD", character)))
    return base if base.isprintable() and base else "?"
