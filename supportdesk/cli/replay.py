"""`supportdesk replay`: a stretch of the past, played back in the console."""

from __future__ import annotations

import math
from datetime import datetime

import click

from supportdesk.cli.console import open_replay
from supportdesk.cli.kinds import Instant
from supportdesk.cli.session import Session, pass_session

FASTEST = 86_400.0
"""A day in a second."""


@click.command()
@click.option(
    "--from",
    "start",
    type=Instant(),
    help="Where it begins, such as 2016-03-01T08:00Z; at the first request unless it is given. ISO 8601, in the"
    " policy's time zone unless it has an offset.",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True, max=FASTEST),
    default=60.0,
    show_default=True,
    help="Seconds played back in each second.",
)
@pass_session
def replay(session: Session, start: datetime | None, speed: float) -> None:
    """Play the past back in the console.

    Timers tick as they did; nothing can be changed there. Pause, step and speed are keys of the console.
    """
    if math.isnan(speed):
        raise click.BadParameter("nan is no number", param_hint="--speed")
    open_replay(session, start, speed)
