"""`supportdesk restore`: replace a desk with a backup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError, report_errors
from supportdesk.cli.output import count_noun, echo, sanitize_line
from supportdesk.cli.param_types import ReferenceParam
from supportdesk.cli.streams import is_in_terminal

if TYPE_CHECKING:
    from supportdesk.store.backend import RestoreLoss, RestoreResult


@click.command()
@click.argument("backup", metavar="BACKUP", type=click.Path(path_type=Path))
@click.option(
    "--yes", is_flag=True, help="Replace an intact desk even if it has events that the backup lacks."
)
@click.option(
    "--last-reference",
    metavar="REF",
    type=ReferenceParam(),
    help="The last reference that was given out, if the damaged desk cannot tell: it is not given again.",
)
@pass_cli_context
def restore(context: CliContext, backup: Path, yes: bool, last_reference: str | None) -> None:
    """Replace the desk with a backup.

    Close all consoles first. The backup is copied and verified before anything is changed. Then the desk's file and
    its journals beside it (-journal, -wal, -shm) are moved aside, under names that are printed, and the copy takes
    their place. If anything fails, the old desk stays. The backup itself is not changed.

    References that were given after the backup are not given again, as far as the old file can still be read. Who was
    erased after the backup is named, as they are back with it: erase them again.
    """
    from supportdesk.store.database import restore as put_back
    from supportdesk.tickets import reference

    def confirm_loss(loss: RestoreLoss) -> bool:
        return yes or _confirm_loss(context, backup, loss)

    last_number = reference.number(last_reference) if last_reference is not None else None
    with report_errors():
        done = put_back(
            context.address,
            backup,
            at=context.clock.now(),
            confirm_loss=confirm_loss,
            last_number=last_number,
        )
    if done is None:
        raise BadRequestError("The desk was not replaced.")
    counts = f"{count_noun(done.events, 'event')}, {count_noun(done.tickets, 'ticket')}"
    echo(f"{done.path} is restored from {backup}: {counts}.\nLast event {done.events}:{done.head}")
    for path in done.aside:
        echo(f"Moved aside: {path}")
    for text in _references_texts(done):
        echo(text)
    for contact in done.returned:
        echo(contact.advice)
    echo("Restart the consoles that were open.")


def _references_texts(done: RestoreResult) -> Iterator[str]:
    """Yield which references are not given again, and from which on some may be."""
    from supportdesk.tickets import reference

    if done.skipped:
        first, last = reference.make(done.skipped[0]), reference.make(done.skipped[-1])
        count = count_noun(len(done.skipped), "reference")
        yield (
            f"{count} given after the backup, {first if first == last else f'{first} to {last}'}: not given again. Log"
            " these tickets again, and tell the customers their new references."
        )
    if done.at_risk is not None:
        which = "whether more tickets" if done.skipped else "which tickets"
        yield (
            f"The previous desk cannot tell {which} were logged after the backup. Their references, from"
            f" {reference.make(done.at_risk)} on, would be given again: if you know the last one, from a mail for"
            " example, restore again with --last-reference REF."
        )


def _confirm_loss(context: CliContext, backup: Path, loss: RestoreLoss) -> bool:
    """Ask whether to replace an intact desk. Raises BadRequestError without a terminal."""
    message = (
        f"The desk is intact and has {count_noun(loss.events, 'event')}; its last one is not in {backup}, which has"
        f" {count_noun(loss.backup, 'event')}."
    )
    if not is_in_terminal():
        raise BadRequestError(f"{message} To replace it anyway, run this again with --yes.")
    return click.confirm(sanitize_line(f"{message} Replace it anyway?"), default=False)
