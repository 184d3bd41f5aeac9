"""`supportdesk demo`: a desk with invented tickets to try out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from supportdesk.cli import desk_address
from supportdesk.cli.console import open_console
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.demo_desk import DEMO_SEED, DEMO_TICKETS, fill_demo
from supportdesk.cli.errors import BadRequestError, report_errors
from supportdesk.cli.output import echo
from supportdesk.cli.streams import is_in_terminal
from supportdesk.store.location import delete_files, find_file

if TYPE_CHECKING:
    from supportdesk.demo.fill import Summary

STALE_AFTER = timedelta(hours=18)
"""After this time most open tickets of a demo are overdue."""


@click.command()
@click.option("--fill-only", is_flag=True, help="Create the demo without opening the console.")
@click.option(
    "--seed",
    type=int,
    default=DEMO_SEED,
    show_default=True,
    help="A different seed gives a different history.",
)
@click.option(
    "--tickets",
    type=click.IntRange(1, 100_000),
    default=DEMO_TICKETS,
    show_default=True,
    help="Number of open tickets.",
)
@click.option("--fresh", is_flag=True, help="Delete the existing demo and create a new one.")
@pass_cli_context
def demo(context: CliContext, fill_only: bool, seed: int, tickets: int, fresh: bool) -> None:
    """Create a demo desk with a realistic history and open it in the console.

    The demo has its own desk, which stays between runs; --db or SUPPORTDESK_DB names another. A desk with real
    tickets is refused. You are a supervisor of the demo.

    While it is open, its customers write emails and leave voicemails: each time that it is opened, the next of both
    arrive within a minute and a half. They come by folders beside the desk; a desk on a server gets none. Emails need
    the extra `mail` (pip install 'supportdesk[mail]').
    """
    address = context.explicit_address or desk_address.demo_address()
    if fresh:
        _remove_demo(context, address)
    summary = fill_demo(context, address, seed, tickets)
    if summary.existed and not fill_only and _is_stale(context, summary) and _confirm_refill(summary):
        _remove_demo(context, address)
        summary = fill_demo(context, address, seed, tickets)
    done = "is as you left it" if summary.existed else f"was created with {summary.commands:,} commands"
    echo(
        f"The demo desk at {desk_address.display(address)} {done}: {summary.open_tickets:,} open,"
        f" {summary.resolved:,} resolved, {summary.closed:,} closed."
    )
    if not fill_only:
        open_console(CliContext(address, context.username, context.clock, context.config))


def _is_stale(context: CliContext, summary: Summary) -> bool:
    return context.clock.now() - summary.arrived_at > STALE_AFTER


def _confirm_refill(summary: Summary) -> bool:
    """Ask whether to replace an old demo; without a terminal, keep it."""
    if not is_in_terminal():
        return False
    age = f"The demo is from {summary.arrived_at:%A, %d %B}, and most of its open tickets are overdue by now."
    return click.confirm(f"{age} Create a new one? Your changes to this one will be lost.", default=True)


def _remove_demo(context: CliContext, address: str) -> None:
    """Delete the files of a demo. Raises BadRequestError for any other desk."""
    from supportdesk.demo.fill import is_demo
    from supportdesk.demo.intake_folders import remove_folders

    if not CliContext(address, context.username).exists:
        return
    with report_errors():
        if find_file(address) is None or not is_demo(address):
            raise BadRequestError(f"{desk_address.display(address)} is not a demo desk; it was not changed.")
        delete_files(address)
        remove_folders(address)
