"""The demo desk: created once, and used again by later runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.cli import desk_address
from supportdesk.cli.context import CliContext, full_name
from supportdesk.cli.errors import BadRequestError, report_errors
from supportdesk.cli.progress import progress

if TYPE_CHECKING:
    from supportdesk.demo.fill import Summary

DEMO_SEED, DEMO_TICKETS = 1, 60


def prepare_demo_desk(context: CliContext) -> CliContext:
    """Create the demo desk where there is none, and return the context that uses it."""
    address = desk_address.demo_address()
    fill_demo(context, address, DEMO_SEED, DEMO_TICKETS)
    return CliContext(address, context.username, context.clock, context.config)


def fill_demo(context: CliContext, address: str, seed: int, tickets: int) -> Summary:
    """Create the demo at an address, unless it is there already, and the folders of what arrives there beside it.

    Raises BadRequestError for a real desk.
    """
    from supportdesk.demo.fill import NotADemoError, fill_demo_desk
    from supportdesk.demo.intake_folders import make_folders

    with report_errors(), progress("Creating the demo") as report_progress:
        try:
            summary = fill_demo_desk(
                address,
                now=context.clock.now().replace(microsecond=0),
                username=context.username,
                full_name=full_name(context.username),
                seed=seed,
                tickets=tickets,
                progress=report_progress,
            )
        except NotADemoError as error:
            raise BadRequestError(str(error)) from error
        make_folders(address, is_new=not summary.existed)
        return summary
