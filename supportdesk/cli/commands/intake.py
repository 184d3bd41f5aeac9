"""`supportdesk intake`: what arrived by mail, and what became of it."""

from __future__ import annotations

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.output import echo, echo_json
from supportdesk.cli.param_types import ChoiceParam, ReferenceParam
from supportdesk.tickets.incoming_message import SETTLED, MessageState

_SHOWN = 100
"""How many messages are shown unless another number is given."""


@click.group()
def intake() -> None:
    """Show what arrived by mail, and settle what waits for a decision."""


@intake.command()
@click.option(
    "--state", type=ChoiceParam(MessageState), help="List the messages in this state, the newest first."
)
@click.option("--mailbox", metavar="NAME", help="Only what arrived in this mailbox.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=_SHOWN,
    show_default=True,
    help="The most messages that are listed.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@pass_cli_context
def status(
    context: CliContext, /, state: str | None, mailbox: str | None, limit: int, *, as_json: bool
) -> None:
    """Count the messages of each mailbox by what became of them; with --state, list them.

    A ticket was logged for a message, or it was added to one; it is a duplicate, a bounce or automatic mail, or was
    refused. What is in quarantine, or was set aside because it could not be read, waits for a decision. Every message
    is in one of these states, so that their sum is the number of messages that arrived.
    """
    from supportdesk.cli.incoming_text import message_lines, message_to_json, status_lines, status_to_json

    with context.desk() as desk:
        counts = {
            source: states for source, states in desk.count_incoming().items() if mailbox in (None, source)
        }
        wanted = MessageState(state) if state is not None else None
        messages = (
            desk.incoming_messages(state=wanted, source=mailbox, limit=limit) if wanted is not None else []
        )
        now = desk.now()
        zone = desk.policy_at(now).timezone
    if wanted is None:
        if as_json:
            echo_json(status_to_json(counts))
        else:
            echo("\n".join(status_lines(counts)))
    elif as_json:
        echo_json([message_to_json(each) for each in messages])
    else:
        count = sum(states.get(wanted, 0) for states in counts.values())
        echo("\n".join(message_lines(messages, count, zone, now)))


@intake.command()
@click.argument("key")
@click.option("--state", type=ChoiceParam(SETTLED), required=True, help="What became of it.")
@click.option(
    "--ticket", "ref", type=ReferenceParam(), help="The ticket that was logged for it, or that it is on."
)
@click.option(
    "--reason", default="", metavar="TEXT", help="Why, in a sentence; needed for one that is refused."
)
@pass_cli_context
def settle(context: CliContext, /, key: str, state: str, ref: str | None, reason: str) -> None:
    """Settle a message that is in quarantine, or was set aside because it could not be read. That is final.

    KEY is in the list that `supportdesk intake status --state quarantine` prints.
    """
    from supportdesk.cli.records import save_record
    from supportdesk.tickets.records.incoming_commands import SettleMessage

    save_record(context, lambda desk: SettleMessage(key, state, ref, reason))
    echo(f"Message {key} is settled: {state}{f', {ref}' if ref else ''}.")
