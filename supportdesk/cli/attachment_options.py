"""The options of the commands that list attachments or save one, and saving it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import click

from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import echo

_Listed = TypeVar("_Listed")


class SavedChoice(NamedTuple):
    """Which attachment is saved, by its number, and where."""

    number: int
    target: str


def attachment_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with the options of a list of attachments."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print a JSON list."),
        click.option(
            "--to",
            "target",
            metavar="FILE",
            help="The new file, or a folder, in which it has its own name; with --save.",
        ),
        click.option(
            "--save", "number", type=click.IntRange(min=1), help="Save the attachment with this number."
        ),
    ):
        command = option(command)
    return command


def choose_saved(number: int | None, target: str | None) -> SavedChoice | None:
    """Return what is saved where; None where nothing is. Raises UsageError for one option without the other."""
    if (number is None) != (target is None):
        raise click.UsageError("Give --save and --to together, such as --save 1 --to report.pdf.")
    return SavedChoice(number, target) if number is not None and target is not None else None


def find_attachment(found: Sequence[_Listed], number: int, command: str) -> _Listed:
    """Return the attachment with a number. Raises BadRequestError, which names the command that lists them."""
    if number > len(found):
        raise BadRequestError(f"There is no attachment {number}; `{command}` lists them.")
    return found[number - 1]


def save_attachment(name: str, content: bytes, target: str) -> None:
    """Save an attachment, and say where. Raises BadRequestError where that is not possible."""
    from supportdesk.attachments.saved_file import save_file

    try:
        path = save_file(content, name, target)
    except OSError as error:
        raise BadRequestError(f"{target} cannot be written: {error.strerror or error}.") from error
    echo(f"Saved as {path}.")
