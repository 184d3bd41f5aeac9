"""`supportdesk restore`: replace a desk with a backup."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError, report_errors
from supportdesk.cli.output import count_noun, echo, sanitize_line

if TYPE_CHECKING:
    from supportdesk.store.backend import Loss


@click.command()
@click.argument("backup", metavar="BACKUP", type=click.Path(path_type=Path))
@click.option(
    "--yes", is_flag=True, help="Replace an intact desk even if it has events that the backup lacks."
)
@pass_cli_context
def restore(context: CliContext, backup: Path, yes: bool) -> None:
    """Replace the desk with a backup.

    Close all consoles first. The backup is copied and verified before anything is changed. Then the desk's file and
    its journals beside it (-journal, -wal, -shm) are moved aside, under names that are printed, and the copy takes
    their place. If anything fails, the old desk stays. The backup itself is not changed.
    """
    from supportdesk.store.database import restore as put_back

    def confirm_loss(loss: Loss) -> bool:
        return yes or _confirm_loss(context, backup, loss)

    with report_errors():
        done = put_back(context.address, backup, at=context.clock.now(), confirm_loss=confirm_loss)
    if done is None:
        raise BadRequestError("The desk was not replaced.")
    counts = f"{count_noun(done.events, 'event')}, {count_noun(done.tickets, 'ticket')}"
    echo(f"{done.path} is restored from {backup}: {counts}.\nLast event {done.events}:{done.head}")
    for path in done.aside:
        echo(f"Moved aside: {path}")
    for line in _reused_reference_lines(done.again):
        echo(line)
    echo("Restart the consoles that were open.")


def _reused_reference_lines(again: range | None) -> Iterator[str]:
    """Yield a warning about references that were given after the backup and will be given again."""
    if again is None:
        yield (
            "Tickets logged after the backup, if any, cannot be listed; new tickets will get the same references."
            " Tell the customers."
        )
    elif again:
        from supportdesk.tickets import reference

        first, last = reference.make(again[0]), reference.make(again[-1])
        logged = f"{count_noun(len(again), 'ticket')} logged after the backup"
        yield (
            f"{logged}, {first if first == last else f'{first} to {last}'}: only in the file that was moved aside, and"
            " new tickets will get the same references. Log them again and tell the customers."
        )


def _confirm_loss(context: CliContext, backup: Path, loss: Loss) -> bool:
    """Ask whether to replace an intact desk. Raises BadRequestError without a terminal."""
    message = (
        f"The desk is intact and has {count_noun(loss.events, 'event')}; its last one is not in {backup}, which has"
        f" {count_noun(loss.backup, 'event')}."
    )
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadRequestError(f"{message} To replace it anyway, run this again with --yes.")
    return click.confirm(sanitize_line(f"{message} Replace it anyway?"), default=False)
