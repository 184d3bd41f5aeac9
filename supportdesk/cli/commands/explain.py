"""`supportdesk explain`: how a clock's figure was calculated, and how a ticket escalates."""

from __future__ import annotations

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import echo
from supportdesk.cli.param_types import ChoiceParam, ReferenceParam
from supportdesk.sla.clocks import ClockKind


@click.command()
@click.argument("ref", type=ReferenceParam())
@click.option("--clock", type=ChoiceParam(ClockKind), help="One of the clocks; both by default.")
@click.option(
    "--escalations",
    is_flag=True,
    help="Who was alerted, who will be and when, as of now, and what was skipped.",
)
@pass_cli_context
def explain(context: CliContext, ref: str, clock: str | None, escalations: bool) -> None:
    """Explain how a ticket's clocks were calculated, span by span, or how it escalates."""
    if escalations:
        if clock is not None:
            raise BadRequestError("--escalations shows the steps of all clocks; leave out --clock.")
        _echo_escalations(context, ref)
        return
    kinds = [ClockKind(clock)] if clock else list(ClockKind)
    with context.desk() as desk:
        echo("\n\n".join(desk.explain(ref, kind).text() for kind in kinds))


def _echo_escalations(context: CliContext, ref: str) -> None:
    from supportdesk.cli.escalation_text import escalation_lines

    with context.desk() as desk:
        explanation, staff = desk.explain_escalation(ref), desk.roster().staff
    names = {person.username: person.name for person in staff}
    echo("\n".join(escalation_lines(explanation, lambda key: names.get(key, key))))
