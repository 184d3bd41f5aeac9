"""`supportdesk attachments`: the files of a ticket, those that arrived and those that went with replies."""

from __future__ import annotations

from collections.abc import Sequence

import click

from supportdesk.attachments.attachment import Attachment
from supportdesk.cli.attachment_options import (
    attachment_options,
    choose_saved,
    find_attachment,
    save_attachment,
)
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import echo, echo_error, echo_json
from supportdesk.cli.param_types import ReferenceParam, utc
from supportdesk.intake.mail.message_files import FilesOf, MessageFiles, read_content, read_files
from supportdesk.sla.formatting import date_time
from supportdesk.tickets.refusal import Refusal


@click.command()
@click.argument("ref", type=ReferenceParam())
@attachment_options
@pass_cli_context
def attachments(
    context: CliContext, /, ref: str, number: int | None, target: str | None, *, as_json: bool
) -> None:
    """List the files of a ticket, or save one: those of messages that arrived, and those that went with replies.

    What is saved is a new file that only you can read, and that cannot be executed: nothing is overwritten, and nothing
    is opened. The type of what arrived is told from its content, whatever its sender says that it is.
    """
    wanted = choose_saved(number, target)
    with context.desk() as desk:
        zone = desk.policies[desk.ticket(ref).row.policy].timezone
        found = read_files(desk, FilesOf(ref=ref))
        if isinstance(found, Refusal):
            raise BadRequestError(found.reason)
        listed = [(message, each) for message in found for each in message.attachments]
        if wanted is not None:
            message, chosen = find_attachment(listed, wanted.number, f"supportdesk attachments {ref}")
            content = read_content(desk, message, chosen)
            if isinstance(content, Refusal):
                raise BadRequestError(content.reason)
            save_attachment(chosen.name, content, wanted.target)
            return
    _echo_list(listed, zone, as_json=as_json)
    for each in found:
        if each.fault:
            echo_error(f"{each.who}, {date_time(each.at, zone)}: {each.fault}")


def _echo_list(listed: Sequence[tuple[MessageFiles, Attachment]], zone: str, *, as_json: bool) -> None:
    from supportdesk.cli.attachment_text import attachment_lines, attachment_to_json

    if as_json:
        echo_json(
            [
                {
                    **attachment_to_json(place, each),
                    "message": None if message.is_sent else message.key,
                    "sent": message.is_sent,
                    "from": message.who,
                    "at": utc(message.at),
                }
                for place, (message, each) in enumerate(listed, 1)
            ]
        )
        return
    said = [f"{message.who}, {date_time(message.at, zone)}." for message, _ in listed]
    nothing = "No message or reply on this ticket has an attachment."
    echo("\n".join(attachment_lines([each for _, each in listed], nothing, said)))
