"""`supportdesk anchor`: note the last event of the ledger outside the desk."""

from __future__ import annotations

from pathlib import Path

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError, FailureError
from supportdesk.cli.output import echo


@click.command()
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option("--syslog", is_flag=True, help="Write it to the system log.")
@pass_cli_context
def anchor(context: CliContext, file: Path | None, *, syslog: bool) -> None:
    """Note the last event of the ledger elsewhere, as SEQ:HASH; without FILE and --syslog, print it.

    FILE is only ever appended to. Let it belong to somebody else than the desk (`chattr +a` lets nobody change it), and
    have one for each desk. `verify --anchor FILE` then also finds a ledger that was rewritten or cut short. A ledger
    that contradicts FILE is not noted.
    """
    from supportdesk.store.anchor_places import SYSTEM_LOG, ContradictedError, anchor_ledger
    from supportdesk.store.anchors import BadAnchorError

    with context.database() as database:
        try:
            end = anchor_ledger(database, file, SYSTEM_LOG if syslog else None)
        except ContradictedError as error:
            raise FailureError(
                f"{error}. Nothing was noted. If the desk was restored from a backup, begin another file; if not,"
                f" see `supportdesk verify --anchor {file}`."
            ) from error
        except BadAnchorError as error:
            raise BadRequestError(f"{file}: {error}. Nothing was noted.") from error
        except OSError as error:
            # Those of the desk are DeskUnavailableError.
            raise FailureError(f"{error.filename} cannot be written: {error.strerror}.") from error
    if file is None and not syslog:
        echo(str(end))
    else:
        places = " and ".join(filter(None, (str(file or ""), "the system log" if syslog else "")))
        echo(f"Noted event {end} in {places}.")
