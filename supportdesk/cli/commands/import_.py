"""`supportdesk import`: histories that other systems kept."""

from __future__ import annotations

from pathlib import Path

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import FAILURE, BadRequestError
from supportdesk.cli.output import counted, echo, echo_note
from supportdesk.cli.progress import progress


@click.group("import")
def import_() -> None:
    """Take in what another system kept."""


@import_.command()
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--dates",
    type=click.Choice(["iso", "dmy", "mdy"]),
    help="Order of its dates, where no date shows it: year, day or month first. Default: day first.",
)
@click.option(
    "--zone", default="UTC", metavar="ZONE", help="Time zone of its times, as in Europe/London. Default: UTC."
)
@pass_cli_context
def servicenow(context: CliContext, path: Path, dates: str | None, zone: str) -> None:
    """Import incidents that ServiceNow exported as CSV, plain or gzipped.

    A row is a change of an incident, or an incident as it stands; its columns are ServiceNow's names or labels. Needed
    are number, state, sys_updated_on and priority. Comma, semicolon, tab and bar separate them; UTF-8, UTF-16 and
    Windows-1252 are recognised. A file has one order of day and month.

    Priorities 1 to 4 become Critical to Low, companies (or else locations) customers, callers contacts. Whom the desk
    knows by the same name stays as they are. The first group that had an incident stands for User Support, any other
    for the line above it. Only a wait on the caller, or the resolution, counts as the response: nothing else in such
    an export proves one. A cancelled incident is withdrawn. The verdicts are this desk's, by the policy in force when
    the incident arrived, or else by the oldest.

    What the desk has no word for is listed by line on stderr. A refused row makes the exit code 1; the others are
    imported. Running it again adds nothing that is there already.
    """
    from zoneinfo import ZoneInfo

    from supportdesk.intake.servicenow import (
        DateOrder,
        ImportRefusedError,
        UnreadableExportError,
        import_file,
    )

    try:
        place = ZoneInfo(zone)
    except (OSError, ValueError, KeyError) as error:
        raise BadRequestError(f"there is no time zone {zone!r}; give one such as Europe/London") from error
    with context.desk() as desk, progress("Importing incidents") as told:
        try:
            report = import_file(
                desk,
                path,
                by=context.actor(desk).username,
                dates=DateOrder(dates) if dates else None,
                zone=place,
                progress=told,
            )
        except ImportRefusedError as error:
            raise BadRequestError(str(error)) from error
        except UnreadableExportError as error:
            raise BadRequestError(f"{path}: {error}") from error
        except OSError as error:
            raise BadRequestError(f"{path} cannot be read: {error.strerror or error}") from error
    echo_note(report.description)
    for unmapped in report.unmapped:
        echo_note(f"line {unmapped.row}, {unmapped.incident or 'no incident'}: {unmapped.reason}")
    if report.unlisted:
        echo_note(f"{counted(report.unlisted, 'remark')} more are not listed.")
    echo(
        f"{counted(report.incidents, 'incident')} in {counted(report.rows, 'row')}: {report.taken:,} imported,"
        f" {report.unchanged:,} without a change, {report.known:,} known from before, {report.refused:,} refused;"
        f" {counted(len(report.unmapped) + report.unlisted, 'remark')}."
    )
    if report.refused:
        raise SystemExit(FAILURE)
