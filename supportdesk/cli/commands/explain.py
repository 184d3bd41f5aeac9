"""`supportdesk explain`: how a clock's figure was calculated, span by span."""

from __future__ import annotations

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.output import echo
from supportdesk.cli.param_types import ChoiceParam, ReferenceParam
from supportdesk.sla.clocks import ClockKind


@click.command()
@click.argument("ref", type=ReferenceParam())
@click.option("--clock", type=ChoiceParam(ClockKind), help="One of the clocks; both by default.")
@pass_cli_context
def explain(context: CliContext, ref: str, clock: str | None) -> None:
    """Explain how a ticket's clocks were calculated, span by span."""
    kinds = [ClockKind(clock)] if clock else list(ClockKind)
    with context.desk() as desk:
        echo("\n\n".join(desk.explain(ref, kind).text() for kind in kinds))
