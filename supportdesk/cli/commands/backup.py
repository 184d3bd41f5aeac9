"""`supportdesk backup`: copy the desk to a new file while others work on it."""

from __future__ import annotations

from pathlib import Path

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import count_noun, echo


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@pass_cli_context
def backup(context: CliContext, path: Path) -> None:
    """Copy the desk to a new file while others work on it.

    The copy is verified before it gets its name. It is a complete desk: open it with --db FILE.
    """
    with context.database() as database:
        try:
            copy = database.back_up(path)
        except FileExistsError as error:
            raise BadRequestError(f"{path} already exists; give the name of a new file.") from error
    echo(f"{copy.path} contains {count_noun(copy.events, 'event')} in {copy.size:,} bytes.")
    echo(f"Last event {copy.events}:{copy.head}")
