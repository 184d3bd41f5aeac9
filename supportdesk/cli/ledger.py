"""`supportdesk verify` and `supportdesk backup`: the ledger can be trusted, and is not lost."""

from __future__ import annotations

from pathlib import Path

import click

from supportdesk.cli.faults import FAILURE, BadRequestError
from supportdesk.cli.output import complain, counted, say
from supportdesk.cli.session import Session, pass_session


@click.command()
@click.pass_context
@pass_session
def verify(session: Session, ctx: click.Context, /) -> None:
    """Prove the ledger whole, and what is shown true to it.

    Every event is read and the whole history told again. The exit code is 1 where something does not hold. Note the
    hash of the last event elsewhere: what was cut off the end of a ledger shows only beside an earlier note.
    """
    from supportdesk.store.verify import verify as prove

    with session.database() as database:
        found = prove(database)
    if found.broken is not None:
        complain(f"The ledger is broken at event {found.broken.seq:,}: {found.broken.reason}.")
    for mismatch in found.mismatches:
        complain(f"{mismatch.table} {mismatch.key}: {mismatch.reason}.")
    if not found.holds:
        from supportdesk.store.errors import DAMAGED

        complain(f"{database.path} {DAMAGED}")
        ctx.exit(FAILURE)
    erased = f", {found.erased:,} of them erased" if found.erased else ""
    say(
        f"The ledger holds: {counted(found.events, 'event')}{erased}, {counted(found.tickets, 'ticket')}."
        f"\nLast event {found.head}"
    )


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@pass_session
def backup(session: Session, path: Path) -> None:
    """Copy the desk to a new file, while others work on it.

    The copy is read back before it gets its name. It is a desk of its own: see it with --db FILE.
    """
    from supportdesk.store.backup import back_up

    with session.database() as database:
        try:
            copy = back_up(database, path)
        except FileExistsError as error:
            told = f"{path} cannot be made: something is there already; give the name of a new file."
            raise BadRequestError(told) from error
    say(f"{copy.path} holds {counted(copy.events, 'event')} in {copy.size:,} bytes.\nLast event {copy.head}")
