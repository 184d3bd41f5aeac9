"""`supportdesk explain`: how a clock's figure came about, span by span."""

from __future__ import annotations

import click

from supportdesk.cli.context import CliContext, pass_session
from supportdesk.cli.output import say
from supportdesk.cli.param_types import Reference, Word
from supportdesk.sla.clocks import Kind


@click.command()
@click.argument("ref", type=Reference())
@click.option("--clock", type=Word(Kind), help="Which one; both unless it is given.")
@pass_session
def explain(session: CliContext, ref: str, clock: str | None) -> None:
    """How the figures of a ticket's clocks came about, span by span."""
    kinds = [Kind(clock)] if clock else list(Kind)
    with session.desk() as door:
        say("\n\n".join(door.explain(ref, kind).text() for kind in kinds))
