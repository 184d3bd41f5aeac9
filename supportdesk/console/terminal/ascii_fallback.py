"""What a terminal that lacks a character is sent in its place: letters of the same width, so that nothing moves."""

from __future__ import annotations

import dataclasses
import sys
import unicodedata
from collections.abc import Callable
from functools import lru_cache, partial

from rich.cells import cell_len

from supportdesk.console.terminal.symbols import NARROW, PLAIN, terminal_symbols

_SIGNS = {
    **dict(zip(dataclasses.astuple(NARROW), dataclasses.astuple(PLAIN), strict=True)),
    # Between two facts, and two rooms; as a state and as a bar they are drawn by the signs.
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
    **dict.fromkeys("┃║▏▎▍▌▐▕", "|"),
    **dict.fromkeys("━═▁▔▂", "-"),
    **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼", "+"),
    **dict.fromkeys("█▉▊▋▇▆▅▄▃▀▓▒░", "#"),
}
_TABLE = str.maketrans(_SIGNS)


def ascii_translator() -> Callable[[str], str] | None:
    """What puts a text into characters that the console's own terminal has; None where it has them all."""
    if terminal_symbols() is not PLAIN:
        return None
    return partial(to_ascii, encoding=getattr(sys.__stderr__, "encoding", None) or "ascii")


@lru_cache(maxsize=4096)
def to_ascii(text: str, encoding: str) -> str:
    """A text without the signs that plain terminals lack, and without what an encoding has no place for.

    Each character keeps its width: one without a likeness becomes a question mark.
    """
    if text.isascii():
        return text
    plain = text.translate(_TABLE)
    return "".join(each if _fits(each, encoding) else _likeness(each) for each in plain)


def _fits(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _likeness(character: str) -> str:
    width = cell_len(character)
    base = "".join(filter(str.isascii, unicodedata.normalize("NFKD", character)))
    return base if len(base) == width and base.isprintable() else "?" * width
