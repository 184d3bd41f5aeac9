"""`supportdesk outbox`: what waits to be sent."""

from __future__ import annotations

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.outbox_text import entry_to_json, outbox_lines
from supportdesk.cli.output import echo, echo_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@pass_cli_context
def outbox(context: CliContext, as_json: bool) -> None:
    """List the pages and notices that wait to be sent, what is held back until when, and what has failed.

    The watcher sends them. What is about a Critical is never held back.
    """
    with context.desk() as desk:
        entries, now = desk.outbox(), desk.now()
        zone = desk.policy_at(now).timezone
    if as_json:
        echo_json([entry_to_json(entry) for entry in entries])
    else:
        echo("\n".join(outbox_lines(entries, zone, now)))
