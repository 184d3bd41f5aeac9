"""`supportdesk open`: open the console at a ticket."""

from __future__ import annotations

import click

from supportdesk.cli.console import open_console
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.param_types import ReferenceParam


@click.command("open")
@click.argument("ref", metavar="REF", type=ReferenceParam())
@pass_cli_context
def open_ticket(context: CliContext, ref: str) -> None:
    """Open the console at a ticket."""
    open_console(context, open_first=ref)
