"""Settles a message with the command on the ticket that it is for, in one transaction: both are written, or neither."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from msgspec import structs

from supportdesk.desk_api import Applied
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.incoming_commands import SettleMessage
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.console.session import Session
    from supportdesk.desk_api import DeskApi, Outcome, Transaction
    from supportdesk.tickets.command import Command
    from supportdesk.tickets.incoming_message import IncomingMessage

_KEY = 8
"""How many digits of a message's key the event of a customer's message has, as the intake gives it."""


class _RefusedError(Exception):
    """One of both commands was refused, so that neither is written."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


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
        if isinstance(command, AddCustomerMessage):
            command = replace(command, mail=self._message.key[:_KEY])
        carry_out = partial(self._carry_out, command, begun)
        send = partial(client.desk_client.send, command, carry_out, command_id)
        return await client.in_thread(send, command.verb, "command")

    def _carry_out(
        self, command: Log | AddCustomerMessage, begun: int | None, desk: DeskApi, command_id: str
    ) -> Outcome:
        """Carry out a command and settle the message. Blocks. Whatever is refused, nothing is written then."""
        by = self._client.desk_client.watch.username

        def write(transaction: Transaction) -> Applied:
            done = _carried_out(transaction(command, by=by, command_id=command_id, begun=begun))
            settle = self._settle(command, done.ref)
            settled = transaction(settle, by=by, command_id=f"{command_id} settle", begun=begun)
            return Applied(done.ref, _carried_out(settled).seq, done.repeated)

        try:
            return desk.transaction(write)
        except _RefusedError as error:
            return error.refusal

    def _settle(self, command: Log | AddCustomerMessage, ref: str | None) -> SettleMessage:
        is_new = isinstance(command, Log)
        contact = None if isinstance(command, Log) and command.new_contact else command.contact or None
        state = MessageState.TICKET if is_new else MessageState.MESSAGE
        return SettleMessage(self._message.key, state.value, ref, contact=contact)


def _carried_out(outcome: Outcome) -> Applied:
    if isinstance(outcome, Refusal):
        raise _RefusedError(outcome)
    return outcome
