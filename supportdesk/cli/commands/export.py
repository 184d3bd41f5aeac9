"""`supportdesk export`: write everything that is on the desk to a file that other programs can read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import count_noun, echo, echo_note

if TYPE_CHECKING:
    from supportdesk.store.backend import Database
    from supportdesk.store.exchange.exporter import ExportResult


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@pass_cli_context
def export(context: CliContext, path: Path) -> None:
    """Write everything on the desk to a new file, as JSON lines.

    FILE may be - for standard output. `supportdesk import jsonl` makes a desk from it, also in another kind of
    database. The first line names the last event, the last line has counts and a digest; between them, each line is an
    event exactly as it is in the ledger, or what the ledger does not say: commands, the originals of cut texts,
    messages, their deliveries and links in pages.
    """
    with context.database(context.reading_address if context.reads_elsewhere else None) as database:
        done = _export_to_output(database) if str(path) == "-" else _export_to_file(database, path)
    if str(path) == "-":
        echo_note(f"{count_noun(done.events, 'event')}. Last event {done.events}:{done.head}")
    else:
        echo(f"{path} contains {count_noun(done.events, 'event')} in {path.stat().st_size:,} bytes.")
        echo(f"Last event {done.events}:{done.head}")


def _export_to_file(database: Database, path: Path) -> ExportResult:
    from supportdesk.files import create_written_file, expand
    from supportdesk.store.exchange.exporter import export_lines

    results: list[ExportResult] = []

    def write(file: IO[bytes]) -> None:
        def begin() -> IO[bytes]:
            file.seek(0)
            file.truncate()
            return file

        results.append(export_lines(database, lambda: begin().write))

    try:
        path = expand(path)
        create_written_file(path, write)
    except FileExistsError as error:
        raise BadRequestError(f"{path} already exists; give the name of a new file.") from error
    except OSError as error:
        raise BadRequestError(f"{path} cannot be created: {error.strerror or error}.") from error
    return results[-1]


def _export_to_output(database: Database) -> ExportResult:
    from supportdesk.store.errors import DeskUnavailableError
    from supportdesk.store.exchange.exporter import export_lines

    output = sys.stdout.buffer
    begun = False

    def begin() -> IO[bytes]:
        nonlocal begun
        if begun:
            raise DeskUnavailableError("the desk could not be read to its end: try again")
        begun = True
        return output

    done = export_lines(database, lambda: begin().write)
    output.flush()
    return done
