"""`supportdesk verify`: check the ledger, the tables and the file."""

from __future__ import annotations

import re

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import FAILURE
from supportdesk.cli.output import count_noun, echo, echo_error


class _PointParam(click.ParamType[tuple[int, str]]):
    """An event of the ledger as `verify` prints it: its number and hash."""

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
            form = "give it as `supportdesk verify` prints it: a number, a colon and 64 hexadecimal digits"
            self.fail(form, param, ctx)
        return int(found[1]), found[2].lower()


@click.command()
@click.option(
    "--expect",
    metavar="SEQ:HASH",
    type=_PointParam(),
    help="An event noted earlier, as this command and `backup` print it; the ledger must contain it.",
)
@click.pass_context
@pass_cli_context
def verify(context: CliContext, ctx: click.Context, /, expect: tuple[int, str] | None) -> None:
    """Check that the ledger is intact and that the tables match it.

    Every event is read and replayed, and the file, its schema and its indexes are checked. The exit code is 1 if
    anything is wrong. Keep a note of the last event elsewhere and give it with --expect next time: only such a note
    shows that a ledger was cut short or rewritten.
    """
    from supportdesk.store.verification.verify import Point
    from supportdesk.store.verification.verify import verify as prove

    with context.database() as database:
        found = prove(database, Point(*expect) if expect else None)
    for finding in found.findings:
        echo_error(f"{finding}.")
    if found.unlisted:
        echo_error(f"{count_noun(found.unlisted, 'finding')} more.")
    if not found.is_intact:
        from supportdesk.store.errors import DAMAGED

        echo_error(f"{database.location} {DAMAGED}")
        ctx.exit(FAILURE)
    echo(
        f"The ledger is intact: {count_noun(found.events, 'event')}, {count_noun(found.tickets, 'ticket')}."
        f"\nLast event {found.point}"
    )
