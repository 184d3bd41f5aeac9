"""`supportdesk demo`: a filled desk to look at."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from supportdesk.cli import desk_address
from supportdesk.cli.console import open_console
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.demo_desk import DEMO_SEED, DEMO_TICKETS, fill_demo
from supportdesk.cli.errors import BadRequestError, report_errors
from supportdesk.cli.output import echo

if TYPE_CHECKING:
    from supportdesk.demo.fill import Summary

STALE_AFTER = timedelta(hours=18)
"""After this long a kept demo is of another day: most of what is open in it is late by now."""


@click.command()
@click.option("--fill-only", is_flag=True, help="Fill the desk and do not open the console.")
@click.option(
    "--seed", type=int, default=DEMO_SEED, show_default=True, help="Another seed is another history."
)
@click.option(
    "--tickets",
    type=click.IntRange(1, 100_000),
    default=DEMO_TICKETS,
    show_default=True,
    help="How many tickets are open in the end.",
)
@click.option("--fresh", is_flag=True, help="Throw the demo away that was kept, and fill another.")
@pass_cli_context
def demo(context: CliContext, fill_only: bool, seed: int, tickets: int, fresh: bool) -> None:
    """Fill a desk with a believable history and open it in the console.

    The demo has a desk of its own, which is kept; --db or SUPPORTDESK_DB names another. A desk that holds real tickets
    is refused. You are enrolled as a supervisor.
    """
    address = context.explicit_address or desk_address.demo_address()
    if fresh:
        _remove_demo(context, address)
    summary = fill_demo(context, address, seed, tickets)
    if summary.kept and not fill_only and _is_stale(context, summary) and _confirm_refill(summary):
        _remove_demo(context, address)
        summary = fill_demo(context, address, seed, tickets)
    done = "is as it was left" if summary.kept else f"is filled by {summary.commands:,} commands"
    echo(
        f"The demo desk at {desk_address.display(address)} {done}: {summary.open_tickets:,} open,"
        f" {summary.resolved:,} resolved, {summary.closed:,} closed."
    )
    if not fill_only:
        open_console(CliContext(address, context.username, context.clock, context.config))


def _is_stale(context: CliContext, summary: Summary) -> bool:
    return context.clock.now() - summary.arrived_at > STALE_AFTER


def _confirm_refill(summary: Summary) -> bool:
    """Asks whoever can be asked; a script keeps what it has."""
    if not _is_interactive():
        return False
    told = f"The demo is of {summary.arrived_at:%A, %d %B}, and most of what is open in it is late by now."
    return click.confirm(f"{told} Fill another? What was done in this one is lost.", default=True)


def _is_interactive() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _remove_demo(context: CliContext, address: str) -> None:
    """Removes a demo's file; raises BadRequestError for any other desk."""
    from supportdesk.demo.fill import is_demonstration

    file = desk_address.file_of(address)
    if not CliContext(address, context.username).exists:
        return
    with report_errors():
        if file is None or not is_demonstration(address):
            raise BadRequestError(f"{desk_address.display(address)} is no demo of ours; it is left alone.")
    file = file.expanduser()
    from supportdesk.store.sqlite.journal import beside

    # The file last: a journal that outlived it would stop the next demo from being made.
    for each in (*beside(file), file):
        each.unlink(missing_ok=True)
