"""Which form asks for a command about a ticket."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from supportdesk.console.commands.batch_form import BatchForm
from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.commands.escalate_batch_form import EscalateSeveral
from supportdesk.console.commands.escalate_form import EscalateScreen
from supportdesk.console.commands.hand_over_form import HandOverForm
from supportdesk.console.commands.ticket_form import TicketForm
from supportdesk.console.commands.undo_batch_form import UndoSeveral
from supportdesk.console.forms.context import Sitting
from supportdesk.store.read_models import QueueRow, TicketView
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.process.assignment import HandOver
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.undo import TakeBack

OF_THEIR_OWN: dict[type[TicketCommand], Callable[[Sitting, TicketView], TicketForm]] = {
    Escalate: EscalateScreen,
    HandOver: HandOverForm,
}


def form_for(command: type[TicketCommand], sitting: Sitting, view: TicketView) -> TicketForm:
    """The form for a command: one of its own, or one made from its arguments."""
    own = OF_THEIR_OWN.get(command)
    return own(sitting, view) if own is not None else CommandForm(sitting, command, view)


def form_for_several(command: type[TicketCommand], sitting: Sitting, rows: Sequence[QueueRow]) -> BatchForm:
    """The form for a command that is given to several tickets."""
    own: dict[type[TicketCommand], type[BatchForm]] = {Escalate: EscalateSeveral, TakeBack: UndoSeveral}
    return own.get(command, BatchForm)(sitting, command, rows)
