"""Maps each command about a ticket to its form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from supportdesk.console.commands.batch_form import BatchForm
from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.commands.escalate_batch_form import EscalateBatchForm
from supportdesk.console.commands.escalate_form import EscalateForm
from supportdesk.console.commands.hand_over_form import HandOverForm
from supportdesk.console.commands.reply_form import ReplyForm
from supportdesk.console.commands.ticket_form import TicketForm
from supportdesk.console.commands.undo_batch_form import UndoBatchForm
from supportdesk.console.forms.context import CommandContext
from supportdesk.store.read_models import QueueRow, TicketView
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.process.assignment import HandOver
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.undo import Undo

CUSTOM_FORMS: dict[type[TicketCommand], Callable[[CommandContext, TicketView], TicketForm]] = {
    Escalate: EscalateForm,
    HandOver: HandOverForm,
    Reply: ReplyForm,
}


def form_for(command: type[TicketCommand], context: CommandContext, view: TicketView) -> TicketForm:
    """Return the form for a command: a custom one, or one built from its arguments."""
    own = CUSTOM_FORMS.get(command)
    return own(context, view) if own is not None else CommandForm(context, command, view)


def form_for_batch(
    command: type[TicketCommand], context: CommandContext, rows: Sequence[QueueRow]
) -> BatchForm:
    """Return the form for a command on several tickets."""
    own: dict[type[TicketCommand], type[BatchForm]] = {Escalate: EscalateBatchForm, Undo: UndoBatchForm}
    return own.get(command, BatchForm)(context, command, rows)
