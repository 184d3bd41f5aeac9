"""`supportdesk import`: tickets from other systems, or a whole desk."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from supportdesk.cli import desk_address
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import FAILURE, BadRequestError, report_errors
from supportdesk.cli.output import count_noun, echo, echo_note
from supportdesk.cli.progress import progress
from supportdesk.files import expand
from supportdesk.tickets.typed_text import quoted

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from supportdesk.intake.servicenow import ImportReport


@click.group("import")
def import_() -> None:
    """Import tickets from another system, or a whole desk from an export."""


@import_.command()
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--dates",
    type=click.Choice(["iso", "dmy", "mdy"]),
    help="Order of the dates if they do not show it: year, day or month first. Default: day first.",
)
@click.option(
    "--zone",
    default="UTC",
    metavar="ZONE",
    help="Time zone of the times, such as Europe/London. Default: UTC.",
)
@pass_cli_context
def servicenow(context: CliContext, path: Path, dates: str | None, zone: str) -> None:
    """Import incidents from a ServiceNow CSV export.

    The file may be plain or gzipped.

    A row is one change of an incident, or an incident in its present state. Columns have ServiceNow's names or labels;
    number, state, sys_updated_on and priority are required. The separator may be a comma, semicolon, tab or bar, the
    encoding UTF-8, UTF-16 or Windows-1252. All dates must have the same order of day and month.

    Priorities 1 to 4 become Critical to Low, companies (or else locations) become customers, and callers contacts.
    Records that exist under the same name are not changed. The first group that had an incident becomes the first
    support line, any other the line above it. Only a hold for the caller, or the resolution, counts as the response:
    nothing else in an export proves one. A cancelled incident becomes withdrawn. Targets are judged by this desk's
    policy in force when the incident was received, or else by the oldest version.

    Once somebody was erased here, callers who are added are named: if one was erased, erase them again. The caller of
    an incident that was imported before is never added.

    Values without an equivalent are listed by line on stderr. Refused rows make the exit code 1; the others are
    imported. Running it again imports only new rows.
    """
    from supportdesk.intake.servicenow import (
        DateOrder,
        ImportRefusedError,
        UnreadableExportError,
        import_file,
    )

    file_zone = _find_zone(zone)
    with context.desk() as desk, progress("Importing incidents") as report_progress:
        try:
            report = import_file(
                desk,
                path,
                by=context.operator(desk).username,
                dates=DateOrder(dates) if dates else None,
                zone=file_zone,
                progress=report_progress,
            )
        except ImportRefusedError as error:
            raise BadRequestError(str(error)) from error
        except UnreadableExportError as error:
            raise BadRequestError(f"{path}: {error}") from error
        except OSError as error:
            raise BadRequestError(f"{path} cannot be read: {error.strerror or error}") from error
    _echo_report(report)
    if report.refused:
        raise SystemExit(FAILURE)


@import_.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@pass_cli_context
def jsonl(context: CliContext, path: Path) -> None:
    """Create a desk from a file of `supportdesk export`.

    FILE may be - for standard input. The new desk is where --db says; there must be none yet. It has every event with
    its hash, and everything else is made again from them. It is verified before it appears: where anything is missing
    or was changed, there is no desk. Who was erased after the export was made is back with it: erase them again.
    """
    from supportdesk.store.database import open_database
    from supportdesk.store.errors import AlreadyExistsError
    from supportdesk.store.exchange.importer import BadExportError, import_lines

    name = "standard input" if str(path) == "-" else str(path)
    try:
        with report_errors(), _open(path) as file:
            found = import_lines(file, context.address)
            with closing(open_database(context.address)) as database:
                returned = database.find_returned_contacts()
    except AlreadyExistsError as error:
        where = desk_address.display(context.address)
        raise BadRequestError(
            f"There is a desk at {where} already: choose another place for the new one with --db."
        ) from error
    except BadExportError as error:
        raise BadRequestError(f"{name}: {error}. No desk was created.") from error
    except OSError as error:
        raise BadRequestError(f"{name} cannot be read: {error.strerror or error}.") from error
    counts = f"{count_noun(found.events, 'event')}, {count_noun(found.tickets, 'ticket')}"
    echo(f"The desk is at {desk_address.display(context.address)}: {counts}.\nLast event {found.point}")
    for contact in returned:
        echo(contact.advice)


@contextmanager
def _open(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file, or standard input for `-`. Raises OSError."""
    if str(path) == "-":
        yield sys.stdin.buffer
    else:
        with expand(path).open("rb") as file:
            yield file


def _find_zone(name: str) -> ZoneInfo:
    """Return the time zone with a name. Raises BadRequestError where there is none."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        raise BadRequestError(
            f"There is no time zone {quoted(name)}; give one such as Europe/London."
        ) from error


def _echo_report(report: ImportReport) -> None:
    """Write what was imported to standard output, and the remarks by line to standard error."""
    echo_note(report.description)
    for unmapped in report.unmapped:
        echo_note(f"line {unmapped.row}, {unmapped.incident or 'no incident'}: {unmapped.reason}")
    if report.unlisted:
        echo_note(f"{count_noun(report.unlisted, 'remark')} more are not listed.")
    echo(
        f"{count_noun(report.incidents, 'incident')} in {count_noun(report.rows, 'row')}: {report.imported:,} imported,"
        f" {report.unchanged:,} without a change, {report.known:,} imported before, {report.refused:,} refused;"
        f" {count_noun(len(report.unmapped) + report.unlisted, 'remark')}."
    )
