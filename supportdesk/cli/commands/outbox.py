"""`supportdesk outbox`: what waits to be sent and what went out, and sending again what did not arrive."""

from __future__ import annotations

from string import hexdigits
from typing import TYPE_CHECKING

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import echo, echo_json

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskReader

_MOST = 10_000
"""How many messages are listed."""


@click.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="List what went out in the last 30 days as well.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.pass_context
def outbox(click_context: click.Context, everything: bool, as_json: bool) -> None:
    """List the pages, notices and mails that wait to be sent, what is held back until when, and what has failed.

    The watcher sends them. What is about a Critical is never held back.
    """
    if click_context.invoked_subcommand is None:
        _list(everything=everything, as_json=as_json)


@pass_cli_context
def _list(context: CliContext, /, *, everything: bool, as_json: bool) -> None:
    from supportdesk.cli.outbox_text import (
        MOST,
        delivery_lines,
        delivery_to_json,
        entry_to_json,
        outbox_lines,
    )

    with context.desk() as desk:
        now = desk.now()
        zone = desk.policy_at(now).timezone
        if everything:
            deliveries = desk.deliveries(limit=_MOST)
            found = [delivery_to_json(each) for each in deliveries] if as_json else []
            lines = delivery_lines(deliveries, desk.count_deliveries(), zone, now)
        else:
            entries = desk.outbox(MOST)
            found = [entry_to_json(each) for each in entries] if as_json else []
            lines = outbox_lines(entries, zone, now)
    if as_json:
        echo_json(found)
    else:
        echo("\n".join(lines))


@outbox.command()
@click.argument("message", metavar="ID")
@click.option(
    "--even-if-arrived", is_flag=True, help="Send it although it may have arrived, and would come twice."
)
@pass_cli_context
def retry(context: CliContext, /, message: str, *, even_if_arrived: bool) -> None:
    """Send a message again at once that failed, came back, or waits for another attempt.

    ID is what the list shows, or more of it, as `--json` does. The watcher sends the message within seconds.
    """
    from supportdesk.cli.records import save_record
    from supportdesk.tickets.process.retry import RetryDelivery

    save_record(context, lambda desk: RetryDelivery(_find_delivery(desk, message), even_if_arrived))
    echo("It is sent again as soon as a watcher finds it, within seconds.")


def _find_delivery(desk: DeskReader, typed: str) -> str:
    """Return the identity of the one message that begins as typed. Raises BadRequestError for none and for several."""
    from supportdesk.tickets.outbox.entry import SHORT_ID
    from supportdesk.tickets.typed_text import quoted

    beginning = typed.strip().lower()
    if len(beginning) < SHORT_ID:
        raise BadRequestError(
            f"Give at least the first {SHORT_ID} characters of a message's ID; `supportdesk outbox --all` shows them."
        )
    found = desk.find_deliveries(beginning) if set(beginning) <= set(hexdigits) else []
    if len(found) > 1:
        raise BadRequestError(
            f"{len(found)} messages begin with {quoted(typed)}; `supportdesk outbox --all --json` has the whole IDs."
        )
    if not found:
        raise BadRequestError(
            f"No message begins with {quoted(typed)}; `supportdesk outbox --all` shows those of the last 30 days."
        )
    return found[0]
