"""`supportdesk voicemail`: the voicemails and missed calls that wait, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.message_settlement import settle_message
from supportdesk.cli.options import option_for, read_text
from supportdesk.cli.output import echo, echo_json
from supportdesk.cli.param_types import ReferenceParam
from supportdesk.tickets.incoming_message import NOT_HEARD, MessageState
from supportdesk.tickets.process.customer_message import VOICEMAIL
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.typed_text import quoted

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskReader
    from supportdesk.tickets.incoming_message import IncomingMessage

_SHOWN = 100
_LOGGED = ("severity", "summary", "description")
"""The arguments of a request that are not known from the voicemail."""


@click.group()
def voicemail() -> None:
    """List voicemails and missed calls, and make a ticket or a message of each, or dismiss it.

    `supportdesk intake original KEY > FILE.wav` writes a recording to a file.
    """


@voicemail.command(name="list")
@click.option(
    "--limit", type=click.IntRange(min=1), default=_SHOWN, show_default=True, help="The most that are listed."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@pass_cli_context
def list_voicemails(context: CliContext, /, limit: int, *, as_json: bool) -> None:
    """List the voicemails and missed calls that wait, the oldest first."""
    from supportdesk.cli.incoming_text import message_to_json
    from supportdesk.cli.voicemail_text import voicemail_lines

    with context.desk() as desk:
        waiting, now = desk.waiting_voicemails(limit), desk.now()
        zone = desk.policy_at(now).timezone
        names = {
            each.contact: view.contact.name
            for each in waiting.messages
            if each.contact is not None and (view := desk.caller(each.contact)) is not None
        }
    if as_json:
        echo_json([message_to_json(each) for each in waiting.messages])
    else:
        echo("\n".join(voicemail_lines(waiting, names, zone, now)))


@voicemail.command()
@click.argument("key")
@pass_cli_context
def heard(context: CliContext, /, key: str) -> None:
    """Say that you have listened to a voicemail. It still waits for what becomes of it."""
    from supportdesk.cli.records import save_record
    from supportdesk.tickets.records.voicemail_commands import MarkHeard

    save_record(context, lambda desk: MarkHeard(key))
    echo(f"Voicemail {key} is marked as heard.")


@pass_cli_context
def _log(context: CliContext, /, key: str, contact: str | None, **given: Any) -> None:
    from supportdesk.cli.lookup import find_severity

    with context.desk() as desk:
        message, operator = _load(desk, key), context.operator(desk).username
        who = contact or message.contact
        view = desk.caller(who) if who is not None else None
        if view is None:
            raise BadRequestError(
                "Nobody in the directory has the caller's number; give --contact KEY, which `supportdesk contact list`"
                " shows, or add the caller with `supportdesk contact add`."
                if who is None
                else f"There is no contact {quoted(who)}; `supportdesk contact list` shows them."
            )
        command = Log(
            severity=find_severity(desk, given["severity"]),
            channel=VOICEMAIL,
            organisation=view.organisation.key,
            contact=view.contact.key,
            summary=given["summary"],
            description=read_text(given["description"]) if given["description"] else "",
            received_at=message.received_at,
        )
        ref = settle_message(desk, message, command, by=operator)
    echo(ref)


voicemail.add_command(
    click.Command(
        "log",
        callback=_log,
        params=[
            click.Argument(["key"]),
            click.Option(["--contact"], metavar="KEY", help="Who called, if nobody is found by the number."),
            *(option_for(each) for each in Log.arguments() if each.name in _LOGGED),
        ],
        help="Log a ticket from a voicemail or a missed call, and print its reference. Its clocks start at the first"
        " open second after the caller left it.",
    )
)


@voicemail.command()
@click.argument("key")
@click.option("--ticket", "ref", type=ReferenceParam(), required=True, help="The ticket that it is about.")
@click.option("--text", required=True, metavar="TEXT", help="What the caller said; - reads standard input.")
@pass_cli_context
def add(context: CliContext, /, key: str, ref: str, text: str) -> None:
    """Add a voicemail to a ticket, as what the customer said."""
    from supportdesk.tickets.process.customer_message import AddCustomerMessage

    with context.desk() as desk:
        message, operator = _load(desk, key), context.operator(desk).username
        command = AddCustomerMessage(
            ref, text=read_text(text), contact=message.contact or "", channel=VOICEMAIL
        )
        settle_message(desk, message, command, by=operator)
    echo(f"Voicemail {key} is on {ref} now.")


@voicemail.command()
@click.argument("key")
@click.option("--reason", required=True, metavar="TEXT", help="Why, in a sentence.")
@click.option("--not-heard", is_flag=True, help="Dismiss a recording although nobody has listened to it.")
@pass_cli_context
def dismiss(context: CliContext, /, key: str, reason: str, *, not_heard: bool) -> None:
    """Dismiss a voicemail or a missed call that needs no ticket. That is final."""
    from supportdesk.cli.records import save_record
    from supportdesk.tickets.records.incoming_commands import SettleMessage

    def make(desk: DeskReader) -> SettleMessage:
        if _load(desk, key).state in NOT_HEARD and not not_heard:
            raise BadRequestError(
                f"Nobody has listened to it: `supportdesk intake original {key} > FILE.wav` writes the recording and"
                f" `supportdesk voicemail heard {key}` says that you have; or add --not-heard."
            )
        return SettleMessage(key, MessageState.DISMISSED, reason=reason)

    save_record(context, make)
    echo(f"Voicemail {key} is dismissed.")


def _load(desk: DeskReader, key: str) -> IncomingMessage:
    message = desk.incoming_message(key)
    if message is None or message.voicemail is None:
        raise BadRequestError(
            f"There is no voicemail {quoted(key)}; `supportdesk voicemail list` shows them."
        )
    return message
