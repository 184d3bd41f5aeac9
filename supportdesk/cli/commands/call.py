"""`supportdesk call`: what a softphone runs when somebody rings."""

from __future__ import annotations

import click

from supportdesk.cli.errors import BadRequestError, FailureError
from supportdesk.cli.output import echo

_ANYWHERE = "GB"
"""Whether a text is a number does not depend on where it is dialled."""

_WITHHELD = "anonymous"
"""What the console is told of a caller who keeps the number back."""


@click.command()
@click.argument("number")
def call(number: str) -> None:
    """Offer an incoming call in the console that you have open.

    The console tells who rings and goes on with what you are doing; F4 answers. NUMBER may be written in any way, also
    as a tel: or sip: address, with a name beside it, or as "anonymous".
    The exit code is 1 where no console of yours is running.
    """
    from supportdesk.console.calls import softphone
    from supportdesk.tickets import telephone

    found = telephone.parse(number, _ANYWHERE)
    if found is None and not telephone.is_withheld(number):
        raise BadRequestError(f"{number[:40]!r} is not a telephone number.")
    heard = softphone.notify_consoles(found.text if found else _WITHHELD, softphone.socket_folders())
    if not heard:
        raise FailureError(
            "No console of yours is running: start one with `supportdesk`, and it offers the next call."
        )
    echo(f"Offered in {'your console' if heard == 1 else f'{heard} consoles of yours'}.")
