"""`supportdesk verify` and `supportdesk backup`: the ledger can be trusted, and is not lost."""

from __future__ import annotations

import re
from pathlib import Path

import click

from supportdesk.cli.context import CliContext, pass_session
from supportdesk.cli.errors import FAILURE, BadRequestError
from supportdesk.cli.output import complain, counted, say


class _PointParam(click.ParamType[tuple[int, str]]):
    """An event of the ledger as `verify` prints it."""

    name = "SEQ:HASH"
    _FORM = re.compile(r"(?:Last event )?([0-9]{1,18}):([0-9a-fA-F]{64})")

    def convert(
        self, value: str | tuple[int, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, str]:
        """Return the event's number and its hash."""
        if isinstance(value, tuple):
            return value
        found = self._FORM.fullmatch(value.strip())
        if found is None:
            told = "give it as `supportdesk verify` prints it: a number, a colon and 64 digits of 0-9, a-f"
            self.fail(told, param, ctx)
        return int(found[1]), found[2].lower()


@click.command()
@click.option(
    "--expect",
    metavar="SEQ:HASH",
    type=_PointParam(),
    help="An event that was noted earlier or elsewhere, as this command and `backup` print it; the ledger has to"
    " contain it.",
)
@click.pass_context
@pass_session
def verify(session: CliContext, ctx: click.Context, /, expect: tuple[int, str] | None) -> None:
    """Prove the ledger whole, the tables true to it, and the file free of anything else.

    Every event is read and the whole history told again; the file, its schema and its indexes are checked. The exit
    code is 1 where something does not hold. Note the last event elsewhere, and give it with --expect the next time:
    what was cut off the end of a ledger, or a ledger that was rewritten, shows only beside an earlier note.
    """
    from supportdesk.store.verification.verifier import Point
    from supportdesk.store.verification.verifier import verify as prove

    with session.database() as database:
        found = prove(database, Point(*expect) if expect else None)
    for finding in found.findings:
        complain(f"{finding}.")
    if found.unlisted:
        complain(f"{counted(found.unlisted, 'finding')} more.")
    if not found.holds:
        from supportdesk.store.errors import DAMAGED

        complain(f"{database.path} {DAMAGED}")
        ctx.exit(FAILURE)
    say(
        f"The ledger holds: {counted(found.events, 'event')}, {counted(found.tickets, 'ticket')}."
        f"\nLast event {found.point}"
    )


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@pass_session
def backup(session: CliContext, path: Path) -> None:
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
    say(f"{copy.path} holds {counted(copy.events, 'event')} in {copy.size:,} bytes.")
    say(f"Last event {copy.events}:{copy.head}")
