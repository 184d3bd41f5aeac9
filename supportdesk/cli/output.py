"""Prints on stdout and stderr. All output goes through here, so that no control character reaches a terminal."""

from __future__ import annotations

import re
import sys
from typing import Any

import click

LONGEST_ECHO = 120
"""Characters of a word or quotation that an error repeats."""
LONGEST_LINE = 800
"""Characters of a line of an error."""

_QUOTES = "'\"“"
_LONG = re.compile(
    rf"'[^'\n]{{{LONGEST_ECHO + 1},}}'|\"[^\"\n]{{{LONGEST_ECHO + 1},}}\"|“[^”\n]{{{LONGEST_ECHO + 1},}}”"
    rf"|\S{{{LONGEST_ECHO + 1},}}"
)
"""A quotation, or a word without spaces, that is too long to repeat."""
_NOT_TEXT = re.compile("[\udc80-\udcff]")
"""The bytes of an argument that are not text, as Python represents them."""
ENDLESS = 1_000_000
"""The width of output that is not a terminal, in columns: nothing is cut."""


def echo(text: str = "") -> None:
    """Print a text of one or more lines on stdout."""
    click.echo("\n".join(sanitize_line(line) for line in text.split("\n")), color=False)


def echo_error(text: str) -> None:
    """Print an error on stderr."""
    echo_note(f"Error: {text}")


def echo_note(text: str) -> None:
    """Print a note on stderr, which is not part of the result. Bytes that are not text are shown as `\\x80`."""
    shown = _NOT_TEXT.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", text)
    click.echo("\n".join(sanitize_line(line) for line in shown.split("\n")), err=True, color=False)


def echo_json(value: Any) -> None:
    """Print a JSON value on stdout. Other characters than ASCII are escaped, for the terminal's safety."""
    import json

    click.echo(json.dumps(value, ensure_ascii=True, indent=2), color=False)


def sanitize_line(line: str) -> str:
    """Return a line without control and bidirectional characters; it stays one line and grows no longer."""
    if line.isascii() and line.isprintable():
        return line
    from supportdesk.tickets.plain_text import UNWANTED

    return UNWANTED.sub("", " ".join(line.replace("\t", " ").splitlines()))


def shorten_message(text: str) -> str:
    """Return a message with words and quotations cut to 120 characters and lines to 800."""
    cut = _LONG.sub(lambda found: _shortened(found[0]), text)
    return "\n".join(
        line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…" for line in cut.split("\n")
    )


def _shortened(text: str) -> str:
    return f"{text[:LONGEST_ECHO]}…{text[-1] if text[0] == text[-1] and text[0] in _QUOTES else ''}"


def count_noun(count: int, thing: str) -> str:
    """Return a count with its noun: `1 ticket`, `2 tickets`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def terminal_width() -> int:
    """Return the width of stdout in columns."""
    import shutil

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else ENDLESS
