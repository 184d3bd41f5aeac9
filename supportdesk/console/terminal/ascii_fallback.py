"""Replaces characters that a terminal lacks by ASCII of the same width, so that nothing moves."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from functools import lru_cache, partial

import msgspec
from rich.cells import cell_len

from supportdesk.console.terminal.symbols import NARROW, PLAIN, terminal_symbols

_SIGNS = {
    **dict(zip(msgspec.structs.astuple(NARROW), msgspec.structs.astuple(PLAIN), strict=True)),
    # As separators; as states and bars, the symbols of `PLAIN` stand for them.
    "·": "-",
    "─": "-",
    "“": '"',
    "”": '"',
    "„": '"',
    "‘": "'",
    "’": "'",
    "—": "-",
    "→": ">",
    "←": "<",
    "↑": "^",
    "↓": "v",
    "⇧": "^",
    "×": "x",
    **dict.fromkeys("┃║▏▎▍▌▐▕", "|"),
    **dict.fromkeys("━═▁▔▂", "-"),
    **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼", "+"),
    **dict.fromkeys("█▉▊▋▇▆▅▄▃▀▓▒░", "#"),
}
_TABLE = str.maketrans(_SIGNS)


def ascii_translator() -> Callable[[str], str] | None:
    """Return a function that replaces what the console's terminal lacks; None if it lacks nothing."""
    if terminal_symbols() is not PLAIN:
        return None
    return partial(to_ascii, encoding=getattr(sys.__stderr__, "encoding", None) or "ascii")


@lru_cache(maxsize=4096)
def to_ascii(text: str, encoding: str) -> str:
    """Return a text in the characters that plain terminals have and that `encoding` can encode.

    Each character keeps its width; one without an equivalent becomes question marks.
    """
    if text.isascii():
        return text
    plain = text.translate(_TABLE)
    return "".join(each if _fits(each, encoding) else _ascii_equivalent(each) for each in plain)


def _fits(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _ascii_equivalent(character: str) -> str:
    width = cell_len(character)
    base = "".join(filter(str.isascii, unicodedata.normalize("NFKD", character)))
    return base if len(base) == width and base.isprintable() else "?" * width
