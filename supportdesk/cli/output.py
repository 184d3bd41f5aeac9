"""What the command line prints. Foreign text goes out only through here, and none of its control bytes with it."""

from __future__ import annotations

import json
import re
import shutil
import sys
from typing import Any

import click

LONGEST_ECHO = 120
"""Characters of an argument that an error repeats."""
LONGEST_LINE = 800
"""Characters of a line of an error, whatever it repeats."""

_QUOTES = "'\"“"
_LONG = re.compile(
    rf"'[^'\n]{{{LONGEST_ECHO + 1},}}'|\"[^\"\n]{{{LONGEST_ECHO + 1},}}\"|“[^”\n]{{{LONGEST_ECHO + 1},}}”"
    rf"|\S{{{LONGEST_ECHO + 1},}}"
)
"""What is quoted, or written without a space, and too long to repeat."""
ENDLESS = 1_000_000
"""The columns of an output that is no terminal: nothing needs to be cut for it."""


def echo(text: str = "") -> None:
    """Prints a line, or the lines of a text, on stdout."""
    click.echo("\n".join(sanitize_line(line) for line in text.split("\n")), color=False)


def echo_error(text: str) -> None:
    """Prints on stderr what went wrong."""
    echo_note(f"Error: {text}")


def echo_note(text: str) -> None:
    """Prints on stderr what is no part of the answer."""
    click.echo("\n".join(sanitize_line(line) for line in text.split("\n")), err=True, color=False)


def echo_json(value: Any) -> None:
    """Prints a JSON value on stdout. What is not ASCII is escaped, so that no terminal obeys any of it."""
    click.echo(json.dumps(value, ensure_ascii=True, indent=2), color=False)


def sanitize_line(line: str) -> str:
    """A line without control characters, overrides and the like; it stays one line, as long as it was or shorter."""
    if line.isascii() and line.isprintable():
        return line
    from supportdesk.tickets.plain_text import UNWANTED

    return UNWANTED.sub("", " ".join(line.replace("\t", " ").splitlines()))


def shorten_message(text: str) -> str:
    """Return a message in which no word and no quotation takes more than some 120 characters, and no line 800."""
    cut = _LONG.sub(lambda found: _shortened(found[0]), text)
    return "\n".join(
        line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…" for line in cut.split("\n")
    )


def _shortened(text: str) -> str:
    return f"{text[:LONGEST_ECHO]}…{text[-1] if text[0] == text[-1] and text[0] in _QUOTES else ''}"


def counted(count: int, thing: str) -> str:
    """`1 ticket`, `2 tickets`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def terminal_width() -> int:
    """How many columns a line may have."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else ENDLESS
