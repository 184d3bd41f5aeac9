"""`supportdesk replay`: a stretch of the past, played back in the console."""

from __future__ import annotations

import math

import click

from supportdesk.cli.console import open_replay
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.param_types import IN_ZONE, PAST_EXAMPLES, Instant, TypedInstant
from supportdesk.tickets.time_input import Direction

FASTEST = 86_400.0
"""A day in a second."""


@click.command()
@click.option(
    "--from",
    "start",
    type=Instant(Direction.PAST),
    help=f"Where it begins, {PAST_EXAMPLES}, {IN_ZONE}; at the first request unless it is given.",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True, max=FASTEST),
    default=60.0,
    show_default=True,
    help="Seconds played back in each second.",
)
@pass_cli_context
def replay(context: CliContext, start: TypedInstant | None, speed: float) -> None:
    """Play the past back in the console.

    Timers tick as they did; nothing can be changed there. Pause, step and speed are keys of the console.
    """
    if math.isnan(speed):
        raise click.BadParameter("nan is no number", param_hint="--speed")
    open_replay(context, start, speed)
