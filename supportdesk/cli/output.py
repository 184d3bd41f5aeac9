"""What the command line prints. Foreign text goes out only through here, and none of its control bytes with it."""

from __future__ import annotations

import json
import shutil
import sys
from typing import Any

import click

ENDLESS = 1_000_000
"""The columns of an output that is no terminal: nothing needs to be cut for it."""


def say(text: str = "") -> None:
    """Prints a line, or the lines of a text, on stdout."""
    click.echo("\n".join(harmless(line) for line in text.split("\n")), color=False)


def complain(text: str) -> None:
    """Prints on stderr what went wrong."""
    remark(f"Error: {text}")


def remark(text: str) -> None:
    """Prints on stderr what is no part of the answer."""
    click.echo("\n".join(harmless(line) for line in text.split("\n")), err=True, color=False)


def say_json(value: Any) -> None:
    """Prints a JSON value on stdout. What is not ASCII is escaped, so that no terminal obeys any of it."""
    click.echo(json.dumps(value, ensure_ascii=True, indent=2), color=False)


def harmless(line: str) -> str:
    """A line without control characters, overrides and the like; it stays one line, as long as it was or shorter."""
    if line.isascii() and line.isprintable():
        return line
    from supportdesk.tickets.plain_text import UNWANTED

    return UNWANTED.sub("", " ".join(line.replace("\t", " ").splitlines()))


def counted(count: int, thing: str) -> str:
    """`1 ticket`, `2 tickets`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def columns() -> int:
    """How many columns a line may have."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else ENDLESS
