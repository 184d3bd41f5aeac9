"""`supportdesk call`: announce an incoming call; a softphone runs it."""

from __future__ import annotations

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError, FailureError
from supportdesk.cli.output import echo

_ANYWHERE = "GB"
"""The region for parsing; whether a text is a number does not depend on it."""

_WITHHELD = "anonymous"
"""What the console receives for a withheld number."""


@click.command()
@click.argument("number")
@click.option("--missed", is_flag=True, help="Record the call as missed: nobody answered it.")
@pass_cli_context
def call(context: CliContext, number: str, *, missed: bool) -> None:
    """Announce an incoming call in your open console.

    The console shows the caller without interrupting you; F4 answers. NUMBER may be in any format, a tel: or sip:
    address of a number, or "anonymous". A name may stand beside it, as in "Jo Park <+44 20 7946 0018>"; it is shown if
    nobody in the directory has the number. The exit code is 1 if you have no console open.

    With --missed, it is recorded on the desk instead, for everybody, and waits until somebody has called back.
    """
    from supportdesk.console.calls import softphone
    from supportdesk.tickets import telephone
    from supportdesk.tickets.typed_text import quoted

    found = telephone.parse(number, _ANYWHERE)
    if found is None and not telephone.is_withheld(number):
        raise BadRequestError(
            f"{quoted(number)} is not a telephone number; pass one such as +44 20 7946 0018,"
            ' sip:+442079460018@host or "Jo Park <+44 20 7946 0018>", or anonymous.'
        )
    if missed:
        from supportdesk.cli.voicemail_reading import record_missed_call

        echo(record_missed_call(context, number if found else "", telephone.name_beside(number)))
        return
    if context.explicit_address is not None:
        context.require_desk()
    caller = telephone.beside_name(found.text, telephone.name_beside(number)) if found else _WITHHELD
    consoles = softphone.notify_consoles(caller, softphone.socket_folders())
    if not consoles:
        raise FailureError("You have no console open: start one with `supportdesk` to see the next call.")
    echo(f"Shown in {'your console' if consoles == 1 else f'{consoles} of your consoles'}.")
