"""The demo desk: filled once, and then kept."""

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
    """The demo, filled where it is not yet: what is asked of it is asked of the session that this returns."""
    address = desk_address.demo_address()
    fill_demo(context, address, DEMO_SEED, DEMO_TICKETS)
    return CliContext(address, context.username, context.clock, context.config)


def fill_demo(context: CliContext, address: str, seed: int, tickets: int) -> Summary:
    """Fill the demo desk at an address, unless it is filled already. Raises BadRequestError for another desk."""
    from supportdesk.demo.fill import NotADemonstrationError, fill

    with report_errors(), progress("Filling the desk") as told:
        try:
            return fill(
                address,
                now=context.clock.now().replace(microsecond=0),
                username=context.username,
                full_name=full_name(context.username),
                seed=seed,
                tickets=tickets,
                progress=told,
            )
        except NotADemonstrationError as error:
            raise BadRequestError(str(error)) from error
