"""`supportdesk demo`: a filled desk to look at."""

from __future__ import annotations

import click

from supportdesk.cli import place
from supportdesk.cli.console import open_console
from supportdesk.cli.faults import BadRequestError, faults_told
from supportdesk.cli.output import say
from supportdesk.cli.progress import progress
from supportdesk.cli.session import Session, full_name, pass_session


@click.command()
@click.option("--fill-only", is_flag=True, help="Fill the desk and do not open the console.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed is another history.")
@click.option(
    "--tickets",
    type=click.IntRange(1, 100_000),
    default=60,
    show_default=True,
    help="How many tickets are open in the end.",
)
@pass_session
def demo(session: Session, fill_only: bool, seed: int, tickets: int) -> None:
    """Fill a desk with a believable history and open it in the console.

    The demo has a desk of its own, which is kept; --db or SUPPORTDESK_DB names another. A desk that holds real tickets
    is refused. You are enrolled as a supervisor.
    """
    from supportdesk.demo.fill import NotADemonstrationError, fill

    address = session.named or place.demo_desk()
    with faults_told(), progress("Filling the desk") as told:
        try:
            summary = fill(
                address,
                now=session.clock.now().replace(microsecond=0),
                username=session.username,
                full_name=full_name(session.username),
                seed=seed,
                tickets=tickets,
                progress=told,
            )
        except NotADemonstrationError as error:
            raise BadRequestError(str(error)) from error
    done = "is as it was left" if summary.kept else f"is filled by {summary.commands:,} commands"
    say(
        f"The demo desk at {place.shown(address)} {done}: {summary.open_tickets:,} open, {summary.resolved:,} resolved,"
        f" {summary.closed:,} closed."
    )
    if not fill_only:
        open_console(Session(address, session.username, session.clock))
