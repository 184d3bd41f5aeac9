"""`supportdesk import`: histories that other systems kept."""

from __future__ import annotations

from pathlib import Path

import click

from supportdesk.cli.faults import BadRequestError
from supportdesk.cli.output import counted, remark, say
from supportdesk.cli.progress import progress
from supportdesk.cli.session import Session, pass_session


@click.group("import")
def import_() -> None:
    """Take in what another system kept."""


@import_.command()
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_session
def servicenow(session: Session, path: Path) -> None:
    """Take in the audit log of ServiceNow's incidents, as CSV, plain or gzipped.

    Priorities 1 to 4 become Critical to Low, locations customers, callers contacts. Times are taken as UTC. The first
    group that had an incident stands for User Support, any other for the line above it. Only a wait on the caller, or
    the resolution, counts as the response: nothing else in such a log proves one. The verdicts are this desk's, by the
    policy in force when the incident arrived, or else by the oldest.

    What the desk has no word for is told by row on stderr. Running it again adds nothing that is there already.
    """
    from supportdesk.intake.servicenow import ImportRefusedError, UnreadableLogError, import_file

    with session.desk() as door, progress("Taking in incidents") as told:
        try:
            report = import_file(door, path, by=session.actor(door).username, progress=told)
        except ImportRefusedError as error:
            raise BadRequestError(str(error)) from error
        except UnreadableLogError as error:
            raise BadRequestError(f"{path}: {error}") from error
        except OSError as error:
            raise BadRequestError(f"{path} cannot be read: {error.strerror or error}") from error
    for unmapped in report.unmapped:
        remark(f"row {unmapped.row}, {unmapped.incident}: {unmapped.reason}")
    say(
        f"{counted(report.incidents, 'incident')} in {counted(report.rows, 'row')}: {report.taken:,} taken in,"
        f" {report.unchanged:,} without a change, {report.known:,} known from before, {report.refused:,} refused;"
        f" {counted(len(report.unmapped), 'remark')}."
    )
