"""`supportdesk explain`: how a clock's figure came about, span by span."""

from __future__ import annotations

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.output import echo
from supportdesk.cli.param_types import Choice, Reference
from supportdesk.sla.clocks import Kind


@click.command()
@click.argument("ref", type=Reference())
@click.option("--clock", type=Choice(Kind), help="Which one; both unless it is given.")
@pass_cli_context
def explain(context: CliContext, ref: str, clock: str | None) -> None:
    """How the figures of a ticket's clocks came about, span by span."""
    kinds = [Kind(clock)] if clock else list(Kind)
    with context.desk() as desk:
        echo("\n\n".join(desk.explain(ref, kind).text() for kind in kinds))
