"""`supportdesk replay`: a stretch of the past, played back in the console."""

from __future__ import annotations

from datetime import datetime

import click

from supportdesk.cli.console import open_replay
from supportdesk.cli.faults import BadRequestError
from supportdesk.cli.kinds import Instant
from supportdesk.cli.session import Session, pass_session


@click.command()
@click.option(
    "--from", "start", type=Instant(), help="Where it begins, such as 2016-03-01T08:00Z; the first request."
)
@click.option(
    "--speed", type=float, default=60.0, show_default=True, help="Seconds played back in each second."
)
@pass_session
def replay(session: Session, start: datetime | None, speed: float) -> None:
    """Play the past back in the console.

    Timers tick as they did; nothing can be changed there.

    Without --from it begins with the first request. Pause, step and speed are keys of the console.
    """
    if not speed > 0:
        raise BadRequestError(
            "A replay needs a speed above 0; pause it in the console to let time stand still."
        )
    open_replay(session, start, speed)
