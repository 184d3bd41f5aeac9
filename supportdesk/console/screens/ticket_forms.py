"""Which form asks for a command about a ticket."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from supportdesk.console.screens.batch_form import BatchForm
from supportdesk.console.screens.command_form import CommandForm
from supportdesk.console.screens.escalate import EscalateScreen
from supportdesk.console.screens.escalate_several import EscalateSeveral
from supportdesk.console.screens.hand_over import HandOverForm
from supportdesk.console.screens.ticket_form import TicketForm
from supportdesk.console.screens.undo_several import UndoSeveral
from supportdesk.console.sitting import Sitting
from supportdesk.store.views import QueueRow, TicketView
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
