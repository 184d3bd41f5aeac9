"""Settles a message with the command on the ticket that it is for, in one transaction: both are written, or neither."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from supportdesk.desk_api import Applied
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.incoming_commands import SettleMessage
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskApi, Outcome, Transaction
    from supportdesk.tickets.incoming_message import IncomingMessage

_KEY = 8
"""How many digits of a message's key the event of a customer's message has, as the intake gives it."""


class _RefusedError(Exception):
    """One of both commands was refused, so that neither is written."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


def settle_on_ticket(
    desk: DeskApi,
    message: IncomingMessage,
    command: Log | AddCustomerMessage,
    *,
    by: str,
    command_id: str,
    begun: int | None = None,
) -> Outcome:
    """Carry out a command that makes a ticket of a message, or puts it on one, and settle the message. Blocks.

    Whatever is refused, nothing is written then. `by`, `command_id` and `begun` are those of `Commands.do`.
    """
    if isinstance(command, AddCustomerMessage):
        command = replace(command, mail=message.key[:_KEY])

    def write(transaction: Transaction) -> Applied:
        done = _carried_out(transaction(command, by=by, command_id=command_id, begun=begun))
        settle = _make_settlement(message, command, done.ref)
        settled = transaction(settle, by=by, command_id=f"{command_id} settle", begun=begun)
        return Applied(done.ref, _carried_out(settled).seq, done.repeated)

    try:
        return desk.transaction(write)
    except _RefusedError as error:
        return error.refusal


def _make_settlement(
    message: IncomingMessage, command: Log | AddCustomerMessage, ref: str | None
) -> SettleMessage:
    is_new = isinstance(command, Log)
    contact = None if isinstance(command, Log) and command.new_contact else command.contact or None
    state = MessageState.TICKET if is_new else MessageState.MESSAGE
    return SettleMessage(message.key, state.value, ref, contact=contact)


def _carried_out(outcome: Outcome) -> Applied:
    if isinstance(outcome, Refusal):
        raise _RefusedError(outcome)
    return outcome
