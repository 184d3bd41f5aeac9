"""`supportdesk wall`: show the desk on a wall screen."""

from __future__ import annotations

import sys

import click

from supportdesk.cli import desk_address
from supportdesk.cli.console import require_terminal
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.param_types import SecondsParam
from supportdesk.store.location import find_heartbeat

PAGES = ("now", "next", "desk", "month")


@click.command()
@click.option(
    "--every",
    type=SecondsParam(3, 3600),
    default=15,
    show_default=True,
    metavar="DURATION",
    help="How long each page is shown: 15 s, 2 min; seconds where no unit is typed.",
)
@click.option("--page", type=click.Choice(PAGES), help="Show only this page.")
@click.option(
    "--summaries",
    is_flag=True,
    help="Show the customer and summary of each ticket, if only staff can see the wall; the same as"
    " `summaries = true` under [wall] in the settings.",
)
@pass_cli_context
def wall(context: CliContext, every: int, page: str | None, summaries: bool) -> None:
    """Show the desk on a wall screen: breaches, what is due next, who is on call and the month. q quits.

    It is read-only, and anybody may run it. Pages change by themselves; a new breach is shown at once.
    """
    require_terminal()
    elsewhere = context.reading_address if context.reads_elsewhere else None
    connect, username = context.opener(elsewhere), context.username
    from supportdesk.console.wall.app import WallOptions, run
    from supportdesk.console.wall.snapshot import WallPage

    options = WallOptions(
        every, WallPage(page) if page else None, summaries, shows_event=elsewhere is not None
    )
    name, files = desk_address.name(context.address), context.settings_files
    heartbeat = find_heartbeat(context.address)
    code = run(connect, username=username, name=name, options=options, files=files, heartbeat=heartbeat)
    sys.exit(code)
