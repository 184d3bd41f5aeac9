"""`supportdesk replay`: play the past back in the console."""

from __future__ import annotations

import math

import click

from supportdesk.cli.console import open_replay
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.param_types import IN_ZONE, PAST_EXAMPLES, InstantParam, TypedInstant
from supportdesk.tickets.direction import Direction

FASTEST = 86_400.0
"""Seconds a second: one day."""


@click.command()
@click.option(
    "--from",
    "start",
    type=InstantParam(Direction.PAST),
    help=f"When to start, {PAST_EXAMPLES}, {IN_ZONE}; by default, at the first request.",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True, max=FASTEST),
    default=60.0,
    show_default=True,
    help="Playback speed: how many times faster than it happened.",
)
@pass_cli_context
def replay(context: CliContext, start: TypedInstant | None, speed: float) -> None:
    """Play the past back in the console.

    Timers run as they did, and nothing can be changed. Keys pause, step and set the speed.
    """
    if math.isnan(speed):
        raise click.BadParameter("nan is not a number", param_hint="--speed")
    open_replay(context, start, speed)
