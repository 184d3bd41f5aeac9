"""Walk for some minutes: `python -m tests.walker --minutes 60`; a walk that failed is repeated by its `--seed`."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from random import SystemRandom

import click

from tests.walker.walk import Walk, WalkError


@click.command()
@click.option("--minutes", type=float, default=60.0, show_default=True, help="How long to walk.")
@click.option("--seed", type=int, help="Repeat the walk of this seed; without it a new one is printed.")
def main(minutes: float, seed: int | None) -> None:
    """Press random keys on every screen, and say after which steps the program ended."""
    os.environ["TERM"] = "xterm-256color"
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="walk-state-")
    walk = Walk(SystemRandom().randrange(1_000_000) if seed is None else seed)
    click.echo(f"seed {walk.seed}")
    end = time.monotonic() + 60 * minutes
    try:
        asyncio.run(walk.go_on(lambda: time.monotonic() > end))
    except WalkError as error:
        raise_with_steps(error)
    click.echo(f"{walk.steps:,} steps; the program kept running and the ledger holds")


def raise_with_steps(error: WalkError) -> None:
    """Print the steps and the cause, and end with exit code 1."""
    import traceback

    traceback.print_exception(error)
    sys.exit(1)


if __name__ == "__main__":
    main()
