"""The context of a form about a message: what it sends settles the message as well."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import structs

from supportdesk.intake.settlement import settle_on_ticket
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.process.triage import Log

if TYPE_CHECKING:
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.console.session import Session
    from supportdesk.desk_api import DeskApi, Outcome
    from supportdesk.tickets.command import Command
    from supportdesk.tickets.incoming_message import IncomingMessage


class MessageSettlement:
    """The decision on one message that waits, made in a form."""

    def __init__(self, client: ScreenClient, message: IncomingMessage) -> None:
        self._client = client
        self._message = message

    def context_for(self, session: Session) -> CommandContext:
        """Return the context for a form whose command settles the message as well."""
        context = self._client.context_for(session)
        return structs.replace(context, submit=partial(self._submit, begun=context.begun))

    async def _submit(self, command: Command, command_id: str | None = None, *, begun: int | None) -> Outcome:
        """Send a command; one that makes a ticket of the message, or puts it on one, settles it in the same moment."""
        client = self._client
        if not isinstance(command, Log | AddCustomerMessage):
            return await client.submit(command, command_id, begun=begun)
        by = client.desk_client.watch.username

        def carry_out(desk: DeskApi, sent_id: str) -> Outcome:
            return settle_on_ticket(desk, self._message, command, by=by, command_id=sent_id, begun=begun)

        send = partial(client.desk_client.send, command, carry_out, command_id)
        return await client.in_thread(send, command.verb, "command")
